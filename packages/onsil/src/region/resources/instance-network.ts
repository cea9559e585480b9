/** The network interfaces of an instance: existing ones, inline ones, or the one that its short properties describe. */
import { allocatePublicIp } from '../allocate.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import { subnetOrDefault } from './default-vpc.ts';
import { interfaceOf } from './network-interface.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceContext } from './resource-type.ts';

export interface InstanceNetwork {
  readonly region: Region;
  readonly networkInterfaceIds: readonly string[];
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly privateIp: string;
  /** Empty where it has none. */
  readonly publicIp: string;
}

export function attachInterfaces(
  region: Region,
  properties: Properties,
  instanceId: string,
  context: ResourceContext,
): InstanceNetwork {
  const entries = properties.groups('NetworkInterfaces');
  const wanted = entries.length === 0 ? [properties] : entries;
  let next = region;
  const attached: NetworkInterface[] = [];
  for (const [position, entry] of wanted.entries()) {
    const deviceIndex = entry.number('DeviceIndex') ?? position;
    entry.ignore('DeleteOnTermination', 'InterfaceType', 'NetworkCardIndex', 'DeviceIndex');
    const twin = attached.find((other) => other.attachment?.deviceIndex === deviceIndex);
    if (twin !== undefined) entry.report('DeviceIndex', `${twin.id} already has ${deviceIndex}.`);
    const made = entry.has('NetworkInterfaceId')
      ? existing(next, entry)
      : inline(next, properties, entry, deviceIndex, context);
    const networkInterface = { ...made, attachment: { instanceId, deviceIndex } };
    next = put(next, 'networkInterfaces', made.id, networkInterface);
    attached.push(networkInterface);
  }
  attached.sort((a, b) => (a.attachment?.deviceIndex ?? 0) - (b.attachment?.deviceIndex ?? 0));
  const primary = withSourceDestCheck(properties, attached[0]);
  const subnet = region.subnets[primary?.subnetId ?? ''];
  if (primary === undefined || subnet === undefined || primary.attachment?.deviceIndex !== 0) {
    return properties.fail(
      'NetworkInterfaces',
      'The instance has no interface with DeviceIndex 0.',
    );
  }
  return {
    region: put(next, 'networkInterfaces', primary.id, primary),
    networkInterfaceIds: attached.map(({ id }) => id),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    privateIp: primary.privateIps[0] ?? '',
    publicIp: primary.publicIp ?? elasticIpOf(region, primary) ?? '',
  };
}

/** The property of the instance stands for its primary interface. */
function withSourceDestCheck(
  properties: Properties,
  primary: NetworkInterface | undefined,
): NetworkInterface | undefined {
  const sourceDestCheck = properties.boolean('SourceDestCheck');
  if (primary === undefined || sourceDestCheck === undefined) return primary;
  return { ...primary, sourceDestCheck };
}

function existing(region: Region, entry: Properties): NetworkInterface {
  const found = entry.reference(
    'NetworkInterfaceId',
    region.networkInterfaces,
    'network interface',
  );
  if (found.attachment !== undefined) {
    const message = `${found.id} is already attached to ${found.attachment.instanceId}.`;
    entry.fail('NetworkInterfaceId', message);
  }
  return found;
}

function inline(
  region: Region,
  properties: Properties,
  entry: Properties,
  deviceIndex: number,
  context: ResourceContext,
): NetworkInterface {
  const subnet = subnetOrDefault(region, entry.has('SubnetId') ? entry : properties, 'instance');
  const id = idOf(context, 'eni', String(deviceIndex));
  // Tags of the instance are not tags of its interface; groups by name are old-style.
  const made = interfaceOf(region, entry, subnet, id);
  const own = entry === properties ? { ...made, tags: {} } : made;
  const wantsPublic = entry.boolean('AssociatePublicIpAddress') ?? subnet.mapPublicIpOnLaunch;
  if (!wantsPublic || deviceIndex !== 0) return own;
  const publicIp = allocatePublicIp(region, id);
  if (publicIp === undefined) return entry.fail('', 'No public address is left.');
  return { ...own, publicIp };
}

function elasticIpOf(region: Region, { id, privateIps }: NetworkInterface): string | undefined {
  return Object.values(region.elasticIps).find(
    ({ association }) =>
      association?.networkInterfaceId === id && association.privateIp === privateIps[0],
  )?.publicIp;
}
