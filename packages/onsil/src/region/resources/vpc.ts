import { hashIndex } from '../hash.ts';
import { canonicalBlock, parseBlock } from '../ipv4.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import type { Properties } from './properties.ts';
import { arnOf, idOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpc.html */
export const vpc: ResourceType = {
  type: 'AWS::EC2::VPC',
  create(region, properties, context) {
    const cidr = vpcBlock(properties, 'CidrBlock');
    // https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html: support is on, host names off.
    const dnsSupport = properties.boolean('EnableDnsSupport') ?? true;
    const dnsHostnames = properties.boolean('EnableDnsHostnames') ?? false;
    const tags = properties.tags();
    properties.ignore('InstanceTenancy');
    properties.check();

    const made: Vpc = {
      id: idOf(context, 'vpc'),
      cidrs: [cidr],
      ipv6Cidrs: [],
      dnsSupport,
      dnsHostnames,
      mainRouteTableId: idOf(context, 'rtb', 'main'),
      defaultSecurityGroupId: idOf(context, 'sg', 'default'),
      defaultNetworkAclId: idOf(context, 'acl', 'default'),
      tags,
    };
    return {
      region: withDefaults(put(region, 'vpcs', made.id, made), made, context),
      physicalId: made.id,
      attributes: {
        VpcId: made.id,
        CidrBlock: cidr,
        CidrBlockAssociations: [idOf(context, 'vpc-cidr-assoc')],
        DefaultNetworkAcl: made.defaultNetworkAclId,
        DefaultSecurityGroup: made.defaultSecurityGroupId,
        // IPv6 is not modelled; templates that cut blocks out of it still evaluate (RFC 3849).
        Ipv6CidrBlocks: [`2001:db8:${hashIndex(0xffff, made.id).toString(16)}:100::/56`],
        VpcArn: arnOf(context, 'ec2', `vpc/${made.id}`),
      },
    };
  },
};

/**
 * A block of a VPC in canonical form: /16 to /28, host bits cleared as AWS does.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export function vpcBlock(properties: Properties, name: string): string {
  const given = properties.requiredText(name);
  if (given === '') return given;
  const block = parseBlock(given);
  if (block === undefined) {
    properties.report(name, `"${given}" is not an IPv4 block.`, 'Write it like 10.0.0.0/16.');
    return given;
  }
  if (block.prefix < 16 || block.prefix > 28) {
    properties.report(name, `"${given}" is a /${block.prefix}; AWS allows /16 to /28.`);
  }
  return canonical(properties, name, given);
}

/** The canonical form of a well-formed block, with a warning where AWS changes what was written. */
export function canonical(properties: Properties, name: string, given: string): string {
  const cidr = canonicalBlock(given) ?? given;
  if (cidr !== given) {
    properties.warn(name, `"${given}" has host bits set; AWS makes it ${cidr}.`, `Write ${cidr}.`);
  }
  return cidr;
}

function withDefaults(region: Region, vpc: Vpc, context: ResourceContext): Region {
  const { mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId } = vpc;
  const withTable = put(region, 'routeTables', mainRouteTableId, {
    id: mainRouteTableId,
    vpcId: vpc.id,
    main: true,
    routes: vpc.cidrs.map((destination) => ({ destination, target: { kind: 'local' } })),
    tags: {},
  });
  const allow = { number: 100, protocol: -1, cidr: '0.0.0.0/0', action: 'allow' } as const;
  const withAcl = put(withTable, 'networkAcls', defaultNetworkAclId, {
    id: defaultNetworkAclId,
    vpcId: vpc.id,
    isDefault: true,
    entries: [
      { ...allow, egress: false },
      { ...allow, egress: true },
    ],
    tags: {},
  });
  // https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
  return put(withAcl, 'securityGroups', defaultSecurityGroupId, {
    id: defaultSecurityGroupId,
    vpcId: vpc.id,
    name: 'default',
    description: 'default VPC security group',
    ingress: [
      {
        id: idOf(context, 'sgr', 'default-ingress'),
        protocol: -1,
        peer: { kind: 'group', groupId: defaultSecurityGroupId },
      },
    ],
    egress: [
      {
        id: idOf(context, 'sgr', 'default-egress'),
        protocol: -1,
        peer: { kind: 'cidr', cidr: '0.0.0.0/0' },
      },
    ],
    tags: {},
  });
}
