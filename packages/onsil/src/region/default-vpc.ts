/**
 * The VPC that every region of an account has from the start.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
 */
import { hashOf } from './hash.ts';
import type { NetworkAclEntry } from './network-acl.ts';
import { put, type Region, type Table } from './region.ts';
import type { Subnet } from './subnet.ts';

const BLOCK = '172.31.0.0/16';
/** Addresses of a /20, in steps of the third byte. */
const STEP = 16;

/**
 * The region with its default VPC: a /20 in each zone that gives public addresses, an Internet
 * gateway as the default route of its main table, a group whose members reach each other, and an
 * ACL that lets everything pass.
 */
export function withDefaultVpc(region: Region): Region {
  const id = (prefix: string, part = ''): string =>
    `${prefix}-0${hashOf('default VPC', region.account, region.name, prefix, part).slice(0, 16)}`;
  const vpcId = id('vpc');
  const [routeTableId, groupId, networkAclId, gatewayId] = ['rtb', 'sg', 'acl', 'igw'].map((each) =>
    id(each),
  ) as [string, string, string, string];
  const withGateway = put(region, 'internetGateways', gatewayId, {
    id: gatewayId,
    vpcId,
    tags: {},
  });
  const withVpc = put(withGateway, 'vpcs', vpcId, {
    id: vpcId,
    cidrs: [BLOCK],
    ipv6Cidrs: [],
    dnsSupport: true,
    dnsHostnames: true,
    mainRouteTableId: routeTableId,
    defaultSecurityGroupId: groupId,
    defaultNetworkAclId: networkAclId,
    isDefault: true,
    tags: {},
  });
  const withTable = put(withVpc, 'routeTables', routeTableId, {
    id: routeTableId,
    vpcId,
    main: true,
    routes: [
      { destination: BLOCK, target: { kind: 'local' } },
      { destination: '0.0.0.0/0', target: { kind: 'internet-gateway', id: gatewayId } },
    ],
    tags: {},
  });
  const entry: Omit<NetworkAclEntry, 'egress'> = {
    ...{ number: 100, protocol: -1, cidr: '0.0.0.0/0', action: 'allow' },
  };
  const withAcl = put(withTable, 'networkAcls', networkAclId, {
    id: networkAclId,
    vpcId,
    isDefault: true,
    entries: [
      { ...entry, egress: false },
      { ...entry, egress: true },
    ],
    tags: {},
  });
  const withGroup = put(withAcl, 'securityGroups', groupId, {
    id: groupId,
    vpcId,
    name: 'default',
    description: 'default VPC security group',
    ingress: [{ id: id('sgr', 'ingress'), protocol: -1, peer: { kind: 'group', groupId } }],
    egress: [{ id: id('sgr', 'egress'), protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }],
    tags: {},
  });
  return region.zones.reduce((next, zone, index): Region => {
    const subnetId = id('subnet', zone);
    return put(next, 'subnets', subnetId, {
      id: subnetId,
      vpcId,
      zone,
      cidr: `172.31.${index * STEP}.0/20`,
      mapPublicIpOnLaunch: true,
      routeTableId,
      networkAclId,
      isDefault: true,
      tags: {},
    });
  }, withGroup);
}

/**
 * The region without a default VPC in which nothing stands: who asks about packets is told of what
 * somebody made, and a lab makes no router for it.
 */
export function withoutUnusedDefaultVpc(region: Region): Region {
  const unused = Object.values(region.vpcs).find(({ isDefault }) => isDefault === true)?.id;
  if (unused === undefined || isUsed(region, unused)) return region;
  const others = <T extends { readonly vpcId?: string }>(table: Table<T>): Table<T> =>
    Object.fromEntries(Object.entries(table).filter(([, { vpcId }]) => vpcId !== unused));
  const { [unused]: _gone, ...vpcs } = region.vpcs;
  return {
    ...region,
    vpcs,
    subnets: others(region.subnets),
    routeTables: others(region.routeTables),
    internetGateways: others(region.internetGateways),
    networkAcls: others(region.networkAcls),
    securityGroups: others(region.securityGroups),
  };
}

/** Whether anything is in it, or joined to it. */
function isUsed(region: Region, vpcId: string): boolean {
  const inside = (table: Table<{ readonly vpcId: string }>): boolean =>
    Object.values(table).some((each) => each.vpcId === vpcId);
  return (
    inside(region.networkInterfaces) ||
    inside(region.vpcEndpoints) ||
    inside(region.egressOnlyInternetGateways) ||
    Object.values(region.vpcPeeringConnections).some(
      (each) => each.requesterVpcId === vpcId || each.accepterVpcId === vpcId,
    ) ||
    Object.values(region.hostedZones).some(({ vpcIds }) => vpcIds.includes(vpcId)) ||
    Object.values(region.subnets).some((each: Subnet) => each.vpcId === vpcId && !each.isDefault)
  );
}
