import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const vpc = (properties: string) =>
  `Resources: {V: {Type: AWS::EC2::VPC, Properties: ${properties}}}`;

describe('AWS::EC2::VPC', () => {
  const { region, stack } = stackOf(vpc('{CidrBlock: 10.0.0.0/16, EnableDnsHostnames: "True"}'));
  const made = Object.values(region.vpcs)[0];

  test('has ids like those of AWS', () => {
    expect(made?.id).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(stack.resources['V']?.physicalId).toBe(made?.id);
  });
  test('reads its properties leniently', () => {
    expect(made).toMatchObject({ cidrs: ['10.0.0.0/16'], dnsSupport: true, dnsHostnames: true });
    const off = stackOf(vpc('{CidrBlock: 10.0.0.0/16, EnableDnsSupport: 0}')).region.vpcs;
    expect(Object.values(off)[0]?.dnsSupport).toBe(false);
  });
  test('comes with a main route table, a default group and a default network ACL', () => {
    expect(region.routeTables[made?.mainRouteTableId ?? '']).toMatchObject({
      main: true,
      routes: [{ destination: '10.0.0.0/16', target: { kind: 'local' } }],
    });
    expect(region.securityGroups[made?.defaultSecurityGroupId ?? '']).toMatchObject({
      name: 'default',
      ingress: [{ protocol: -1, peer: { kind: 'group', groupId: made?.defaultSecurityGroupId } }],
      egress: [{ protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }],
    });
    expect(region.networkAcls[made?.defaultNetworkAclId ?? '']?.entries).toEqual([
      { number: 100, egress: false, protocol: -1, cidr: '0.0.0.0/0', action: 'allow' },
      { number: 100, egress: true, protocol: -1, cidr: '0.0.0.0/0', action: 'allow' },
    ]);
  });
  test('host bits are cleared, with a warning', () => {
    const result = stackOf(vpc('{CidrBlock: 10.0.0.1/16}'));
    expect(Object.values(result.region.vpcs)[0]?.cidrs).toEqual(['10.0.0.0/16']);
    expect(warningsOf(result)).toEqual([
      'Resources.V.Properties.CidrBlock: "10.0.0.1/16" has host bits set; AWS makes it 10.0.0.0/16. Write 10.0.0.0/16.',
    ]);
  });
  test('unknown properties are named, nested ones too', () => {
    expect(warningsOf(stackOf(vpc('{CidrBlock: 10.0.0.0/16, Ipv4IpamPoolId: x}')))).toEqual([
      'Resources.V.Properties.Ipv4IpamPoolId: Ipv4IpamPoolId of AWS::EC2::VPC is not modelled: it has no effect here.',
    ]);
    expect(
      warningsOf(stackOf(vpc('{CidrBlock: 10.0.0.0/16, Tags: [{Key: a, Value: b, C: d}]}'))),
    ).toEqual([
      'Resources.V.Properties.Tags[0].C: C of AWS::EC2::VPC is not modelled: it has no effect here.',
    ]);
  });
  test.each([
    ['{}', 'CidrBlock: This property is required.'],
    [
      '{CidrBlock: 10.0.0.0}',
      'CidrBlock: "10.0.0.0" is not an IPv4 block. Write it like 10.0.0.0/16.',
    ],
    ['{CidrBlock: 10.0.0.0/15}', 'CidrBlock: "10.0.0.0/15" is a /15; AWS allows /16 to /28.'],
    ['{CidrBlock: 10.0.0.0/29}', 'CidrBlock: "10.0.0.0/29" is a /29; AWS allows /16 to /28.'],
    [
      '{CidrBlock: 10.0.0.0/16, EnableDnsSupport: maybe}',
      'EnableDnsSupport: "maybe" is not true or false.',
    ],
    ['{CidrBlock: [10.0.0.0/16]}', 'CidrBlock: ["10.0.0.0/16"] is not a text.'],
  ])('refuses %s', (properties, message) => {
    expect(refusal(vpc(properties))).toEqual([`Resources.V.Properties.${message}`]);
  });
  test('everything wrong with one resource is told', () => {
    expect(refusal(vpc('{CidrBlock: x, EnableDnsSupport: y, Tags: z}'))).toHaveLength(3);
  });
});

describe('AWS::EC2::VPCCidrBlock', () => {
  const more = (properties: string) =>
    inVpc(`More: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, ${properties}}}`);

  test('adds the block and its local route to every table', () => {
    const { region } = stackOf(more('CidrBlock: 10.1.0.0/16'));
    expect(Object.values(region.vpcs)[0]?.cidrs).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
    for (const { routes } of Object.values(region.routeTables)) {
      expect(routes.map(({ destination }) => destination)).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
    }
  });
  test('refuses an overlap', () => {
    expect(refusal(more('CidrBlock: 10.0.128.0/17'))[0]).toMatch(
      /^Resources\.More\.Properties\.CidrBlock: 10\.0\.128\.0\/17 overlaps 10\.0\.0\.0\/16, which vpc-0\w+ already has\.$/,
    );
  });
  test('refuses a block that overlaps a peer', () => {
    const text = `${more('CidrBlock: 10.9.0.0/24').replace('More: {', 'More: {DependsOn: Peering, ')}
  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
  Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Other, PeerVpcId: !Ref Vpc}}`;
    expect(refusal(text)[0]).toMatch(
      /CidrBlock: 10\.9\.0\.0\/24 overlaps 10\.9\.0\.0\/16 of vpc-0\w+, a peer of vpc-0\w+\.$/,
    );
  });
  test('names an IPAM pool as not modelled', () => {
    const result = stackOf(more('Ipv4IpamPoolId: ipam-pool-1, Ipv4NetmaskLength: 24'));
    expect(result.stack.resources['More']?.status).toBe('recorded');
    expect(warningsOf(result)).toEqual([
      'Resources.More.Properties.Ipv4IpamPoolId: An IPAM pool is not modelled: the VPC gets no block here. Give the CidrBlock.',
    ]);
  });
  test('refuses to give no block', () => {
    expect(refusal(more('AmazonProvidedIpv6CidrBlock: false'))).toEqual([
      'Resources.More.Properties: The resource gives no block. Give CidrBlock, or AmazonProvidedIpv6CidrBlock: true.',
    ]);
  });
});

describe('AWS::EC2::Subnet', () => {
  const subnet = (properties: string) =>
    inVpc(`S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, ${properties}}}`);

  test('starts on the main route table and the default network ACL', () => {
    const { region, stack } = stackOf(
      subnet('CidrBlock: 10.0.3.9/24, AvailabilityZone: ap-northeast-2c'),
    );
    const vpc = Object.values(region.vpcs)[0];
    expect(region.subnets[stack.resources['S']?.physicalId ?? '']).toEqual({
      id: expect.stringMatching(/^subnet-0[0-9a-f]{16}$/),
      vpcId: vpc?.id,
      zone: 'ap-northeast-2c',
      cidr: '10.0.3.0/24',
      mapPublicIpOnLaunch: false,
      routeTableId: vpc?.mainRouteTableId,
      networkAclId: vpc?.defaultNetworkAclId,
      tags: {},
    });
  });
  test.each([
    [
      'CidrBlock: 10.1.0.0/24',
      /CidrBlock: 10\.1\.0\.0\/24 is not inside 10\.0\.0\.0\/16, the block of vpc-0\w+\.$/,
    ],
    [
      'CidrBlock: 10.0.0.0/22',
      /CidrBlock: 10\.0\.0\.0\/22 overlaps 10\.0\.1\.0\/24 of subnet subnet-0\w+\.$/,
    ],
    [
      'CidrBlock: 10.0.3.0/29',
      /CidrBlock: "10\.0\.3\.0\/29" is a \/29; AWS allows \/16 to \/28\.$/,
    ],
    ['CidrBlock: 10.0.0.1junk/24', /CidrBlock: "10\.0\.0\.1junk\/24" is not an IPv4 block\./],
    [
      'CidrBlock: 10.0.3.0/24, AvailabilityZone: us-east-1a',
      /AvailabilityZone: "us-east-1a" is not a zone of ap-northeast-2; it has ap-northeast-2a, ap-northeast-2b, ap-northeast-2c\./,
    ],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(subnet(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
  test('refuses an unknown VPC', () => {
    const text =
      'Resources: {S: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}}';
    expect(refusal(text)).toEqual([
      'Resources.S.Properties.VpcId: "vpc-1" is no VPC of this region; it has none.',
    ]);
  });
});
