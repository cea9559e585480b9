import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const group = (properties: string) =>
  inVpc(
    `G: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: d, ${properties}}}`,
  );
const ingress = (rule: string) => group(`SecurityGroupIngress: [${rule}]`);

function made(text: string, name = 'G') {
  const { region, stack } = stackOf(text);
  return region.securityGroups[stack.resources[name]?.physicalId ?? ''];
}
const EVERYTHING = [
  { id: expect.any(String), protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
];

describe('AWS::EC2::SecurityGroup', () => {
  test('lets nothing in and everything out by default', () => {
    expect(made(group(''))).toMatchObject({ ingress: [], egress: EVERYTHING });
    expect(made(group('SecurityGroupEgress: []'))?.egress).toEqual(EVERYTHING);
  });
  test("CDK's placeholder that disallows all traffic out", () => {
    const text = group(
      'SecurityGroupEgress: [{CidrIp: 255.255.255.255/32, Description: Disallow all traffic, FromPort: 252, IpProtocol: icmp, ToPort: 86}]',
    );
    expect(made(text)?.egress).toEqual([
      {
        id: expect.stringMatching(/^sgr-0[0-9a-f]{16}$/),
        protocol: 1,
        fromPort: 252,
        toPort: 86,
        peer: { kind: 'cidr', cidr: '255.255.255.255/32' },
        description: 'Disallow all traffic',
      },
    ]);
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test.each([
    [
      '{IpProtocol: TCP, FromPort: "22", ToPort: 22, CidrIp: 10.0.0.0/8}',
      { protocol: 6, fromPort: 22, toPort: 22 },
    ],
    [
      '{IpProtocol: 6, FromPort: 80, ToPort: 81, CidrIp: 10.0.0.0/8}',
      { protocol: 6, fromPort: 80, toPort: 81 },
    ],
    [
      '{IpProtocol: udp, FromPort: 0, ToPort: 65535, CidrIp: 10.0.0.0/8}',
      { protocol: 17, fromPort: 0, toPort: 65535 },
    ],
    ['{IpProtocol: -1, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}', { protocol: -1 }],
    [
      '{IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 10.0.0.0/8}',
      { protocol: 1, fromPort: 8, toPort: -1 },
    ],
    ['{IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 10.0.0.0/8}', { protocol: 1 }],
    ['{IpProtocol: 50, CidrIp: 10.0.0.0/8}', { protocol: 50 }],
  ])('%s', (rule, expected) => {
    const peer = { kind: 'cidr', cidr: '10.0.0.0/8' };
    expect(made(ingress(rule))?.ingress).toEqual([{ id: expect.any(String), ...expected, peer }]);
  });
  test('one rule where a list is expected', () => {
    const text = group('SecurityGroupIngress: {IpProtocol: -1, CidrIpv6: "2001:DB8::1/32"}');
    expect(made(text)?.ingress[0]?.peer).toEqual({ kind: 'cidr6', cidr: '2001:db8::/32' });
    expect(warningsOf(stackOf(text))).toEqual([
      'Resources.G.Properties.SecurityGroupIngress.CidrIpv6: "2001:DB8::1/32" has host bits set; AWS makes it 2001:db8::/32. Write 2001:db8::/32.',
    ]);
    expect(warningsOf(stackOf(text.replace('::1', '::')))).toEqual([]);
  });
  test('other groups by id and by name', () => {
    const rules = ingress(
      '{IpProtocol: -1, SourceSecurityGroupId: !GetAtt Group.GroupId}, {IpProtocol: -1, SourceSecurityGroupName: default}',
    );
    const { region } = stackOf(rules);
    const vpc = Object.values(region.vpcs)[0];
    expect(made(rules)?.ingress.map(({ peer }) => peer)).toEqual([
      { kind: 'group', groupId: made(rules, 'Group')?.id },
      { kind: 'group', groupId: vpc?.defaultSecurityGroupId },
    ]);
  });
  test('a rule without another end is no rule, with a warning', () => {
    const text = ingress('{IpProtocol: -1, CidrIp: !Ref AWS::NoValue}');
    expect(made(text)?.ingress).toEqual([]);
    expect(warningsOf(stackOf(text))[0]).toMatch(
      /^Resources\.G\.Properties\.SecurityGroupIngress\[0\]: The rule names no other end, so AWS adds no rule\./,
    );
  });
  test('prefix lists, of the template and unknown ones', () => {
    const own = `${ingress('{IpProtocol: -1, SourcePrefixListId: !Ref List}')}  List: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: offices, AddressFamily: IPv4, MaxEntries: 1}}`;
    const prefixListId = stackOf(own).stack.resources['List']?.physicalId;
    expect(made(own)?.ingress.map(({ peer }) => peer)).toEqual([
      { kind: 'prefix-list', prefixListId },
    ]);
    expect(warningsOf(stackOf(own))).toEqual([]);
    const foreign = group(
      'SecurityGroupEgress: [{IpProtocol: -1, DestinationPrefixListId: pl-78a54011}]',
    );
    expect(made(foreign)?.egress.map(({ peer }) => peer)).toEqual([
      { kind: 'prefix-list', prefixListId: 'pl-78a54011' },
    ]);
    expect(stackOf(foreign).region.prefixLists['pl-78a54011']).not.toHaveProperty('entries');
    expect(warningsOf(stackOf(foreign))).toEqual([
      'Resources.G.Properties.SecurityGroupEgress[0].DestinationPrefixListId: The prefix list pl-78a54011 is not known here: nor are its entries.',
    ]);
  });
  test.each([
    [
      '{IpProtocol: ssh, CidrIp: 0.0.0.0/0}',
      'IpProtocol: "ssh" is not a protocol. Use tcp, udp, icmp, icmpv6, -1 for all, or an IANA number from 0 to 255.',
    ],
    [
      '{IpProtocol: 256, CidrIp: 0.0.0.0/0}',
      'IpProtocol: "256" is not a protocol. Use tcp, udp, icmp, icmpv6, -1 for all, or an IANA number from 0 to 255.',
    ],
    [
      '{IpProtocol: tcp, FromPort: 22, CidrIp: 0.0.0.0/0}',
      'ToPort: tcp and udp need FromPort and ToPort.',
    ],
    [
      '{IpProtocol: tcp, FromPort: 23, ToPort: 22, CidrIp: 0.0.0.0/0}',
      'FromPort: 23–22 is not a port range from 0 to 65535.',
    ],
    [
      '{IpProtocol: tcp, FromPort: 22, ToPort: 65536, CidrIp: 0.0.0.0/0}',
      'FromPort: 22–65536 is not a port range from 0 to 65535.',
    ],
    [
      '{IpProtocol: tcp, FromPort: ssh, ToPort: 22, CidrIp: 0.0.0.0/0}',
      'FromPort: "ssh" is not a whole number.',
    ],
    [
      '{IpProtocol: -1, CidrIp: 198.51.100.10}',
      'CidrIp: "198.51.100.10" is not an IPv4 block. Write one address as 203.0.113.7/32.',
    ],
    ['{IpProtocol: -1, CidrIpv6: ":::/0"}', 'CidrIpv6: ":::/0" is not an IPv6 block.'],
  ])('refuses %s', (rule, message) => {
    expect(refusal(ingress(rule))).toEqual([
      `Resources.G.Properties.SecurityGroupIngress[0].${message}`,
    ]);
  });
  test('refuses two other ends', () => {
    expect(refusal(ingress('{IpProtocol: -1, CidrIp: 0.0.0.0/0, CidrIpv6: "::/0"}'))).toEqual([
      'Resources.G.Properties.SecurityGroupIngress[0]: A rule has one other end; this one has CidrIp, CidrIpv6. Write one rule for each.',
    ]);
  });
  test('refuses a name that the VPC has already', () => {
    expect(refusal(group('GroupName: test'))[0]).toMatch(
      /GroupName: vpc-0\w+ already has a group named "test": sg-0\w+\.$/,
    );
  });
  test('refuses a group of another VPC', () => {
    const text = inVpc(`
Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
G:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Other
    GroupDescription: d
    SecurityGroupIngress: [{IpProtocol: -1, SourceSecurityGroupId: !Ref Group}]`);
    expect(refusal(text)[0]).toMatch(
      /SourceSecurityGroupId: sg-0\w+ is in vpc-0\w+, the rule's group in vpc-0\w+, and the two are not peered so far\. Give the rule a DependsOn/,
    );
  });
  test.each([
    ['Vpc', 'Other'],
    ['Other', 'Vpc'],
  ])('a group of a peer, where %s asked %s', (requester, accepter) => {
    const text = inVpc(`
Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref ${requester}, PeerVpcId: !Ref ${accepter}}}
G:
  Type: AWS::EC2::SecurityGroup
  DependsOn: Peering
  Properties:
    VpcId: !Ref Other
    GroupDescription: d
    SecurityGroupIngress: [{IpProtocol: -1, SourceSecurityGroupId: !Ref Group}]`);
    const groupId = made(text, 'Group')?.id;
    expect(made(text)?.ingress.map(({ peer }) => peer)).toEqual([{ kind: 'group', groupId }]);
  });
  test('says that there is no default VPC', () => {
    const text =
      'Resources: {G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d}}}';
    expect(refusal(text)).toEqual([
      'Resources.G.Properties.VpcId: The group would go to the default VPC, and this region has none. Give the VpcId of a VPC.',
    ]);
  });
});

describe('rules as resources', () => {
  const rule = (type: string, properties: string) =>
    inVpc(
      `R: {Type: AWS::EC2::SecurityGroup${type}, Properties: {GroupId: !Ref Group, ${properties}}}`,
    );
  test('a group may let itself in', () => {
    const text = rule(
      'Ingress',
      'IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Group',
    );
    expect(made(text, 'Group')?.ingress).toEqual([
      {
        id: stackOf(text).stack.resources['R']?.physicalId,
        protocol: 6,
        fromPort: 8080,
        toPort: 8080,
        peer: { kind: 'group', groupId: made(text, 'Group')?.id },
      },
    ]);
  });
  test('a prefix list that is not known', () => {
    const text = rule('Egress', 'IpProtocol: -1, DestinationPrefixListId: pl-1');
    expect(made(text, 'Group')?.egress.at(-1)?.peer).toEqual({
      kind: 'prefix-list',
      prefixListId: 'pl-1',
    });
    expect(stackOf(text).region.prefixLists['pl-1']?.name).toBe('pl-1');
  });
  test('egress is added to the default rule', () => {
    const text = rule('Egress', 'IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: 1.1.1.1/32');
    expect(made(text, 'Group')?.egress.map(({ protocol }) => protocol)).toEqual([-1, 17]);
  });
});
