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
    [
      'NatGatewayId: nat-1',
      'NatGatewayId: A route to nat-1 is not modelled: there is no such route here.',
    ],
    [
      'GatewayId: vgw-1',
      'GatewayId: A route to vgw-1 is not modelled: there is no such route here.',
    ],
  ])('names %s as not modelled, and makes no route', (target, message) => {
    const text = route(`DestinationCidrBlock: 0.0.0.0/0, ${target}`);
    expect(routesOf(text)).toEqual([]);
    expect(warningsOf(stackOf(text))).toEqual([`Resources.Route.Properties.${message}`]);
    expect(stackOf(text).stack.resources['Route']?.status).toBe('recorded');
  });
  test('names an IPv6 destination as not modelled', () => {
    expect(
      warningsOf(stackOf(route('DestinationIpv6CidrBlock: ::/0, GatewayId: !Ref Igw'))),
    ).toEqual([
      'Resources.Route.Properties.DestinationIpv6CidrBlock: The route to ::/0 is not modelled: it has no effect here.',
    ]);
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
      'DestinationCidrBlock: 10.0.9.0/24 is more specific than the local route 10.0.0.0/16; such routes are not modelled.',
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
