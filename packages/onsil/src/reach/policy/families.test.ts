/** What a VPC of today has beside IPv4, instances and groups. */
import { describe, expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { compile } from '../model.ts';
import { findingLines } from '../text/policy.ts';
import { judge } from './judge.ts';
import { endsIn, type Policy } from './policy.ts';

const OPEN_ACL = (['0.0.0.0/0', '::/0'] as const).flatMap((cidr, index) => [
  entry(100 + index, 'ingress', 'allow', '-1', cidr),
  entry(100 + index, 'egress', 'allow', '-1', cidr),
]);
const ANYWHERE = [rule('-1', '0.0.0.0/0'), rule('-1', '::/0')];

/** An edge that everybody reaches, and an app that nobody should. */
const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .ipv6('vpc-1', '2001:db8:1::/56')
  .internetGateway('igw-1', 'vpc-1')
  .egressOnlyInternetGateway('eigw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1', '::/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', '::/0': 'eigw-1' })
  .networkAcl('acl-1', 'vpc-1', OPEN_ACL)
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', {
    ...{ routeTable: 'rtb-public', acl: 'acl-1', ipv6Cidr: '2001:db8:1::/64' },
  })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
    ...{ routeTable: 'rtb-private', acl: 'acl-1', ipv6Cidr: '2001:db8:1:1::/64' },
  })
  .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.9', publicIp: '198.18.0.9' })
  .group('sg-edge', 'vpc-1', [rule('tcp 80', '0.0.0.0/0'), rule('tcp 80', '::/0')], ANYWHERE)
  .group('sg-app', 'vpc-1', [rule('tcp 80', '::/0'), rule('tcp 3000', 'sg-edge')], ANYWHERE)
  .instance('edge', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-edge'] },
    ...{ publicIp: '198.18.0.10', ipv6: ['2001:db8:1::10'] },
  })
  .instance('app', {
    ...{ subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-app'] },
    ...{ ipv6: ['2001:db8:1:1::10'] },
  });
/** The same, the app's IPv6 led to the Internet gateway. */
const exposed = base.routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', '::/0': 'igw-1' });

function held(region: Region, policy: Policy) {
  const [judged] = judge({ model: compile(region), administrator: '198.51.100.10/32' }, [policy]);
  const lines = judged?.findings.map((each) => findingLines(each)[0]) ?? [];
  return [judged?.verdict, ...lines].join(': ');
}

describe('IPv6', () => {
  test.each<[Policy, string]>([
    [
      { from: 'internet', mayReachOnly: 'edge', on: 'tcp 80, 443' },
      'broken: the Internet → app  IPv6: tcp 80',
    ],
    [{ from: 'internet', mustNotReach: 'app' }, 'broken: the Internet → app  IPv6: tcp 80'],
    [{ only: 'edge', mayReach: 'app' }, 'broken: the Internet → app  IPv6: tcp 80'],
    [{ sameExposureByIpv6: 'hosts' }, 'broken: the Internet → app  IPv6: tcp 80'],
    [{ sameExposureByIpv6: 'edge' }, 'kept'],
  ])('a private host with a route to the Internet gateway: %j', (policy, text) => {
    expect(held(base.region, policy)).toBe('kept');
    expect(held(exposed.region, policy)).toBe(text);
  });
  test('open to a few by IPv4 and to everybody by IPv6', () => {
    const wide = base.group('sg-edge', 'vpc-1', [
      ...[rule('tcp 22', '203.0.113.0/24'), rule('tcp 22', '::/0')],
    ]);
    expect(held(wide.region, { sameExposureByIpv6: 'edge' })).toBe(
      'broken: the Internet → edge  IPv6: tcp 22',
    );
    // The administrator alone is not everybody.
    const admin = base.group('sg-edge', 'vpc-1', [
      ...[rule('tcp 22', '198.51.100.10/32'), rule('tcp 22', '::/0')],
    ]);
    expect(held(admin.region, { only: ['admin', 'app'], mayReach: 'edge', on: 'tcp 22' })).toBe(
      'broken: the Internet → edge  IPv6: tcp 22',
    );
    expect(held(admin.region, { sameExposureByIpv6: 'edge' })).toBe(
      'broken: the Internet → edge  IPv6: tcp 22',
    );
    const narrow = base.group('sg-edge', 'vpc-1', [
      ...[rule('tcp 22', '203.0.113.0/24'), rule('tcp 22', '2001:db8:9::/48')],
    ]);
    expect(held(narrow.region, { sameExposureByIpv6: 'edge' })).toBe('kept');
  });
  test('an echo is an echo in both families', () => {
    const echo = (four: string, six: string) =>
      base.group('sg-edge', 'vpc-1', [rule(four, '0.0.0.0/0'), rule(six, '::/0')]).region;
    const policy = { sameExposureByIpv6: 'edge' } as const;
    expect(held(echo('icmp 8', 'icmpv6 128'), policy)).toBe('kept');
    expect(held(echo('icmp', 'icmpv6'), policy)).toBe('kept');
    expect(held(echo('icmp 3', 'icmpv6 128'), policy)).toMatch(/^broken/);
    const ping = { from: 'internet', mustNotReach: 'edge', on: 'ping' } as const;
    expect(held(echo('tcp 80', 'icmpv6 128'), ping)).toBe(
      'broken: the Internet → edge  IPv6: icmpv6 type 128',
    );
  });
  test('blocks and addresses of IPv6 are ends too', () => {
    const from = '2001:db8:9::/48';
    expect(held(exposed.region, { from, mustReach: 'app', on: 'tcp 80' })).toBe('kept');
    expect(held(exposed.region, { from, mustNotReach: 'app' })).toMatch(/^broken: .* → app/);
    expect(held(base.region, { from, mustReach: 'app', on: 'tcp 80' })).toMatch(/^broken/);
    const address = '2001:db8:1:1::10';
    expect(held(base.region, { from: 'edge', mustReach: address, on: 'tcp 3000' })).toBe('kept');
  });
  test('a host without IPv6 is held by IPv4 alone, and none by what it does not have', () => {
    const four = exposed.instance('four', {
      ...{ subnet: 'subnet-private', ip: '10.0.1.11', groups: ['sg-app'] },
    });
    expect(held(four.region, { from: 'internet', mustNotReach: ['app', 'four'] })).toBe(
      'broken: the Internet → app  IPv6: tcp 80',
    );
    expect(held(four.region, { sameExposureByIpv6: 'hosts' })).toBe(
      'broken: the Internet → app  IPv6: tcp 80',
    );
    expect(held(four.region, { sameExposureByIpv6: 'four' })).toBe('kept');
    const [judged] = judge({ model: compile(four.region) }, [
      { from: 'internet', mustNotReach: ['app', 'four'] },
    ]);
    // Two hosts by IPv4 that are of one kind, and one by IPv6.
    expect(judged?.pairs).toBe(2);
  });
  test('only through an instance is said of IPv6 too, only through NATs is not', () => {
    // A NAT gateway takes no IPv6, which goes out beside it; an instance could take it.
    const from = 'app';
    expect(held(base.region, { from, mayReach: 'internet', onlyThrough: ['nat-1'] })).toBe('kept');
    expect(held(base.region, { from, mayReach: 'internet', onlyThrough: ['nat-1', 'edge'] })).toBe(
      'broken: app → the Internet  IPv6: everything',
    );
  });
  test('where IPv6 leads to what is not modelled, the exposure cannot be told', () => {
    const away = base
      .peering('pcx-away', 'vpc-1', 'vpc-away')
      .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', '::/0': 'pcx-away' });
    expect(held(away.region, { sameExposureByIpv6: 'app' })).toMatch(/^unknown: .* → app/);
    // What IPv4 opens as well is no finding.
    expect(held(away.region, { sameExposureByIpv6: 'edge' })).toBe('kept');
  });
  test('what is reached by IPv6 on further services than allowed is named as such', () => {
    const policy = { from: 'internet', mayReachOnly: 'edge', on: 'tcp 443' } as const;
    expect(held(base.region, policy)).toBe(
      'broken: the Internet → edge  tcp 80: the Internet → edge  IPv6: tcp 80',
    );
  });
  test('who must reach does so by IPv4', () => {
    const four = base.group('sg-app', 'vpc-1', [], [rule('-1', '0.0.0.0/0')]);
    expect(held(four.region, { from: 'app', mustReach: 'internet', on: 'tcp 443' })).toBe('kept');
  });
});

test('a NAT gateway is one of any NAT', () => {
  const policy = { from: 'private-hosts', mayReach: 'internet', onlyThrough: 'any-nat' } as const;
  expect(held(base.region, policy)).toBe('kept');
  expect(held(base.region, { ...policy, onlyThrough: 'nat-1' })).toBe('kept');
  expect(held(base.region, { ...policy, onlyThrough: 'edge' })).toMatch(/^broken: app → /);
});

test('who sends or receives does not pass itself', () => {
  const through = { mayReach: 'internet', onlyThrough: 'edge' } as const;
  expect(held(base.region, { from: 'edge', ...through })).toMatch(/^broken: edge → /);
  const into = { mayReach: 'edge', onlyThrough: 'edge' } as const;
  expect(held(base.region, { from: 'internet', ...into })).toMatch(/^broken: .* → edge/);
});

describe('services of AWS', () => {
  /** S3 by a gateway endpoint, which takes no udp. */
  const s3 = base
    .prefixList('pl-s3')
    .gatewayEndpoint('vpce-s3', 'vpc-1')
    .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', 'pl-s3': 'vpce-s3' });
  const closed = base
    .prefixList('pl-s3')
    .gatewayEndpoint('vpce-s3', 'vpc-1')
    .routeTable('rtb-private', 'vpc-1', { 'pl-s3': 'vpce-s3' });
  /** As an account says it: with the list's entries. */
  const known = s3.prefixList('pl-s3', '52.218.0.0/17');
  test.each<[RegionBuilder, Policy, RegExp]>([
    [known, { from: 'app', mayReach: 'internet', onlyThrough: 'any-nat' }, /^kept$/],
    [s3, { from: 'app', mayReach: 'internet', onlyThrough: 'any-nat' }, /^kept$/],
    [s3, { from: 'app', mustReach: 'internet', on: 'udp 123' }, /^kept$/],
    [closed, { from: 'app', mustNotReach: 'internet' }, /^kept$/],
    [closed, { from: 'app', mustNotReach: 'pl-s3' }, /^broken: app → /],
    [closed, { from: 'app', mustReach: 'pl-s3', on: 'tcp 443' }, /^kept$/],
    // Whoever is there may reach the edge as everybody outside does.
    [closed, { only: ['internet', 'admin', 'app'], mayReach: 'edge' }, /^kept$/],
  ])('are not the Internet for who reaches them (%#)', ({ region }, policy, verdict) => {
    expect(held(region, policy)).toMatch(verdict);
  });
});

describe('two VPCs', () => {
  const two = base
    .vpc('vpc-2', '10.1.0.0/16')
    .networkAcl('acl-2', 'vpc-2', OPEN_ACL)
    .routeTable('rtb-2', 'vpc-2', { '10.0.0.0/16': 'pcx-1' })
    .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1', '10.1.0.0/16': 'pcx-1' })
    .subnet('subnet-2', 'vpc-2', '10.1.0.0/24', { routeTable: 'rtb-2', acl: 'acl-2' })
    .group('sg-peer', 'vpc-2', [rule('tcp 5432', 'sg-edge')], ANYWHERE)
    .instance('peer', { subnet: 'subnet-2', ip: '10.1.0.10', groups: ['sg-peer'] });
  const peered = two.peering('pcx-1', 'vpc-1', 'vpc-2').region;
  const apart = two.peering('pcx-1', 'vpc-1', 'vpc-2', false).region;
  test('policies hold across a peering', () => {
    const must = { from: 'edge', mustReach: 'group:sg-peer', on: 'tcp 5432' } as const;
    expect([peered, apart].map((each) => held(each, must).split(':')[0])).toEqual([
      ...['kept', 'broken'],
    ]);
    const not = { from: 'vpc-1', mustNotReach: 'peer' } as const;
    const from = '10.0.0.0/16';
    expect(held(peered, { ...not, from })).toBe('broken: edge → peer  tcp 5432');
    expect(held(apart, { ...not, from })).toBe('kept');
    expect(held(peered, { only: 'edge', mayReach: 'peer' })).toBe('kept');
  });
});

test('names that instances do not have: of a NAT gateway, an endpoint, an interface, a subnet', () => {
  const tagged = (id: string) => ({ ...base.region.logicalIds, [id]: 'Egress' });
  const { region } = base;
  const pairsTo = (end: string, of: Region = region) =>
    judge({ model: compile(of) }, [{ from: 'internet', mustNotReach: end, on: 'tcp 1' }])[0]?.pairs;
  // By each family that it has.
  expect(pairsTo('nat-1')).toBe(1);
  expect(pairsTo('Egress', { ...region, logicalIds: tagged('nat-1') })).toBe(1);
  expect(pairsTo('eni-app')).toBe(2);
  expect(pairsTo('i-app')).toBe(2);
  expect(pairsTo('subnet-public')).toBe(3);
  expect(() => pairsTo('group:eni-app')).toThrow('which nothing is called');
  expect(() => pairsTo('Egres', { ...region, logicalIds: tagged('nat-1') })).toThrow(
    'Did you mean Egress?',
  );
  expect(() => pairsTo('sg-edg')).toThrow('Did you mean sg-edge?');
});

test('a policy names ends on both of its sides, whatever its form', () => {
  const six = '2001:db8:9::/48';
  for (const policy of [
    { only: six, mayReach: 'app' },
    { from: six, mayReachOnly: 'app' },
    { from: 'app', mayReachOnly: six },
    { from: 'app', mustNotReach: six },
    { from: 'app', mustReach: six, on: 'tcp 443' },
    { from: six, mayReach: 'app', onlyThrough: 'edge' },
    { from: 'app', mayReach: six, onlyThrough: 'edge' },
    { from: 'app', mayReach: 'edge', onlyThrough: six },
    { sameExposureByIpv6: six },
  ] as readonly Policy[]) {
    expect(endsIn(policy)).toContain(six);
    // A block that no rule names is told apart from its neighbours where a policy does.
    expect(() => held(base.region, policy)).not.toThrow();
  }
});
