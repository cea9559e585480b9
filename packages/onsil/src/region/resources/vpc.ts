import { providedIpv6Block } from '../allocate.ts';
import { parseBlock } from '../ipv4.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import { ipv4BlockOf } from './block.ts';
import { localRoutesOf } from './local-route.ts';
import type { Properties } from './properties.ts';
import { arnOf, idOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpc.html */
export const vpc: ResourceType = {
  type: 'AWS::EC2::VPC',
  properties: {
    real: ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport', 'Tags'],
    recorded: ['InstanceTenancy'],
  },
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
        // The one that an AWS::EC2::VPCCidrBlock will associate: what asks for it waits for that.
        Ipv6CidrBlocks: [providedIpv6Block(made.id)],
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
  const cidr = ipv4BlockOf(properties, name, 'Write it like 10.0.0.0/16.');
  const prefix = parseBlock(cidr)?.prefix ?? 16;
  if (prefix < 16 || prefix > 28) {
    properties.report(name, `"${cidr}" is a /${prefix}; AWS allows /16 to /28.`);
  }
  return cidr;
}

function withDefaults(region: Region, vpc: Vpc, context: ResourceContext): Region {
  const { mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId } = vpc;
  const withTable = put(region, 'routeTables', mainRouteTableId, {
    id: mainRouteTableId,
    vpcId: vpc.id,
    main: true,
    routes: localRoutesOf(vpc),
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
