import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';
import { publicAddresses } from '../elastic-ip.ts';
import { contains } from '../ipv4.ts';

const EIP = 'Eip: {Type: AWS::EC2::EIP}';
const nat = (properties: string, more = '') =>
  inVpc(`${EIP}
Nat: {Type: AWS::EC2::NatGateway, DependsOn: Attachment, Properties: {${properties}}}
${more}`);
const PUBLIC = 'SubnetId: !Ref Public, AllocationId: !GetAtt Eip.AllocationId';
const PRIVATE = 'SubnetId: !Ref Private, ConnectivityType: private';

function made(text: string) {
  const { region, stack } = stackOf(text);
  const gateway = region.natGateways[stack.resources['Nat']?.physicalId ?? ''];
  if (gateway === undefined) throw new Error('Nat is no NAT gateway');
  return { region, stack, gateway, eni: region.networkInterfaces[gateway.networkInterfaceId] };
}

describe('AWS::EC2::NatGateway', () => {
  test('a public one, with an interface of its own that has the Elastic IP', () => {
    const { region, stack, gateway, eni } = made(nat(PUBLIC));
    const subnetId = stack.resources['Public']?.physicalId;
    const vpcId = stack.resources['Vpc']?.physicalId;
    expect(gateway).toEqual({
      id: expect.stringMatching(/^nat-0[0-9a-f]{16}$/),
      vpcId,
      subnetId,
      connectivity: 'public',
      networkInterfaceId: expect.stringMatching(/^eni-0[0-9a-f]{16}$/),
      tags: {},
    });
    const privateIp = eni?.privateIps[0] ?? '';
    expect(contains('10.0.1.0/24', privateIp)).toBe(true);
    expect(eni).toMatchObject({
      id: gateway.networkInterfaceId,
      subnetId,
      vpcId,
      privateIps: [privateIp],
      securityGroupIds: [],
      sourceDestCheck: false,
      managedBy: { kind: 'nat-gateway', id: gateway.id },
    });
    // MapPublicIpOnLaunch of the subnet is for instances.
    expect(eni?.publicIp).toBeUndefined();
    expect(publicAddresses(region)).toEqual([
      {
        publicIp: stack.resources['Eip']?.physicalId,
        privateIp,
        networkInterfaceId: gateway.networkInterfaceId,
      },
    ]);
    expect(warningsOf(stackOf(nat(PUBLIC)))).toEqual([]);
    expect(stack.resources['Nat']?.attributes).toEqual({
      EniId: gateway.networkInterfaceId,
      NatGatewayId: gateway.id,
    });
  });
  test('a private one, with the address that it is given', () => {
    const { region, gateway, eni } = made(nat(`${PRIVATE}, PrivateIpAddress: 10.0.2.9`));
    expect(gateway.connectivity).toBe('private');
    expect(eni?.privateIps).toEqual(['10.0.2.9']);
    expect(publicAddresses(region)).toEqual([]);
  });
  test('routes lead to it, also to a whole subnet', () => {
    const route = (name: string, destination: string) => `
${name}: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: ${destination}, NatGatewayId: !Ref Nat}}`;
    const text = nat(PUBLIC, route('All', '0.0.0.0/0') + route('Part', '10.0.2.0/24'));
    const { region, stack, gateway } = made(text);
    const target = { kind: 'nat-gateway', id: gateway.id };
    const { routes } = region.routeTables[stack.resources['Table']?.physicalId ?? ''] ?? {};
    expect(routes?.slice(1)).toEqual([
      { destination: '0.0.0.0/0', target },
      { destination: '10.0.2.0/24', target },
    ]);
  });
  test('NAT64 is named as not modelled', () => {
    const text = nat(
      PUBLIC,
      'R: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationIpv6CidrBlock: "64:ff9b::/96", NatGatewayId: !Ref Nat}}',
    );
    const { region, stack, gateway } = made(text);
    const { routes } = region.routeTables[stack.resources['Table']?.physicalId ?? ''] ?? {};
    expect(routes?.at(-1)).toEqual({
      destination: '64:ff9b::/96',
      target: { kind: 'not-modelled', id: gateway.id },
    });
    expect(warningsOf(stackOf(text))).toHaveLength(1);
  });
  test('warns where only chance puts the Internet gateway first', () => {
    const text = nat(PUBLIC)
      .replace(' DependsOn: Attachment,', '')
      .replace('VPCGatewayAttachment', 'VPCGatewayAttachment\n    DependsOn: Nat');
    expect(warningsOf(stackOf(text))[0]).toMatch(
      /^Resources\.Nat\.Properties: The NAT gateway is made before vpc-0\w+ has an Internet gateway: on AWS this fails or not, by chance\./,
    );
  });
  test('names the further addresses and the regional kind as not modelled', () => {
    expect(warningsOf(stackOf(nat(`${PUBLIC}, SecondaryAllocationIds: [eipalloc-1]`)))).toEqual([
      'Resources.Nat.Properties.SecondaryAllocationIds: SecondaryAllocationIds of AWS::EC2::NatGateway is not modelled: it has no effect here.',
    ]);
    const regional = stackOf(nat('AvailabilityMode: regional, VpcId: !Ref Vpc'));
    expect(regional.stack.resources['Nat']).toMatchObject({ status: 'recorded' });
    expect(regional.region.natGateways).toEqual({});
  });
  test.each([
    ['SubnetId: !Ref Public', 'AllocationId: A public NAT gateway needs an Elastic IP. Give'],
    [
      `${PRIVATE}, AllocationId: !GetAtt Eip.AllocationId`,
      'AllocationId: A private NAT gateway has no Elastic IP. Leave the property out.',
    ],
    ['SubnetId: !Ref Public, AllocationId: !Ref Eip', 'is no Elastic IP of this region; it has'],
    [`${PUBLIC}, PrivateIpAddress: 10.0.2.9`, 'PrivateIpAddress: "10.0.2.9" is not inside'],
    [`${PUBLIC}, ConnectivityType: open`, 'ConnectivityType: "open" is none of public, private.'],
    ['AllocationId: !GetAtt Eip.AllocationId', 'SubnetId: This property is required.'],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(nat(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
  test('refuses an Elastic IP that is in use, and a table of another VPC', () => {
    const twice = nat(
      PUBLIC,
      `Two: {Type: AWS::EC2::NatGateway, DependsOn: [Attachment, Nat], Properties: {${PUBLIC}}}`,
    );
    expect(refusal(twice)[0]).toMatch(/is already associated with eni-0\w+\.$/);
    const foreign = nat(
      PUBLIC,
      `Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
T2: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Other}}
R: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T2, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}`,
    );
    expect(refusal(foreign)[0]).toMatch(
      /NatGatewayId: nat-0\w+ is in vpc-0\w+, the route table in vpc-0\w+\.$/,
    );
  });
});
