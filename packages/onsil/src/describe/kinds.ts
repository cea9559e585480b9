/** What AWS prints, by the key that its output begins with, whatever a file is called. */

export interface Kind {
  /** The command of `aws` whose output has the key. */
  readonly command: string;
  /** The field that tells things of the kind apart. */
  readonly id: string;
  /** What comes of having no file of the kind. */
  readonly without: string;
}

export const KINDS = {
  Vpcs: { command: 'ec2 describe-vpcs', id: 'VpcId', without: 'there is nothing to ask about' },
  Subnets: { command: 'ec2 describe-subnets', id: 'SubnetId', without: 'no interface has a place' },
  RouteTables: {
    command: 'ec2 describe-route-tables',
    id: 'RouteTableId',
    without: 'whether packets have a route stays open',
  },
  NetworkAcls: {
    command: 'ec2 describe-network-acls',
    id: 'NetworkAclId',
    without: 'what subnets let pass stays open',
  },
  SecurityGroups: {
    command: 'ec2 describe-security-groups',
    id: 'GroupId',
    without: 'what interfaces let pass stays open',
  },
  SecurityGroupRules: {
    command: 'ec2 describe-security-group-rules',
    id: 'SecurityGroupRuleId',
    without: 'rules have no ids',
  },
  NetworkInterfaces: {
    command: 'ec2 describe-network-interfaces',
    id: 'NetworkInterfaceId',
    without: 'interfaces are known of instances only: not of load balancers, databases, functions',
  },
  Instances: {
    command: 'ec2 describe-instances',
    id: 'InstanceId',
    without: 'interfaces have no names, and who holds one is taken to run',
  },
  Addresses: {
    command: 'ec2 describe-addresses',
    id: 'PublicIp',
    without: 'an Elastic IP that no interface has counts as outside',
  },
  InternetGateways: {
    command: 'ec2 describe-internet-gateways',
    id: 'InternetGatewayId',
    without: 'what passes between a VPC and the Internet stays open',
  },
  EgressOnlyInternetGateways: {
    command: 'ec2 describe-egress-only-internet-gateways',
    id: 'EgressOnlyInternetGatewayId',
    without: 'where routes to them lead stays open',
  },
  NatGateways: {
    command: 'ec2 describe-nat-gateways',
    id: 'NatGatewayId',
    without: 'where routes to them lead stays open',
  },
  VpcPeeringConnections: {
    command: 'ec2 describe-vpc-peering-connections',
    id: 'VpcPeeringConnectionId',
    without: 'where routes to them lead stays open',
  },
  VpcEndpoints: {
    command: 'ec2 describe-vpc-endpoints',
    id: 'VpcEndpointId',
    without: 'where routes to them lead stays open',
  },
  PrefixLists: {
    command: 'ec2 describe-managed-prefix-lists',
    id: 'PrefixListId',
    without: 'what routes and rules to them hold stays open',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

/** Questions about any VPC ask for these: the absence of one is said at once. */
export const BASIC: readonly KindName[] = [
  ...(['Subnets', 'RouteTables', 'NetworkAcls', 'SecurityGroups', 'NetworkInterfaces'] as const),
  ...(['Instances', 'Addresses', 'InternetGateways'] as const),
];

/** That bear on who reaches whom, and for which the region has no state. */
export const NOT_MODELLED: readonly string[] = [
  ...['TransitGateways', 'TransitGatewayAttachments', 'TransitGatewayVpcAttachments'],
  ...['VpnConnections', 'VpnGateways', 'CustomerGateways', 'ClientVpnEndpoints'],
  ...['DirectConnectGateways', 'VirtualInterfaces', 'CoreNetworks', 'RouteServers'],
  ...['CarrierGateways', 'LocalGateways', 'InstanceConnectEndpoints', 'Firewalls'],
  // Of elbv2 and of elb.
  ...['LoadBalancers', 'LoadBalancerDescriptions', 'Accelerators', 'VerifiedAccessEndpoints'],
  // EC2-Classic, in old collections.
  'ClassicLinkVpcs',
];

/** The commands in the words of a hint. */
export function commandOf(kind: KindName): string {
  const { command } = KINDS[kind];
  return `aws ${command} --output json > ${kind === 'Instances' ? 'Reservations' : kind}.json`;
}
