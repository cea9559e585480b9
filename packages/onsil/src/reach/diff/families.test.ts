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
