/** Changes by IPv6, and between VPCs. */
import { expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { compile } from '../model.ts';
import { changeLines, shownChanges } from '../text/diff.ts';
import { diff } from './diff.ts';

const OPEN_ACL = (['0.0.0.0/0', '::/0'] as const).flatMap((cidr, index) => [
  entry(100 + index, 'ingress', 'allow', '-1', cidr),
  entry(100 + index, 'egress', 'allow', '-1', cidr),
]);

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .ipv6('vpc-1', '2001:db8:1::/56')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', { '10.1.0.0/16': 'pcx-1' })
  .networkAcl('acl-1', 'vpc-1', OPEN_ACL)
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', {
    ...{ routeTable: 'rtb-1', acl: 'acl-1', ipv6Cidr: '2001:db8:1::/64' },
  })
  .vpc('vpc-2', '10.1.0.0/16')
  .routeTable('rtb-2', 'vpc-2', { '10.0.0.0/16': 'pcx-1' })
  .networkAcl('acl-2', 'vpc-2', OPEN_ACL)
  .subnet('subnet-2', 'vpc-2', '10.1.0.0/24', { routeTable: 'rtb-2', acl: 'acl-2' })
  .peering('pcx-1', 'vpc-1', 'vpc-2', false)
  .group('sg-web', 'vpc-1', [rule('tcp 80', '2001:db8:9::/48')], [rule('-1', '0.0.0.0/0')])
  .group('sg-db', 'vpc-2', [rule('tcp 5432', '10.0.0.0/16')], [rule('icmp', '10.9.0.0/16')])
  .instance('web', {
    ...{ subnet: 'subnet-1', ip: '10.0.0.10', groups: ['sg-web'], ipv6: ['2001:db8:1::10'] },
  })
  .instance('db', { subnet: 'subnet-2', ip: '10.1.0.10', groups: ['sg-db'] });

function linesOf(before: Region, after: Region) {
  const found = diff({ model: compile(before) }, { model: compile(after) });
  const { exposed, unexposed, opened, closed } = found;
  return [exposed, unexposed, opened, closed].map((each) =>
    shownChanges(each).flatMap(changeLines),
  );
}

test('an exposure by IPv6, marked, with what is new about it', () => {
  const routed = base.routeTable('rtb-1', 'vpc-1', { '::/0': 'igw-1', '10.1.0.0/16': 'pcx-1' });
  expect(linesOf(base.region, routed.region)).toEqual([
    [
      'the Internet (2001:db8:9::/48) → web  IPv6: tcp 80',
      '  route table rtb-1: ::/0 → Internet gateway',
    ],
    ...[[], [], []],
  ]);
  expect(linesOf(routed.region, base.region)[1]).toHaveLength(2);
});

test('blocks that one of the regions does not name count alike in both', () => {
  const routed = base.routeTable('rtb-1', 'vpc-1', { '::/0': 'igw-1' });
  const wider = routed.group('sg-web', 'vpc-1', [rule('tcp 80', '2001:db8:8::/47')]);
  expect(linesOf(routed.region, wider.region)).toEqual([
    [
      'the Internet (2001:db8:8::/48) → web  IPv6: tcp 80',
      '  sg-web in: tcp 80 from 2001:db8:8::/47',
    ],
    ...[[], [], []],
  ]);
});

test('a peering that is accepted', () => {
  const peered = base.peering('pcx-1', 'vpc-1', 'vpc-2');
  expect(linesOf(base.region, peered.region)).toEqual([
    ...[[], []],
    ['web → db  tcp 5432', '  peering pcx-1'],
    [],
  ]);
});

test('an entry of a network ACL, in and out, and one that is taken away', () => {
  const routed = base.routeTable('rtb-1', 'vpc-1', { '::/0': 'igw-1' });
  const denied = (direction: 'ingress' | 'egress') =>
    routed.networkAcl('acl-1', 'vpc-1', [
      ...OPEN_ACL.filter(
        ({ egress, cidr }) => egress !== (direction === 'egress') || cidr !== '::/0',
      ),
      entry(200, direction, 'allow', 'tcp 22', '::/0'),
    ]);
  const open = (direction: 'in' | 'out') => [
    'the Internet (2001:db8:9::/48) → web  IPv6: tcp 80',
    `  network ACL acl-1 ${direction}: entry 101 allow ::/0`,
  ];
  expect(linesOf(denied('ingress').region, routed.region)[0]).toEqual(open('in'));
  expect(linesOf(routed.region, denied('ingress').region)[1]).toEqual(open('in'));
  // Replies: the way back is a part of the path, and not what it is about.
  expect(linesOf(denied('egress').region, routed.region)[0]?.[0]).toBe(open('out')[0]);
});

test('a rule out, and an address of IPv6', () => {
  const peered = base.peering('pcx-1', 'vpc-1', 'vpc-2');
  const mute = peered.group('sg-web', 'vpc-1', [rule('tcp 80', '2001:db8:9::/48')], []);
  expect(linesOf(mute.region, peered.region)[2]).toEqual([
    'web → db  tcp 5432',
    '  sg-web out: everything to 0.0.0.0/0',
  ]);
  const routed = base.routeTable('rtb-1', 'vpc-1', { '::/0': 'igw-1' });
  const bare = routed.instance('web', { subnet: 'subnet-1', ip: '10.0.0.10', groups: ['sg-web'] });
  expect(linesOf(bare.region, routed.region)[0]).toEqual([
    'the Internet (2001:db8:9::/48) → web  IPv6: tcp 80',
    '  web has an IPv6 address',
  ]);
});

test('a gateway endpoint, by its route', () => {
  const out = base
    .prefixList('pl-s3')
    .gatewayEndpoint('vpce-1', 'vpc-1')
    .group('sg-web', 'vpc-1', [], [rule('tcp 443', '0.0.0.0/0')]);
  const led = out.routeTable('rtb-1', 'vpc-1', { 'pl-s3': 'vpce-1' });
  const found = diff({ model: compile(out.region) }, { model: compile(led.region) });
  expect(shownChanges(found.opened).flatMap(changeLines)).toContain(
    '  route table rtb-1: pl-s3 → vpce-1',
  );
});
