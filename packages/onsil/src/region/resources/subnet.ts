import { contains, overlaps, parseBlock } from '../ipv4.ts';
import { contains6, overlaps6, parseBlock6 } from '../ipv6.ts';
import { list } from '../problem.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import { ipv4BlockOf, ipv6BlockOf } from './block.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnet.html */
export const subnet: ResourceType = {
  type: 'AWS::EC2::Subnet',
  properties: {
    real: [
      'AssignIpv6AddressOnCreation',
      'AvailabilityZone',
      'CidrBlock',
      'Ipv6CidrBlock',
      'MapPublicIpOnLaunch',
      'Tags',
      'VpcId',
    ],
    rejected: ['Ipv6Native'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    if (properties.boolean('Ipv6Native') === true) {
      properties.fail('Ipv6Native', 'A subnet without IPv4 is not modelled.', 'Give a CidrBlock.');
    }
    const cidr = ipv4BlockOf(properties, 'CidrBlock', 'Write it like 10.0.1.0/24.');
    const prefix = parseBlock(cidr)?.prefix ?? 24;
    if (prefix < 16 || prefix > 28) {
      properties.report('CidrBlock', `"${cidr}" is a /${prefix}; AWS allows /16 to /28.`);
    }
    const zone = zoneOf(region, properties);
    const mapPublicIpOnLaunch = properties.boolean('MapPublicIpOnLaunch') ?? false;
    const tags = properties.tags();
    properties.check();

    if (!vpc.cidrs.some((whole) => contains(whole, cidr))) {
      properties.fail(
        'CidrBlock',
        `${cidr} is not inside ${list(vpc.cidrs)}, the block of ${vpc.id}.`,
      );
    }
    const clash = Object.values(region.subnets).find(
      (other) => other.vpcId === vpc.id && overlaps(other.cidr, cidr),
    );
    if (clash !== undefined) {
      properties.fail('CidrBlock', `${cidr} overlaps ${clash.cidr} of subnet ${clash.id}.`);
    }
    const ipv6Cidr = properties.has('Ipv6CidrBlock')
      ? subnetIpv6Block(region, properties, vpc)
      : undefined;
    const assigns = properties.boolean('AssignIpv6AddressOnCreation') === true;
    if (assigns && ipv6Cidr === undefined) {
      const message = 'The subnet has no IPv6 block to assign addresses of.';
      properties.fail('AssignIpv6AddressOnCreation', message, 'Give it an Ipv6CidrBlock.');
    }
    properties.check();
    const id = idOf(context, 'subnet');
    const made = {
      id,
      vpcId: vpc.id,
      zone,
      cidr,
      ...(ipv6Cidr === undefined ? {} : { ipv6Cidr }),
      ...(assigns ? { assignIpv6AddressOnCreation: true } : {}),
      mapPublicIpOnLaunch,
      routeTableId: vpc.mainRouteTableId,
      networkAclId: vpc.defaultNetworkAclId,
      tags,
    };
    return {
      region: put(region, 'subnets', id, made),
      physicalId: id,
      attributes: {
        SubnetId: id,
        VpcId: vpc.id,
        CidrBlock: cidr,
        AvailabilityZone: zone,
        AvailabilityZoneId: `${region.name}-az${zone.charCodeAt(zone.length - 1) - 96}`,
        NetworkAclAssociationId: idOf(context, 'aclassoc'),
        Ipv6CidrBlocks: ipv6Cidr === undefined ? [] : [ipv6Cidr],
      },
    };
  },
};

/** A /64 of an IPv6 block of the VPC that no other subnet has. Fails where it is none. */
export function subnetIpv6Block(region: Region, properties: Properties, vpc: Vpc): string {
  const name = 'Ipv6CidrBlock';
  const cidr = ipv6BlockOf(properties, name);
  properties.check();
  const prefix = parseBlock6(cidr)?.prefix;
  if (prefix !== 64) {
    properties.fail(
      name,
      `${cidr} is a /${prefix}; a subnet has a /64.`,
      'Fn::Cidr with 64 cuts it.',
    );
  }
  if (!vpc.ipv6Cidrs.some((whole) => contains6(whole, cidr))) {
    properties.fail(
      name,
      `${cidr} is not inside an IPv6 block of ${vpc.id}; it has ${list(vpc.ipv6Cidrs)} so far.`,
      'Give the VPC one by AWS::EC2::VPCCidrBlock, and the subnet a DependsOn on it.',
    );
  }
  const clash = Object.values(region.subnets).find(
    ({ ipv6Cidr }) => ipv6Cidr !== undefined && overlaps6(ipv6Cidr, cidr),
  );
  if (clash !== undefined) {
    properties.fail(name, `${cidr} overlaps ${clash.ipv6Cidr} of subnet ${clash.id}.`);
  }
  return cidr;
}

/** The zone asked for, else the first one: AWS draws one, onsil must give the same one every time. */
export function zoneOf(region: Region, properties: Properties): string {
  const [first = `${region.name}a`] = region.zones;
  const zone = properties.text('AvailabilityZone') ?? first;
  if (!new RegExp(`^${region.name}[a-f]$`).test(zone)) {
    properties.report(
      'AvailabilityZone',
      `"${zone}" is not a zone of ${region.name}; it has ${list(region.zones)}.`,
      'Fn::GetAZs gives the zones of the region that the stack is in.',
    );
  }
  return zone;
}
