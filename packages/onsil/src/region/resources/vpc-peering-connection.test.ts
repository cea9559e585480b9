import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const OTHER = 'Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}';
const peering = (properties: string, more = '') =>
  inVpc(`${OTHER}
Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Vpc, ${properties}}}
Route:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, VpcPeeringConnectionId: !Ref Peering}
${more}`);

function made(text: string) {
  const { region, stack } = stackOf(text);
  const id = stack.resources['Peering']?.physicalId ?? '';
  const table = region.routeTables[stack.resources['Table']?.physicalId ?? ''];
  return {
    peering: region.vpcPeeringConnections[id],
    routes: table?.routes.slice(1),
    idOf: (name: string) => stack.resources[name]?.physicalId,
  };
}

describe('AWS::EC2::VPCPeeringConnection', () => {
  test('within the region is active at once, and a target of routes', () => {
    const text = peering('PeerVpcId: !Ref Other, PeerOwnerId: !Ref AWS::AccountId');
    const { idOf, ...rest } = made(text);
    expect(rest.peering).toEqual({
      id: expect.stringMatching(/^pcx-0[0-9a-f]{16}$/),
      requesterVpcId: idOf('Vpc'),
      accepterVpcId: idOf('Other'),
      active: true,
      tags: {},
    });
    expect(rest.routes).toEqual([
      {
        destination: '10.9.0.0/16',
        target: { kind: 'vpc-peering-connection', id: rest.peering?.id },
      },
    ]);
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test.each([
    ['PeerVpcId: vpc-0far, PeerRegion: us-east-1', 'PeerRegion'],
    ['PeerVpcId: vpc-0far, PeerOwnerId: "210987654321"', 'PeerOwnerId'],
    ['PeerVpcId: nested.outputs.vpcid', 'PeerVpcId'],
  ])('%s is not active here, with a warning', (properties, name) => {
    const text = peering(properties);
    expect(made(text)).toMatchObject({
      peering: { active: false },
      routes: [{ target: { kind: 'vpc-peering-connection' } }],
    });
    expect(warningsOf(stackOf(text))).toEqual([
      `Resources.Peering.Properties.${name}: The peer VPC is not in this region (ap-northeast-2) of this account (123456789012): the connection is never active here.`,
    ]);
  });
  test.each([
    ['PeerVpcId: !Ref Vpc', /PeerVpcId: A VPC cannot be peered with itself\.$/],
    ['PeerVpcId: vpc-0far', /PeerVpcId: "vpc-0far" is no VPC of this region; it has vpc-0/],
    ['PeerRegion: us-east-1', /PeerVpcId: This property is required\.$/],
    ['PeerOwnerId: !Ref AWS::AccountId', /PeerVpcId: This property is required\.$/],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(peering(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
  test('refuses blocks that overlap, and a second connection', () => {
    const overlapping = peering('PeerVpcId: !Ref Other').replaceAll('10.9.0.0/16', '10.0.128.0/17');
    expect(refusal(overlapping)[0]).toMatch(
      /PeerVpcId: 10\.0\.128\.0\/17 of vpc-0\w+ overlaps 10\.0\.0\.0\/16 of vpc-0\w+; VPCs that overlap cannot be peered\.$/,
    );
    const again = peering(
      'PeerVpcId: !Ref Other',
      'Again: {Type: AWS::EC2::VPCPeeringConnection, DependsOn: Peering, Properties: {VpcId: !Ref Other, PeerVpcId: !Ref Vpc}}',
    );
    expect(refusal(again)[0]).toMatch(/are already peered by pcx-0\w+\.$/);
  });
  test('refuses a route in a VPC that is no side of it', () => {
    const text = peering(
      'PeerVpcId: !Ref Other',
      `Third: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.8.0.0/16}}
T3: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Third}}
R3: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T3, DestinationCidrBlock: 10.9.0.0/16, VpcPeeringConnectionId: !Ref Peering}}`,
    );
    expect(refusal(text)[0]).toMatch(
      /pcx-0\w+ is in vpc-0\w+ and vpc-0\w+, the route table in vpc-/,
    );
  });
});
