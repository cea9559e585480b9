import { expect, test } from 'vitest';
import { usageOf } from '../../lab/daemon/usage.ts';
import { planFabric } from '../../lab/fabric/plan.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { unusedJson, unusedLines } from './unused.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .networkAcl('acl-1', 'vpc-1', [
    entry(7, 'egress', 'deny', 'tcp 25', '0.0.0.0/0'),
    entry(8, 'egress', 'allow', '-1', '0.0.0.0/0'),
  ])
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-1', acl: 'acl-1' })
  .group('bastion', 'vpc-1', [rule('tcp 443', '0.0.0.0/0'), rule('tcp 22', 'bastion')])
  .group('nobody', 'vpc-1', [rule('tcp 80', '::/0')], [])
  .instance('bastion', { subnet: 'subnet-1', ip: '10.0.0.10', groups: ['bastion', 'nobody'] });

const labels = planFabric('lab', region).namespaces.flatMap(({ counters }) => counters);
const used = ['security-group ingress bastion sgr-tcp 22-bastion', 'network-acl egress acl-1 8'];
const usage = usageOf(
  region,
  new Map(labels.map((each) => [each, { packets: used.includes(each) ? 1 : 0, bytes: 0 }])),
);

test('what no packet has used is listed by its names', () => {
  expect(unusedLines(region, usage)).toEqual([
    'of              unused since up',
    'sg bastion in   tcp 443 from 0.0.0.0/0',
    'sg bastion out  everything to 0.0.0.0/0',
    'acl acl-1 out   7 deny tcp 25 to 0.0.0.0/0',
    'routes rtb-1    0.0.0.0/0 → Internet gateway',
    '',
    '4 of 6 rules, entries and routes have not been used since up.',
    '3 more are asked by nothing in this lab (no interface, or IPv6): see --json.',
  ]);
});

test('as JSON with what nothing asks', () => {
  const json = unusedJson(region, usage);
  expect(json).toHaveLength(7);
  expect(json).toContainEqual({
    ...{ kind: 'security-group', direction: 'ingress' },
    rule: { groupId: 'nobody', ruleId: 'sgr-tcp 80-::/0' },
    ...{ of: 'sg nobody in', text: 'tcp 80 from ::/0', inForce: false },
  });
});

test('nothing unused is said in one line', () => {
  const all = usage.filter(({ packets }) => packets > 0);
  expect(unusedLines(region, all)).toEqual([
    '0 of 2 rules, entries and routes have not been used since up.',
  ]);
});
