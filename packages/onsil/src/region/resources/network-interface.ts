import { allocatePrivateIp, isReserved, macAddressOf, privateIpsIn } from '../allocate.ts';
import { contains, parseAddress } from '../ipv4.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { findGroup } from './security-group-rule.ts';

/** An interface, an instance and a launch template name the same thing differently. */
const GROUP_PROPERTIES = ['GroupSet', 'Groups', 'SecurityGroupIds', 'SecurityGroups'];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkinterface.html */
export const networkInterface: ResourceType = {
  type: 'AWS::EC2::NetworkInterface',
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
  const groups = groupIdsOf(region, properties, subnet, GROUP_PROPERTIES);
  const sourceDestCheck = properties.boolean('SourceDestCheck') ?? true;
  const description = properties.text('Description') ?? '';
  const tags = properties.tags();
  return {
    id,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIps: privateIpsOf(region, properties, subnet, id),
    ipv6Addresses: [],
    securityGroupIds: groups,
    sourceDestCheck,
    macAddress: macAddressOf(id),
    description,
    tags,
  };
}

/** The groups that the properties name, by id; the default group of the VPC where they name none. */
function groupIdsOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  names: readonly string[],
): readonly string[] {
  const ids = names.flatMap((name) =>
    properties.texts(name).flatMap((idOrName, index) => {
      const group = findGroup(region, subnet.vpcId, idOrName);
      if (group?.vpcId === subnet.vpcId) return [group.id];
      const where =
        group === undefined ? 'no security group' : `a security group of ${group.vpcId}`;
      const message = `"${idOrName}" is ${where}; the subnet is in ${subnet.vpcId}.`;
      properties.report(`${name}[${index}]`, message);
      return [];
    }),
  );
  const fallback = region.vpcs[subnet.vpcId]?.defaultSecurityGroupId;
  return ids.length === 0 && fallback !== undefined ? [fallback] : [...new Set(ids)];
}

function privateIpsOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  id: string,
): readonly string[] {
  const single = properties.text('PrivateIpAddress');
  const several = properties.groups('PrivateIpAddresses').map((item) => ({
    primary: item.boolean('Primary') ?? false,
    address: item.requiredText('PrivateIpAddress'),
  }));
  const explicit = [
    ...(single === undefined ? [] : [single]),
    ...several.filter(({ primary }) => primary).map(({ address }) => address),
    ...several.filter(({ primary }) => !primary).map(({ address }) => address),
  ];
  const count = properties.number('SecondaryPrivateIpAddressCount') ?? 0;
  const taken = new Set(privateIpsIn(region, subnet.id));
  for (const address of explicit) {
    checkAddress(properties, subnet, address, taken);
    taken.add(address);
  }
  properties.check();
  return withDrawn(region, properties, subnet, explicit, Math.max(explicit.length, 1) + count, id);
}

function checkAddress(
  properties: Properties,
  subnet: Subnet,
  address: string,
  taken: ReadonlySet<string>,
): void {
  const report = (what: string) => properties.report('PrivateIpAddress', `"${address}" ${what}`);
  if (parseAddress(address) === undefined) report('is not an IPv4 address.');
  else if (!contains(subnet.cidr, address)) {
    report(`is not inside ${subnet.cidr}, the block of ${subnet.id}.`);
  } else if (isReserved(subnet, address)) {
    report(`is reserved: AWS keeps the first four and the last address of ${subnet.cidr}.`);
  } else if (taken.has(address)) report(`is already in use in ${subnet.id}.`);
}

/** Fills up with drawn addresses until there are `count`. */
function withDrawn(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  explicit: readonly string[],
  count: number,
  id: string,
): readonly string[] {
  const addresses = [...explicit];
  while (addresses.length < count) {
    // The interface as far as it is known keeps the next draw from giving the same address.
    const soFar = put(region, 'networkInterfaces', id, {
      id,
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      privateIps: addresses,
      ipv6Addresses: [],
      securityGroupIds: [],
      sourceDestCheck: true,
      macAddress: '',
      description: '',
      tags: {},
    });
    const seed = addresses.length === 0 ? id : `${id} ${addresses.length}`;
    const address = allocatePrivateIp(soFar, subnet, seed);
    if (address === undefined) {
      return properties.fail('SubnetId', `${subnet.id} (${subnet.cidr}) has no free address left.`);
    }
    addresses.push(address);
  }
  return addresses;
}
