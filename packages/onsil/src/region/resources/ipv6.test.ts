/** IPv6 of a VPC, its subnets and its interfaces. */
import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';
import { contains6 } from '../ipv6.ts';

const BLOCK =
  'Block: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}';
const CUT = '!Select [1, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 4, 64]]';
const subnet = (properties: string, name = 'S', cidr = '10.0.3.0/24') =>
  `${name}: {Type: AWS::EC2::Subnet, DependsOn: Block, Properties: {VpcId: !Ref Vpc, CidrBlock: ${cidr}, ${properties}}}`;
const dual = (more: string, properties = '') =>
  inVpc(`${BLOCK}\n${subnet(`Ipv6CidrBlock: ${CUT}${properties}`)}\n${more}`);

function made(text: string) {
  const { region, stack } = stackOf(text);
  const idOf = (name: string) => stack.resources[name]?.physicalId ?? '';
  return { region, stack, idOf, vpc: region.vpcs[idOf('Vpc')] };
}

describe('the block of a VPC', () => {
  const text = inVpc(`${BLOCK}
Late: {Type: AWS::EC2::RouteTable, DependsOn: Block, Properties: {VpcId: !Ref Vpc}}
LateGroup: {Type: AWS::EC2::SecurityGroup, DependsOn: Block, Properties: {VpcId: !Ref Vpc, GroupDescription: d}}`);
  const { region, vpc, idOf, stack } = made(text);
  const [block = ''] = vpc?.ipv6Cidrs ?? [];

  test('is a /56, the same in every run, and what GetAtt gives', () => {
    expect(block).toMatch(/^2001:db8:[0-9a-f]{1,4}:[0-9a-f]{1,2}00::\/56$/);
    expect(stack.resources['Vpc']?.attributes['Ipv6CidrBlocks']).toEqual([block]);
    expect(made(text).vpc?.ipv6Cidrs).toEqual([block]);
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test('is a local route of each table, also of one that is made later', () => {
    for (const name of ['Table', 'Late']) {
      expect(region.routeTables[idOf(name)]?.routes).toEqual([
        { destination: '10.0.0.0/16', target: { kind: 'local' } },
        { destination: block, target: { kind: 'local' } },
      ]);
    }
    expect(region.routeTables[vpc?.mainRouteTableId ?? '']?.routes).toHaveLength(2);
  });
  test('opens the default network ACL, the default group, and new groups outwards', () => {
    const { entries } = region.networkAcls[vpc?.defaultNetworkAclId ?? ''] ?? {};
    expect(entries?.map(({ number, egress, cidr }) => [number, egress, cidr])).toEqual([
      [100, false, '0.0.0.0/0'],
      [101, false, '::/0'],
      [100, true, '0.0.0.0/0'],
      [101, true, '::/0'],
    ]);
    for (const id of [vpc?.defaultSecurityGroupId ?? '', idOf('LateGroup')]) {
      expect(region.securityGroups[id]?.egress.map(({ peer }) => peer)).toEqual([
        { kind: 'cidr', cidr: '0.0.0.0/0' },
        { kind: 'cidr6', cidr: '::/0' },
      ]);
    }
  });
  test('opens no direction of a default network ACL that was changed', () => {
    const changed = made(
      inVpc(`Deny: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !GetAtt Vpc.DefaultNetworkAcl, RuleNumber: 200, Egress: true, Protocol: -1, RuleAction: deny, CidrBlock: 192.0.2.0/24}}
${BLOCK.replace('Properties', 'DependsOn: Deny, Properties')}`),
    );
    const { entries } = changed.region.networkAcls[changed.vpc?.defaultNetworkAclId ?? ''] ?? {};
    expect(entries?.map(({ number, egress }) => [number, egress])).toEqual([
      [100, false],
      [101, false],
      [100, true],
      [200, true],
    ]);
  });
  test('a second one is another, and of one’s own it is as given', () => {
    const more = (properties: string) =>
      inVpc(`${BLOCK}
Two: {Type: AWS::EC2::VPCCidrBlock, DependsOn: Block, Properties: {VpcId: !Ref Vpc, ${properties}}}`);
    const drawn = made(more('AmazonProvidedIpv6CidrBlock: true')).vpc?.ipv6Cidrs ?? [];
    expect(new Set(drawn).size).toBe(2);
    const own = more('Ipv6CidrBlock: "2001:DB8:FFFF::/56", Ipv6Pool: pool');
    expect(made(own).vpc?.ipv6Cidrs).toEqual([block, '2001:db8:ffff::/56']);
    const twice = refusal(more('Ipv6CidrBlock: !Select [0, !GetAtt Vpc.Ipv6CidrBlocks]'));
    expect(twice[0]).toContain(`${block} overlaps ${block}, which vpc-`);
  });
});

describe('the block of a subnet', () => {
  test('is a /64 that Fn::Cidr cuts', () => {
    const { region, stack, idOf, vpc } = made(dual(''));
    const made6 = region.subnets[idOf('S')]?.ipv6Cidr ?? '';
    expect(made6).toMatch(/01::\/64$/);
    expect(contains6(vpc?.ipv6Cidrs[0] ?? '', made6)).toBe(true);
    expect(stack.resources['S']?.attributes['Ipv6CidrBlocks']).toEqual([made6]);
    expect(warningsOf(stackOf(dual('')))).toEqual([]);
  });
  test('may come by AWS::EC2::SubnetCidrBlock', () => {
    const cidr = (name: string) =>
      `${name}: {Type: AWS::EC2::SubnetCidrBlock, DependsOn: Block, Properties: {SubnetId: !Ref Public, Ipv6CidrBlock: ${CUT}}}`;
    const { region, idOf } = made(inVpc(`${BLOCK}\n${cidr('C')}`));
    expect(region.subnets[idOf('Public')]?.ipv6Cidr).toMatch(/01::\/64$/);
    const twice = inVpc(`${BLOCK}\n${cidr('C')}\n${cidr('D')}`);
    expect(refusal(twice)[0]).toMatch(/SubnetId: subnet-0\w+ already has the IPv6 block 2001:db8:/);
  });
  test('is a way around the local route by a middlebox, as a whole', () => {
    const route = (destination: string) =>
      dual(`Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public}}
R: {Type: AWS::EC2::Route, DependsOn: S, Properties: {RouteTableId: !Ref Table, DestinationIpv6CidrBlock: ${destination}, NetworkInterfaceId: !Ref Eni}}`);
    const { region, idOf } = made(route(CUT));
    expect(region.routeTables[idOf('Table')]?.routes.at(-1)).toEqual({
      destination: region.subnets[idOf('S')]?.ipv6Cidr,
      target: { kind: 'network-interface', id: idOf('Eni') },
    });
    expect(refusal(route(CUT.replace('[1,', '[2,')))[0]).toMatch(
      /is more specific than the local route 2001:db8:\S+, and not the block of a whole subnet; those are 2001:db8:\S+\/64\.$/,
    );
  });
  test.each([
    [
      'Ipv6CidrBlock: "2001:db8::/60"',
      /Ipv6CidrBlock: 2001:db8::\/60 is a \/60; a subnet has a \/64/,
    ],
    [
      'Ipv6CidrBlock: "2001:db9::/64"',
      /Ipv6CidrBlock: 2001:db9::\/64 is not inside an IPv6 block of vpc-0\w+; it has 2001:db8:\S+ so far\. Give the VPC one/,
    ],
    ['Ipv6CidrBlock: x', /Ipv6CidrBlock: "x" is not an IPv6 block\.$/],
    ['AssignIpv6AddressOnCreation: true', /The subnet has no IPv6 block to assign addresses of\./],
    ['Ipv6Native: true', /Ipv6Native: A subnet without IPv4 is not modelled\. Give a CidrBlock\.$/],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(inVpc(`${BLOCK}\n${subnet(properties)}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
  test('refuses one that another subnet has', () => {
    const text = dual(subnet(`Ipv6CidrBlock: ${CUT}`, 'S2', '10.0.4.0/24'));
    expect(refusal(text)[0]).toMatch(/Ipv6CidrBlock: \S+ overlaps \S+ of subnet subnet-0\w+\.$/);
  });
});

describe('the addresses of an interface', () => {
  const eni = (properties: string, assign = '') =>
    dual(
      `I: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref S, ${properties}}}`,
      assign,
    );
  const ASSIGN = ', AssignIpv6AddressOnCreation: true';
  const addressesOf = (text: string) => {
    const { region, idOf } = made(text);
    const id = region.instances[idOf('I')]?.networkInterfaceIds[0] ?? idOf('I');
    const addresses = region.networkInterfaces[id]?.ipv6Addresses ?? [];
    const cidr = region.subnets[idOf('S')]?.ipv6Cidr ?? '';
    for (const address of addresses) expect(contains6(cidr, address)).toBe(true);
    return addresses;
  };
  const AT = (host: string) =>
    `Ipv6Addresses: [{Ipv6Address: !Join ["", [!Select [0, !Split ["::", ${CUT}]], "::${host}"]]}]`;

  test.each([
    ['none', '', '', 0],
    ['as many as are asked for', 'Ipv6AddressCount: 3', '', 3],
    ['one that the subnet assigns', '', ASSIGN, 1],
    ['none where none is asked for', 'Ipv6AddressCount: 0', ASSIGN, 0],
    ['the given one, and no other', AT('1:a'), ASSIGN, 1],
  ])('%s', (_what, properties, assign, count) => {
    const addresses = addressesOf(eni(properties, assign));
    expect(new Set(addresses).size).toBe(count);
    expect(warningsOf(stackOf(eni(properties, assign)))).toEqual([]);
  });
  test('of an instance, in its short form and inline', () => {
    const instance = (properties: string) =>
      dual(
        `I: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0123456789abcdef0, ${properties}}}`,
      );
    expect(addressesOf(instance('SubnetId: !Ref S, Ipv6AddressCount: 1'))).toHaveLength(1);
    const inline = `NetworkInterfaces: [{DeviceIndex: 0, SubnetId: !Ref S, ${AT('1:a')}}]`;
    expect(addressesOf(instance(inline))).toEqual([expect.stringMatching(/:1:a$/)]);
  });
  test.each([
    [
      AT('3'),
      /Ipv6Addresses: ".+::3" is reserved: AWS keeps the first four and the last address of/,
    ],
    [
      'Ipv6Addresses: [{Ipv6Address: "2001:db9::5"}]',
      /"2001:db9::5" is not inside 2001:db8:\S+, the/,
    ],
    ['Ipv6Addresses: [{Ipv6Address: 10.0.0.1}]', /"10\.0\.0\.1" is not an IPv6 address\.$/],
    [
      `Ipv6AddressCount: 1, ${AT('5')}`,
      /Ipv6AddressCount: Give either addresses or their count\.$/,
    ],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(eni(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
  test('refuses one that is in use, and one in a subnet without IPv6', () => {
    const two = `${eni(AT('5'))}  J: {Type: AWS::EC2::NetworkInterface, DependsOn: I, Properties: {SubnetId: !Ref S, ${AT('0:5')}}}`;
    expect(refusal(two)[0]).toMatch(
      /Resources\.J\.Properties\.Ipv6Addresses: ".+" is already in use/,
    );
    const without = eni('Ipv6AddressCount: 1').replace(
      'SubnetId: !Ref S,',
      'SubnetId: !Ref Public,',
    );
    expect(refusal(without)[0]).toMatch(
      /Ipv6AddressCount: subnet-0\w+ has no IPv6 block\. Give the subnet an Ipv6CidrBlock\.$/,
    );
  });
});
