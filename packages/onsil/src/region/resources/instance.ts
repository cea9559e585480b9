import { put, type Region } from '../region.ts';
import { attachInterfaces } from './instance-network.ts';
import { basicsOf, REAL_PROPERTIES, WITHOUT_EFFECT } from './instance-properties.ts';
import { attachVolumes } from './instance-volumes.ts';
import { withLaunchTemplate } from './launch-template.ts';
import type { Properties } from './properties.ts';
import { type Created, idOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html */
export const instance: ResourceType = {
  type: 'AWS::EC2::Instance',
  properties: {
    real: ['LaunchTemplate', ...REAL_PROPERTIES],
    recorded: WITHOUT_EFFECT,
  },
  create(region, given, context) {
    return makeInstance(region, withLaunchTemplate(region, given), context);
  },
};

/** @param launched the name that an Auto Scaling group gives it, and the group's own */
export function makeInstance(
  region: Region,
  properties: Properties,
  context: ResourceContext,
  launched?: { readonly name: string; readonly of: string },
): Created {
  const id = idOf(context, 'i');
  const basics = basicsOf(region, properties);
  const network = attachInterfaces(region, properties, id, context);
  const { zone, vpcId, privateIp, publicIp } = network;
  if (properties.has('AvailabilityZone') && properties.text('AvailabilityZone') !== zone) {
    const message = `"${properties.text('AvailabilityZone')}" is not the zone of the subnet: ${zone}.`;
    properties.report('AvailabilityZone', message);
  }
  const volumes = attachVolumes(network.region, properties, id, zone, context);
  properties.check();

  const privateDnsName = dnsNameOf('ip', privateIp, context.regionName);
  const hasPublicName = publicIp !== '' && region.vpcs[vpcId]?.dnsHostnames === true;
  const made = {
    id,
    name: nameOf(region, properties, launched?.name ?? basics.tags['Name'], context),
    logicalId: context.logicalId,
    ...basics,
    zone,
    subnetId: network.subnetId,
    vpcId,
    networkInterfaceIds: network.networkInterfaceIds,
    privateDnsName,
    rootVolumeId: volumes.rootVolumeId,
    ...(launched === undefined ? {} : { autoScalingGroupName: launched.of }),
  };
  return {
    region: put(volumes.region, 'instances', id, made),
    physicalId: id,
    attributes: {
      InstanceId: id,
      AvailabilityZone: zone,
      PrivateIp: privateIp,
      PublicIp: publicIp,
      PrivateDnsName: privateDnsName,
      PublicDnsName: hasPublicName ? dnsNameOf('ec2', publicIp, context.regionName) : '',
      VpcId: vpcId,
    },
  };
}

function nameOf(
  region: Region,
  properties: Properties,
  tag: string | undefined,
  { logicalId, stackName }: ResourceContext,
): string {
  const isFree = (name: string) =>
    Object.values(region.instances).every((instance) => instance.name !== name);
  const wanted = tag === undefined || tag === '' ? logicalId : tag;
  if (isFree(wanted)) return wanted;
  const candidates = [`${wanted}-${logicalId}`, `${wanted}-${stackName}-${logicalId}`];
  const name = candidates.find(isFree) ?? `${wanted}-${stackName}-${logicalId}-2`;
  properties.warn(
    'Tags',
    `There is already an instance "${wanted}": this one is called "${name}".`,
    'Give each instance a Name tag of its own.',
  );
  return name;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-naming.html */
function dnsNameOf(kind: 'ip' | 'ec2', address: string, regionName: string): string {
  const host = `${kind}-${address.replaceAll('.', '-')}`;
  if (kind === 'ip') {
    const zone = regionName === 'us-east-1' ? 'ec2.internal' : `${regionName}.compute.internal`;
    return `${host}.${zone}`;
  }
  const zone = regionName === 'us-east-1' ? 'compute-1' : `${regionName}.compute`;
  return `${host}.${zone}.amazonaws.com`;
}
