import { describe, expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { compile } from '../model.ts';
import { ask, ask6, outcomesOf, tcp } from './support.ts';

/** A public subnet and a private one, of both families. */
const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .ipv6('vpc-1', '2001:db8:1::/56')
  .internetGateway('igw-1', 'vpc-1')
  .egressOnlyInternetGateway('eigw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1', '::/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '::/0': 'eigw-1' })
  .networkAcl('acl-open', 'vpc-1', [
    ...[entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0')],
    ...[entry(100, 'egress', 'allow', '-1', '0.0.0.0/0')],
    ...[entry(101, 'ingress', 'allow', '-1', '::/0'), entry(101, 'egress', 'allow', '-1', '::/0')],
  ])
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', {
    ...{ routeTable: 'rtb-public', acl: 'acl-open', ipv6Cidr: '2001:db8:1::/64' },
  })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
    ...{ routeTable: 'rtb-private', acl: 'acl-open', ipv6Cidr: '2001:db8:1:1::/64' },
  })
  .group(
    'sg-open',
    'vpc-1',
    [rule('-1', '0.0.0.0/0'), rule('-1', '::/0')],
    [rule('-1', '0.0.0.0/0'), rule('-1', '::/0')],
  )
  .group('sg-web', 'vpc-1', [rule('tcp 80', 'sg-open'), rule('tcp 90', '2001:db8:1:1::/64')])
  .instance('web', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-open'], ipv6: ['2001:db8:1::10'] },
  })
  .instance('app', {
    ...{ subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] },
    ipv6: ['2001:db8:1:1::10'],
  })
  .instance('quiet', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.11', groups: ['sg-web'], ipv6: ['2001:db8:1::11'] },
  });

describe('IPv6', () => {
  test('needs a route and an address, and nothing is translated', () => {
    expect(ask6(base.region, 'internet', 'web', 80)).toEqual(['reachable']);
    expect(ask6(base.region, '2600::1', 'web', 80)).toEqual(['reachable']);
    expect(ask6(base.region, 'web', '2600::1', 443)).toEqual(['reachable']);
    // The same host is hidden where IPv4 is concerned.
    expect(ask(base.region, 'internet', 'web', 80)).toEqual([
      'forward IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    ]);
    const bare = base.instance('bare', {
      ...{ subnet: 'subnet-public', ip: '10.0.0.12', groups: ['sg-open'] },
    });
    expect(ask6(bare.region, 'internet', 'bare', 80)).toEqual(['forward ENI_HAS_NO_IPV6_ADDRESS']);
  });
  test('0.0.0.0/0 says nothing about ::/0: routes, rules, entries', () => {
    const table = base.routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' });
    expect(ask6(table.region, 'web', '2600::1', 443)).toEqual(['forward NO_ROUTE_TO_DESTINATION']);
    const group = base.group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')]);
    expect(ask6(group.region, 'internet', 'web', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    const acl = base.networkAcl('acl-open', 'vpc-1', [
      entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
      entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
    ]);
    expect(ask6(acl.region, 'internet', 'web', 80)).toEqual(['forward SUBNET_ACL_RESTRICTION']);
  });
  test('inside the VPC by the local route; references match IPv6 addresses too', () => {
    expect(ask6(base.region, 'app', 'quiet', 80)).toEqual(['reachable']);
    expect(ask6(base.region, 'app', 'quiet', 90)).toEqual(['reachable']);
    expect(ask6(base.region, 'web', 'quiet', 90)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask6(base.region, 'web', '2001:db8:1:9::9', 90)).toEqual([
      'forward NO_POSSIBLE_DESTINATION',
    ]);
  });
  test('an egress-only gateway lets out what begins inside, and only replies in', () => {
    expect(ask6(base.region, 'app', '2600::1', 443)).toEqual(['reachable']);
    expect(ask6(base.region, 'internet', 'app', 80)).toEqual(['return EIGW_REPLY_WITHOUT_REQUEST']);
    const alone = base.internetGateway('igw-1', undefined);
    expect(ask6(alone.region, 'app', '2600::1', 443)).toEqual(['reachable']);
    expect(ask6(alone.region, 'internet', 'app', 80)).toEqual(['forward BAD_STATE_ATTACHMENT']);
    expect(ask6(alone.region, 'web', '2600::1', 443)).toEqual(['forward BAD_STATE_ROUTE']);
  });
  test('no NAT: a route to a NAT gateway would be NAT64, which is not modelled', () => {
    const made = base
      .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5', publicIp: '198.18.0.5' })
      .routeTable('rtb-private', 'vpc-1', { '64:ff9b::/96': 'nat-1' });
    expect(ask6(made.region, 'app', '64:ff9b::1', 443)).toEqual([
      'forward not modelled NAT64 by nat-1',
    ]);
  });
  test('services at fd00:ec2::/32; no wider route carries them', () => {
    expect(ask6(base.region, 'app', 'fd00:ec2::253', 53)).toEqual(['reachable']);
    expect(ask6(base.region, 'app', 'fd00:ec2::254', 80)).toEqual([
      'forward not modelled instance metadata by IPv6',
    ]);
    expect(ask6(base.region, 'app', 'fd00:ec2::9', 80)).toEqual([
      'forward NO_POSSIBLE_DESTINATION',
    ]);
  });
  test('peering carries it by routes on both sides', () => {
    const two = base
      .vpc('vpc-2', '10.2.0.0/16')
      .ipv6('vpc-2', '2001:db8:2::/56')
      .peering('pcx-1', 'vpc-1', 'vpc-2')
      .routeTable('rtb-2', 'vpc-2', { '2001:db8:1::/56': 'pcx-1' })
      .subnet('subnet-2', 'vpc-2', '10.2.0.0/24', {
        ...{ routeTable: 'rtb-2', acl: 'acl-open', ipv6Cidr: '2001:db8:2::/64' },
      })
      .instance('far', {
        ...{ subnet: 'subnet-2', ip: '10.2.0.10', groups: ['sg-open'], ipv6: ['2001:db8:2::10'] },
      });
    const routed = two.routeTable('rtb-private', 'vpc-1', { '2001:db8:2::/56': 'pcx-1' });
    expect(ask6(routed.region, 'app', 'far', 80)).toEqual(['reachable']);
    expect(ask6(two.region, 'app', 'far', 80)).toEqual(['forward BAD_STATE_ATTACHMENT']);
    // A reply by the Internet to what left by peering: no egress-only gateway awaits it.
    const astray = routed
      .internetGateway('igw-1', undefined)
      .internetGateway('igw-2', 'vpc-2')
      .routeTable('rtb-2', 'vpc-2', { '::/0': 'igw-2' });
    expect(ask6(astray.region, 'app', 'far', 80)).toEqual(['return BAD_STATE_ATTACHMENT']);
  });
});

test('addresses that the region does not tell apart are one number, of a family', () => {
  const { space } = compile(base.region, 'ipv6', { named: ['2600::1'] });
  expect(space.textOf(space.addressOf('2001:db8:1::10'))).toBe('2001:db8:1::10');
  expect(space.rangesOf('2001:db8:1::/64').map(space.rangeText)).toEqual(['2001:db8:1::/64']);
  expect(space.rangesOf('::/0')).toEqual([{ first: 0, last: 2 ** 32 - 1 }]);
  expect(space.rangesOf('10.0.0.0/8')).toEqual([]);
  expect(() => space.addressOf('2600::5')).toThrow('"2600::5" is not told apart');
  const [outcome] = outcomesOf(base.region, '2600::1', 'web', tcp(80), ['2600::1']);
  expect(outcome?.forward).toMatchObject([
    { kind: 'ipv6-gateway', egressOnly: false },
    { kind: 'network-acl', entries: [101] },
    { kind: 'security-group' },
    { kind: 'network-interface', does: 'receives' },
  ]);
});
