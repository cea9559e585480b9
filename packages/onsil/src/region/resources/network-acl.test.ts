import { expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const acl = (...entries: string[]) =>
  inVpc(`
Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
Association: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref Public, NetworkAclId: !Ref Acl}}
${entries.map((entry, index) => `E${index}: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Acl, ${entry}}}`).join('\n')}`);

function made(text: string) {
  const { region, stack } = stackOf(text);
  const id = stack.resources['Acl']?.physicalId ?? '';
  const subnet = region.subnets[stack.resources['Public']?.physicalId ?? ''];
  return { acl: region.networkAcls[id], inForce: subnet?.networkAclId === id };
}

test('a new one denies everything, and is in force where it is associated', () => {
  expect(made(acl())).toMatchObject({ acl: { isDefault: false, entries: [] }, inForce: true });
});

test('entries are sorted by direction and number', () => {
  const text = acl(
    'RuleNumber: 200, Protocol: 6, RuleAction: allow, CidrBlock: 0.0.0.0/0, PortRange: {From: 80, To: 81}',
    'RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0, Egress: true',
    'RuleNumber: "100", Protocol: 1, RuleAction: deny, CidrBlock: 10.0.0.1/8, Icmp: {Type: 8, Code: -1}',
  );
  expect(made(text).acl?.entries).toEqual([
    {
      number: 100,
      egress: false,
      protocol: 1,
      fromPort: 8,
      toPort: -1,
      cidr: '10.0.0.0/8',
      action: 'deny',
    },
    {
      number: 200,
      egress: false,
      protocol: 6,
      fromPort: 80,
      toPort: 81,
      cidr: '0.0.0.0/0',
      action: 'allow',
    },
    { number: 100, egress: true, protocol: -1, cidr: '0.0.0.0/0', action: 'allow' },
  ]);
});

test('an IPv6 block, and ICMPv6 by type and code', () => {
  const text = acl(
    'RuleNumber: 1, Protocol: 58, RuleAction: allow, Ipv6CidrBlock: "::/0", Icmp: {Type: 128, Code: 0}',
  );
  expect(made(text).acl?.entries).toEqual([
    {
      number: 1,
      egress: false,
      protocol: 58,
      fromPort: 128,
      toPort: 0,
      cidr: '::/0',
      action: 'allow',
    },
  ]);
  expect(warningsOf(stackOf(text))).toEqual([]);
});

test('refuses both an IPv4 and an IPv6 block', () => {
  const both = 'RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0';
  expect(refusal(acl(`${both}, Ipv6CidrBlock: "::/0"`))).toEqual([
    'Resources.E0.Properties: An entry has one block; this one has CidrBlock and Ipv6CidrBlock.',
  ]);
});

test.each([
  [
    'RuleNumber: 40000, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0',
    'RuleNumber: 40000 is out of range; 1 to 32766 is allowed.',
  ],
  [
    'RuleNumber: 1, Protocol: 6, RuleAction: allow, CidrBlock: 0.0.0.0/0',
    'PortRange: tcp and udp need PortRange with From and To.',
  ],
  [
    'RuleNumber: 1, Protocol: -1, RuleAction: accept, CidrBlock: 0.0.0.0/0',
    'RuleAction: "accept" is none of allow, deny.',
  ],
])('refuses %s', (entry, message) => {
  expect(refusal(acl(entry))).toEqual([`Resources.E0.Properties.${message}`]);
});

test('refuses a number twice in one direction', () => {
  const entry = 'RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0';
  expect(refusal(acl(entry, entry))[0]).toMatch(
    /^Resources\.E1\.Properties\.RuleNumber: acl-0\w+ already has an ingress entry with number 1\.$/,
  );
});
