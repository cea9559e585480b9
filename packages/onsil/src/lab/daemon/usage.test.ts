import { expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { type Usage, usageOf, usageSince } from './usage.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .networkAcl('acl-1', 'vpc-1', [entry(7, 'egress', 'deny', 'tcp 25', '0.0.0.0/0')])
  .group('sg-1', 'vpc-1', [rule('tcp 80', 'sg-1')], []);

test('everything that a user has written is there: no local route, no last entry', () => {
  const counts = new Map([
    ['security-group ingress sg-1 sgr-tcp 80-sg-1', { packets: 3, bytes: 180 }],
    ['network-acl egress acl-1 7', { packets: 0, bytes: 0 }],
    ['network-acl egress acl-1 *', { packets: 9, bytes: 9 }],
  ]);
  const used = usageOf(region, counts);
  const of = (kind: string) => used.filter(({ decider }) => decider.kind === kind);
  expect(of('security-group')).toEqual([
    {
      decider: {
        ...{ kind: 'security-group', direction: 'ingress' },
        rule: { groupId: 'sg-1', ruleId: 'sgr-tcp 80-sg-1' },
      },
      ...{ inForce: true, packets: 3, bytes: 180 },
    },
  ]);
  expect(of('network-acl').filter(({ inForce }) => inForce)).toEqual([
    {
      decider: { kind: 'network-acl', direction: 'egress', networkAclId: 'acl-1', entry: 7 },
      ...{ inForce: true, packets: 0, bytes: 0 },
    },
  ]);
  // Nothing has a counter for it: no subnet has the table.
  expect(of('route-table')).toEqual([
    {
      decider: { kind: 'route-table', routeTableId: 'rtb-1', destination: '0.0.0.0/0' },
      ...{ inForce: false, packets: 0, bytes: 0 },
    },
  ]);
});

test('what was used between two readings', () => {
  const used = (id: string, inForce: boolean, packets: number): Usage => ({
    decider: { kind: 'route-table', routeTableId: id, destination: '0.0.0.0/0' },
    ...{ inForce, packets, bytes: 10 * packets },
  });
  const before = [used('used', true, 2), used('idle', true, 3), used('back', false, 0)];
  const now = [
    ...[used('used', true, 7), used('idle', true, 3), used('back', true, 900)],
    ...[used('new', true, 4), used('reset', true, 0)],
  ];
  expect(usageSince([...before, used('reset', true, 8)], now)).toEqual([
    used('used', true, 5),
    used('new', true, 4),
  ]);
});
