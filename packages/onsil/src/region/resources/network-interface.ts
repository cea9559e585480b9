import { macAddressOf } from '../allocate.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { ipv6AddressesOf, privateIpsOf } from './interface-addresses.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { findGroup } from './security-group-rule.ts';

/** An interface, an instance and a launch template name the same thing differently. */
const GROUP_PROPERTIES = ['GroupSet', 'Groups', 'SecurityGroupIds', 'SecurityGroups'];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkinterface.html */
export const networkInterface: ResourceType = {
  type: 'AWS::EC2::NetworkInterface',
  properties: {
    real: [
      'Description',
      'GroupSet',
      'Ipv6AddressCount',
      'Ipv6Addresses',
      'PrivateIpAddress',
      'PrivateIpAddresses',
      'SecondaryPrivateIpAddressCount',
      'SourceDestCheck',
      'SubnetId',
      'Tags',
    ],
    recorded: ['InterfaceType'],
  },
  create(region, properties, context) {
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const made = interfaceOf(region, properties, subnet, idOf(context, 'eni'));
    properties.ignore('InterfaceType');
    properties.check();
    const [primary = '', ...secondary] = made.privateIps;
    return {
      region: put(region, 'networkInterfaces', made.id, made),
      physicalId: made.id,
      attributes: {
        Id: made.id,
        PrimaryPrivateIpAddress: primary,
        SecondaryPrivateIpAddresses: secondary,
        VpcId: made.vpcId,
      },
    };
  },
};

/** The interface that the properties describe, also inline in an instance. Fails if it cannot be. */
export function interfaceOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  id: string,
): NetworkInterface {
  const groups = groupIdsOf(region, properties, subnet.vpcId, GROUP_PROPERTIES);
  const sourceDestCheck = properties.boolean('SourceDestCheck') ?? true;
  const description = properties.text('Description') ?? '';
  const tags = properties.tags();
  return {
    id,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIps: privateIpsOf(region, properties, subnet, id),
    ipv6Addresses: ipv6AddressesOf(region, properties, subnet, id),
    securityGroupIds: groups,
    sourceDestCheck,
    macAddress: macAddressOf(id),
    description,
    tags,
  };
}

/** The groups that the properties name, by id; the default group of the VPC where they name none. */
export function groupIdsOf(
  region: Region,
  properties: Properties,
  vpcId: string,
  names: readonly string[],
): readonly string[] {
  const ids = names.flatMap((name) =>
    properties.texts(name).flatMap((idOrName, index) => {
      const group = findGroup(region, vpcId, idOrName);
      if (group?.vpcId === vpcId) return [group.id];
      const where =
        group === undefined ? 'no security group' : `a security group of ${group.vpcId}`;
      const message = `"${idOrName}" is ${where}; the subnet is in ${vpcId}.`;
      properties.report(`${name}[${index}]`, message);
      return [];
    }),
  );
  const fallback = region.vpcs[vpcId]?.defaultSecurityGroupId;
  return ids.length === 0 && fallback !== undefined ? [fallback] : [...new Set(ids)];
}
