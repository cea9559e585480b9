/** Rules about IPv6, peers and prefix lists: never called needless where something needs them. */
import { describe, expect, test } from 'vitest';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { compile } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { needlessText, settingText, unwantedLines } from '../text/removable.ts';
import { removable } from './removable.ts';

const OPEN_ACL = (['0.0.0.0/0', '::/0'] as const).flatMap((cidr, index) => [
  entry(100 + index, 'ingress', 'allow', '-1', cidr),
  entry(100 + index, 'egress', 'allow', '-1', cidr),
]);

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .ipv6('vpc-1', '2001:db8:1::/56')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', { '0.0.0.0/0': 'igw-1', '::/0': 'igw-1' })
  .networkAcl('acl-1', 'vpc-1', OPEN_ACL)
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', {
    ...{ routeTable: 'rtb-1', acl: 'acl-1', ipv6Cidr: '2001:db8:1::/64' },
  })
  .group('sg-none', 'vpc-1', [], []);

/** One host, with these rules. */
const host = (ipv6: readonly string[], ...ingress: readonly SecurityGroupRule[]) =>
  base.group('sg-web', 'vpc-1', ingress, []).instance('web', {
    ...{ subnet: 'subnet-1', ip: '10.0.0.10', groups: ['sg-web'], publicIp: '198.18.0.10', ipv6 },
  });

function needlessIn({ region }: RegionBuilder): readonly string[] {
  return removable({ model: compile(region) }, []).needless.map(
    (each) => `${settingText(region, each.setting)} — ${needlessText(region, each)}`,
  );
}

const listed = (packet: string, prefixListId: string): SecurityGroupRule => ({
  ...rule(packet, 'sg-none'),
  ...{ id: `sgr-${packet}-${prefixListId}`, peer: { kind: 'prefix-list', prefixListId } },
});

describe('IPv6', () => {
  const SIX = ['2001:db8:1::10'];
  test('a rule for IPv6 is needed where hosts have IPv6', () => {
    expect(needlessIn(host(SIX, rule('tcp 80', '::/0')))).toEqual([]);
    // Without any, nothing can be said of it.
    expect(needlessIn(host([], rule('tcp 80', '::/0')))).toEqual([]);
  });
  test('one that another allows too is not, and IPv4 allows nothing of IPv6', () => {
    const narrow = rule('tcp 80', '2001:db8:9::/48');
    expect(needlessIn(host(SIX, rule('tcp 80', '::/0'), narrow))).toEqual([
      'sg-web in: tcp 80 from 2001:db8:9::/48 — tcp 80 from ::/0 allows it too',
    ]);
    expect(needlessIn(host(SIX, rule('tcp 80', '0.0.0.0/0'), narrow))).toEqual([]);
  });
  test('a reference is needed for one family, where the other has another rule', () => {
    const two = host(SIX, rule('tcp 80', 'sg-peer'), rule('tcp 80', '10.0.0.0/16'))
      .group('sg-peer', 'vpc-1', [], [rule('-1', '0.0.0.0/0'), rule('-1', '::/0')])
      .instance('peer', {
        ...{ subnet: 'subnet-1', ip: '10.0.0.11', groups: ['sg-peer'], ipv6: ['2001:db8:1::11'] },
      });
    expect(needlessIn(two).filter((text) => text.includes('from sg-peer'))).toEqual([]);
  });
  test('entries and routes that decide nothing', () => {
    const more = host(SIX, rule('tcp 80', '::/0'))
      .networkAcl('acl-1', 'vpc-1', [
        ...OPEN_ACL,
        entry(200, 'ingress', 'allow', 'tcp 80', '2001:db8:9::/48'),
      ])
      .routeTable('rtb-1', 'vpc-1', {
        ...{ '0.0.0.0/0': 'igw-1', '::/0': 'igw-1', '::/1': 'igw-1', '8000::/1': 'igw-1' },
      });
    expect(needlessIn(more)).toEqual([
      'network ACL acl-1 in: entry 200 — entries before it match everything that it matches',
      'route table rtb-1: ::/0 → Internet gateway — longer routes match everything that it matches',
    ]);
  });
  test('what a policy wants by IPv4 is wanted by IPv6, and nothing else is', () => {
    const { region } = host(SIX, rule('tcp 80', '::/0'), rule('tcp 22', '::/0'));
    const policies: readonly Policy[] = [
      { only: ['internet', 'admin', 'web'], mayReach: 'web', on: 'tcp 80' },
      { from: 'web', mustReach: 'hosts', on: 'tcp 1' },
    ];
    const { unwanted } = removable({ model: compile(region) }, policies);
    expect(unwanted.map(({ setting }) => settingText(region, setting))).toEqual([
      'sg-web in: tcp 22 from ::/0',
    ]);
    expect(unwanted.flatMap((each) => unwantedLines({ model: compile(region) }, each))).toEqual([
      'lets in: the Internet → web  IPv6: tcp 22',
    ]);
  });
});

describe('groups of other VPCs', () => {
  const peered = host([], rule('tcp 80', 'sg-far'))
    .vpc('vpc-2', '10.1.0.0/16')
    .peering('pcx-1', 'vpc-1', 'vpc-2')
    .routeTable('rtb-1', 'vpc-1', { '10.1.0.0/16': 'pcx-1' })
    .routeTable('rtb-2', 'vpc-2', { '10.0.0.0/16': 'pcx-1' })
    .networkAcl('acl-2', 'vpc-2', OPEN_ACL)
    .subnet('subnet-2', 'vpc-2', '10.1.0.0/24', { routeTable: 'rtb-2', acl: 'acl-2' });
  test('a reference to one of a peer is needed', () => {
    const far = peered
      .group('sg-far', 'vpc-2', [], [rule('-1', '0.0.0.0/0')])
      .instance('far', { subnet: 'subnet-2', ip: '10.1.0.10', groups: ['sg-far'] });
    expect(needlessIn(far)).toEqual([]);
  });
  test('of one that the region does not have, nothing can be said', () => {
    expect(needlessIn(peered)).toEqual([]);
  });
});

describe('prefix lists', () => {
  const known = base.prefixList('pl-known', '203.0.113.0/24');
  const withRules = (...ingress: readonly SecurityGroupRule[]) =>
    needlessIn(
      new RegionBuilder({
        ...host([], ...ingress).region,
        prefixLists: known.prefixList('pl-s3').region.prefixLists,
      }),
    );
  test('known entries are judged as blocks are', () => {
    expect(withRules(listed('tcp 80', 'pl-known'))).toEqual([]);
    expect(withRules(listed('tcp 80', 'pl-known'), rule('tcp 80', '203.0.112.0/23'))).toEqual([
      'sg-web in: tcp 80 from pl-known — tcp 80 from 203.0.112.0/23 allows it too',
    ]);
    expect(withRules(listed('tcp 80', 'pl-known'), rule('tcp 80', '203.0.113.0/28'))).toEqual([
      'sg-web in: tcp 80 from 203.0.113.0/28 — tcp 80 from pl-known allows it too',
    ]);
  });
  test('of unknown ones only everything is known to allow them too', () => {
    expect(withRules(listed('tcp 80', 'pl-s3'), rule('tcp 80', '52.0.0.0/8'))).toEqual([]);
    expect(withRules(listed('tcp 80', 'pl-s3'), rule('tcp 80', '0.0.0.0/0'))).toEqual([
      'sg-web in: tcp 80 from pl-s3 — tcp 80 from 0.0.0.0/0 allows it too',
    ]);
    // A list that the region does not have may be anything.
    expect(withRules(listed('tcp 80', 'pl-gone'), rule('tcp 80', '0.0.0.0/0'))).toEqual([]);
  });
  test('a block outside may be what an endpoint leads to', () => {
    const closed = base
      .prefixList('pl-s3')
      .gatewayEndpoint('vpce-1', 'vpc-1')
      .routeTable('rtb-1', 'vpc-1', { 'pl-s3': 'vpce-1' })
      .group('sg-app', 'vpc-1', [], [rule('tcp 443', '52.218.0.0/17')])
      .instance('app', { subnet: 'subnet-1', ip: '10.0.0.12', groups: ['sg-app'] });
    expect(needlessIn(closed).filter((text) => text.startsWith('sg-app'))).toEqual([]);
  });
});

test('what does not run now keeps its rules', () => {
  const stopped = base.group('sg-web', 'vpc-1', [rule('tcp 80', '0.0.0.0/0')]).instance('web', {
    ...{ subnet: 'subnet-1', ip: '10.0.0.10', groups: ['sg-web'], publicIp: '198.18.0.10' },
    attached: false,
  });
  expect(needlessIn(stopped)).toEqual([]);
});

test('a route that leads to what is not modelled is not said to decide nothing', () => {
  const away = host([], rule('tcp 80', '0.0.0.0/0'))
    .peering('pcx-away', 'vpc-away', 'vpc-1')
    .routeTable('rtb-1', 'vpc-1', { '0.0.0.0/0': 'igw-1', '192.168.0.0/16': 'pcx-away' });
  expect(needlessIn(away)).toEqual([]);
});
