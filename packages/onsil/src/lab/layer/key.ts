/**
 * What the result of an instance's first boot depends on. Two boots with equal keys would end
 * with equal disks, so the second one may start from the layer of the first.
 */
import { createHash } from 'node:crypto';
import type { Instance } from '../../region/instance.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';

/** Raise when a change of the lab makes older layers unfit. */
const FORMAT = 1;

export interface LayerInputs {
  readonly imageKey: string;
  readonly region: Region;
  readonly instance: Instance;
  /** What the instance can read from parameters and objects: names and digests. */
  readonly readable: readonly string[];
}

/** Names the layer of an instance. */
export function layerKey({ imageKey, region, instance, readable }: LayerInputs): string {
  const interfaces = instance.networkInterfaceIds.map((id) => region.networkInterfaces[id]);
  const volumes = Object.values(region.volumes).filter(
    (volume) => volume.attachment?.instanceId === instance.id,
  );
  const elasticIps = Object.values(region.elasticIps).filter((elasticIp) =>
    instance.networkInterfaceIds.includes(elasticIp.association?.networkInterfaceId ?? ''),
  );
  const profile = region.instanceProfiles[instance.instanceProfileName ?? ''];
  // Not the tags: a machine does not see them.
  const { tags: _tags, ...visible } = instance;
  const known = {
    FORMAT,
    imageKey,
    instance: visible,
    interfaces: interfaces.map(visibleOf),
    volumes,
    elasticIps,
    keyPair: Object.values(region.keyPairs).find((pair) => pair.name === instance.keyName),
    role: region.roles[profile?.roleName ?? ''],
    // The metadata service shows these.
    vpc: region.vpcs[instance.vpcId]?.cidrs,
    subnets: interfaces.map((each) => region.subnets[each?.subnetId ?? '']?.cidr),
    groups: interfaces.flatMap((each) =>
      (each?.securityGroupIds ?? []).map((id) => region.securityGroups[id]?.name),
    ),
    // A set-up may look names up, and its result may hold them.
    zones: Object.values(region.hostedZones),
    readable: readable.toSorted(),
  };
  return createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, 24);
}

/** Without IPv6 as it was before there was any: layers of that time still fit. */
function visibleOf(networkInterface: NetworkInterface | undefined) {
  if (networkInterface === undefined) return undefined;
  const { ipv6Addresses, ...visible } = networkInterface;
  return ipv6Addresses.length === 0 ? visible : networkInterface;
}
