import { allocatePublicIp } from '../allocate.ts';
import type { ElasticIp } from '../elastic-ip.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-eip.html */
export const elasticIp: ResourceType = {
  type: 'AWS::EC2::EIP',
  properties: {
    real: ['InstanceId', 'Tags'],
    recorded: ['Domain', 'NetworkBorderGroup', 'PublicIpv4Pool'],
  },
  create(region, properties, context) {
    const id = idOf(context, 'eipalloc');
    const tags = properties.tags();
    properties.ignore('Domain', 'PublicIpv4Pool', 'NetworkBorderGroup');
    const publicIp = allocatePublicIp(region, id);
    if (publicIp === undefined) return properties.fail('', 'No public address is left.');
    const made: ElasticIp = { id, publicIp, tags };
    const withAddress = put(region, 'elasticIps', id, made);
    const associated = properties.has('InstanceId')
      ? associate(withAddress, properties, made, primaryOf(region, properties), context)
      : withAddress;
    properties.check();
    return {
      region: associated,
      physicalId: publicIp,
      attributes: { AllocationId: id, PublicIp: publicIp },
    };
  },
};

/** The primary interface of the instance that `InstanceId` names. */
export function primaryOf(region: Region, properties: Properties): NetworkInterface {
  const instance = properties.reference('InstanceId', region.instances, 'instance');
  const primary = region.networkInterfaces[instance.networkInterfaceIds[0] ?? ''];
  return primary ?? properties.fail('InstanceId', `${instance.id} has no network interface.`);
}

/** The region with the address in front of a private address of the interface. */
export function associate(
  region: Region,
  properties: Properties,
  elasticIp: ElasticIp,
  { id, privateIps }: NetworkInterface,
  context: ResourceContext,
): Region {
  const [primary = ''] = privateIps;
  const privateIp = properties.text('PrivateIpAddress') ?? primary;
  if (!privateIps.includes(privateIp)) {
    const message = `"${privateIp}" is not an address of ${id}; it has ${privateIps.join(', ')}.`;
    properties.fail('PrivateIpAddress', message);
  }
  if (elasticIp.association !== undefined) {
    const { networkInterfaceId } = elasticIp.association;
    properties.fail('', `${elasticIp.publicIp} is already associated with ${networkInterfaceId}.`);
  }
  const other = Object.values(region.elasticIps).find(
    ({ association }) =>
      association?.networkInterfaceId === id && association.privateIp === privateIp,
  );
  if (other !== undefined) {
    properties.fail('', `${privateIp} of ${id} already has the Elastic IP ${other.publicIp}.`);
  }
  properties.check();
  return put(region, 'elasticIps', elasticIp.id, {
    ...elasticIp,
    association: { id: idOf(context, 'eipassoc'), networkInterfaceId: id, privateIp },
  });
}
