import { contains, overlaps, parseBlock } from '../ipv4.ts';
import { list } from '../problem.ts';
import { put, type Region } from '../region.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { canonical } from './vpc.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnet.html */
export const subnet: ResourceType = {
  type: 'AWS::EC2::Subnet',
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const given = properties.requiredText('CidrBlock');
    const block = parseBlock(given);
    if (given !== '' && block === undefined) {
      properties.report(
        'CidrBlock',
        `"${given}" is not an IPv4 block.`,
        'Write it like 10.0.1.0/24.',
      );
    }
    if (block !== undefined && (block.prefix < 16 || block.prefix > 28)) {
      properties.report('CidrBlock', `"${given}" is a /${block.prefix}; AWS allows /16 to /28.`);
    }
    const zone = zoneOf(region, properties);
    const mapPublicIpOnLaunch = properties.boolean('MapPublicIpOnLaunch') ?? false;
    const tags = properties.tags();
    properties.check();

    const cidr = canonical(properties, 'CidrBlock', given);
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
    const id = idOf(context, 'subnet');
    const made = {
      id,
      vpcId: vpc.id,
      zone,
      cidr,
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
        Ipv6CidrBlocks: [],
      },
    };
  },
};

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
