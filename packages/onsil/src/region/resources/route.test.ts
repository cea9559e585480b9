import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const NAT = `
Nat:
  Type: AWS::EC2::Instance
  Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Public, SourceDestCheck: false}
`;
const route = (properties: string, depends = 'Attachment') =>
  inVpc(`${NAT}
Route:
  Type: AWS::EC2::Route
  DependsOn: ${depends}
  Properties: {RouteTableId: !Ref Table, ${properties}}`);

function routesOf(text: string) {
  const { region, stack } = stackOf(text);
  return region.routeTables[stack.resources['Table']?.physicalId ?? '']?.routes.slice(1);
}

describe('AWS::EC2::Route', () => {
  test('to the Internet gateway', () => {
    expect(routesOf(route('DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw'))).toEqual([
      {
        destination: '0.0.0.0/0',
        target: { kind: 'internet-gateway', id: expect.stringMatching(/^igw-0/) },
      },
    ]);
  });
  test('to an instance is to its primary interface', () => {
    const text = route('DestinationCidrBlock: 0.0.0.0/0, InstanceId: !Ref Nat');
    const { region, stack } = stackOf(text);
    const nat = region.instances[stack.resources['Nat']?.physicalId ?? ''];
    expect(routesOf(text)).toEqual([
      {
        destination: '0.0.0.0/0',
        target: { kind: 'network-interface', id: nat?.networkInterfaceIds[0] },
      },
    ]);
  });
  test.each([
    ['TransitGatewayId', 'tgw-1'],
    ['GatewayId', 'vgw-1'],
    ['VpcEndpointId', 'vpce-1'],
    ['CarrierGatewayId', 'cagw-1'],
    ['CoreNetworkArn', 'arn:aws:networkmanager::123456789012:core-network/1'],
    ['LocalGatewayId', 'lgw-1'],
    // Made elsewhere.
    ['NatGatewayId', 'nat-1'],
    ['VpcPeeringConnectionId', 'pcx-1'],
    ['EgressOnlyInternetGatewayId', 'eigw-1'],
  ])('%s %s is a target by name only, with a warning', (name, id) => {
    const text = route(`DestinationCidrBlock: 0.0.0.0/0, ${name}: "${id}"`);
    expect(routesOf(text)).toEqual([
      { destination: '0.0.0.0/0', target: { kind: 'not-modelled', id } },
    ]);
    expect(warningsOf(stackOf(text))).toEqual([
      `Resources.Route.Properties.${name}: A route to ${id} is not modelled: the table has its target by name only.`,
    ]);
  });
  test('a type that is not modelled is a target that the user knows again', () => {
    const text = inVpc(`
Hub: {Type: AWS::EC2::TransitGateway}
Route:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.0.0.0/8, TransitGatewayId: !Ref Hub}`);
    expect(routesOf(text)).toEqual([
      {
        destination: '10.0.0.0/8',
        target: { kind: 'not-modelled', id: expect.stringMatching(/^shop-Hub-/) },
      },
    ]);
  });
  test.each([
    ['Igw', 'GatewayId', 'internet-gateway'],
    ['Eigw', 'EgressOnlyInternetGatewayId', 'egress-only-internet-gateway'],
  ])('an IPv6 block by way of %s', (logicalId, name, kind) => {
    const text = `${route(`DestinationIpv6CidrBlock: "0::0/0", ${name}: !Ref ${logicalId}`)}  Eigw: {Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref Vpc}}`;
    const { stack, region } = stackOf(text);
    const id = stack.resources[logicalId]?.physicalId;
    expect(routesOf(text)).toEqual([{ destination: '::/0', target: { kind, id } }]);
    expect(warningsOf(stackOf(text))).toEqual([]);
    expect(Object.values(region.egressOnlyInternetGateways)).toEqual([
      {
        id: expect.stringMatching(/^eigw-0[0-9a-f]{16}$/),
        vpcId: stack.resources['Vpc']?.physicalId,
        tags: {},
      },
    ]);
  });
  test('a prefix list of the template, and one that is not known', () => {
    const own = `${route('DestinationPrefixListId: !Ref List, GatewayId: !Ref Igw')}  List: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: offices, AddressFamily: IPv4, MaxEntries: 1}}`;
    const id = stackOf(own).stack.resources['List']?.physicalId;
    expect(routesOf(own)?.map(({ destination }) => destination)).toEqual([id]);
    const foreign = route('DestinationPrefixListId: pl-78a54011, GatewayId: !Ref Igw');
    expect(routesOf(foreign)?.map(({ destination }) => destination)).toEqual(['pl-78a54011']);
    expect(stackOf(foreign).region.prefixLists['pl-78a54011']).toEqual({
      id: 'pl-78a54011',
      name: 'pl-78a54011',
      family: 'ipv4',
      tags: {},
    });
    expect(warningsOf(stackOf(foreign))).toEqual([
      'Resources.Route.Properties.DestinationPrefixListId: The prefix list pl-78a54011 is not known here: nor are its entries.',
    ]);
  });
  test('to a whole subnet of the VPC by way of a middlebox', () => {
    for (const [target, kind] of [
      ['InstanceId: !Ref Nat', 'network-interface'],
      ['VpcEndpointId: vpce-1', 'not-modelled'],
    ]) {
      expect(routesOf(route(`DestinationCidrBlock: 10.0.2.0/24, ${target}`))).toMatchObject([
        { destination: '10.0.2.0/24', target: { kind } },
      ]);
    }
  });
  test('warns where only chance puts the attachment first', () => {
    const text = inVpc('').replace(
      '  Igw:',
      '  Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}}\n  Igw:',
    );
    const late = text.replace(
      '    Type: AWS::EC2::VPCGatewayAttachment',
      '    Type: AWS::EC2::VPCGatewayAttachment\n    DependsOn: Route',
    );
    expect(warningsOf(stackOf(late))[0]).toMatch(
      /^Resources\.Route\.Properties\.GatewayId: The route is made before igw-0\w+ is attached to a VPC: on AWS this fails or not, by chance\. Give the route a DependsOn/,
    );
  });
  test.each([
    [
      'DestinationCidrBlock: 10.0.0.0/16, GatewayId: !Ref Igw',
      'DestinationCidrBlock: 10.0.0.0/16 equals the local route of the VPC.',
    ],
    [
      'DestinationCidrBlock: 10.0.9.0/24, GatewayId: !Ref Igw',
      'DestinationCidrBlock: 10.0.9.0/24 is more specific than the local route 10.0.0.0/16, and not the block of a whole subnet; those are 10.0.1.0/24, 10.0.2.0/24.',
    ],
    [
      'DestinationCidrBlock: 10.0.2.128/25, InstanceId: !Ref Nat',
      'DestinationCidrBlock: 10.0.2.128/25 is more specific than the local route 10.0.0.0/16, and not the block of a whole subnet',
    ],
    [
      'DestinationCidrBlock: 10.0.2.0/24, GatewayId: !Ref Igw',
      'DestinationCidrBlock: 10.0.2.0/24 is more specific than the local route 10.0.0.0/16; GatewayId cannot be the target of such a route.',
    ],
    [
      'DestinationCidrBlock: 169.254.169.254/32, GatewayId: !Ref Igw',
      'DestinationCidrBlock: 169.254.169.254/32 is in 169.254.168.0/22, which AWS keeps for its services.',
    ],
    [
      'DestinationIpv6CidrBlock: "fd00:ec2::254/128", GatewayId: !Ref Igw',
      'DestinationIpv6CidrBlock: fd00:ec2::254/128 is in fd00:ec2::/32, which AWS keeps for its services.',
    ],
    [
      'DestinationIpv6CidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw',
      'DestinationIpv6CidrBlock: "0.0.0.0/0" is not an IPv6 block.',
    ],
    ['GatewayId: !Ref Igw', 'A route needs exactly one destination; this one has none.'],
    [
      'DestinationCidrBlock: 0.0.0.0/0, DestinationIpv6CidrBlock: "::/0", GatewayId: !Ref Igw',
      'A route needs exactly one destination; this one has DestinationCidrBlock, DestinationIpv6CidrBlock.',
    ],
    [
      'DestinationCidrBlock: everywhere, GatewayId: !Ref Igw',
      'DestinationCidrBlock: "everywhere" is not an IPv4 block.',
    ],
    ['DestinationCidrBlock: 0.0.0.0/0', 'A route needs exactly one target; this one has none.'],
    [
      'DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw, InstanceId: !Ref Nat',
      'A route needs exactly one target; this one has GatewayId, InstanceId.',
    ],
    [
      'DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1',
      'GatewayId: "igw-1" is no internet gateway of this region',
    ],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(route(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
  test('refuses a second route to the same destination', () => {
    const text = route('DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw');
    const twice = `${text}  Again: {Type: AWS::EC2::Route, DependsOn: Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}}`;
    expect(refusal(twice)[0]).toMatch(/rtb-0\w+ already has a route to 0\.0\.0\.0\/0\.$/);
  });
});

test('an egress-only Internet gateway carries no IPv4', () => {
  const text = inVpc(`
Eigw: {Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref Vpc}}
Route:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, EgressOnlyInternetGatewayId: !Ref Eigw}`);
  expect(refusal(text)[0]).toMatch(/eigw-0\w+ carries IPv6 only; 0\.0\.0\.0\/0 is IPv4\.$/);
});

describe('AWS::EC2::VPCGatewayAttachment', () => {
  test('refuses a second gateway for one VPC', () => {
    const text = inVpc(`
Igw2: {Type: AWS::EC2::InternetGateway}
Second: {Type: AWS::EC2::VPCGatewayAttachment, DependsOn: Attachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw2}}`);
    expect(refusal(text)[0]).toMatch(
      /^Resources\.Second\.Properties\.VpcId: vpc-0\w+ already has the internet gateway igw-0\w+; a VPC has at most one\.$/,
    );
  });
  test('refuses a gateway that is attached', () => {
    const text = inVpc(`
Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
Second: {Type: AWS::EC2::VPCGatewayAttachment, DependsOn: Attachment, Properties: {VpcId: !Ref Other, InternetGatewayId: !Ref Igw}}`);
    expect(refusal(text)[0]).toMatch(/igw-0\w+ is already attached to vpc-0\w+\.$/);
  });
});

describe('AWS::EC2::SubnetRouteTableAssociation', () => {
  const association = (name: string) =>
    `${name}: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}}`;
  test('puts the table in force', () => {
    const { region, stack } = stackOf(inVpc(association('A')));
    const subnet = region.subnets[stack.resources['Public']?.physicalId ?? ''];
    expect(subnet?.routeTableId).toBe(stack.resources['Table']?.physicalId);
  });
  test('is one for a subnet', () => {
    expect(refusal(inVpc(`${association('A')}\n${association('B')}`))[0]).toMatch(
      /^Resources\.B\.Properties\.SubnetId: subnet-0\w+ is already associated with rtb-0\w+; a subnet has one route table\.$/,
    );
  });
});
