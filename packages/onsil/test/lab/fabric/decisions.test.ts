/** Each kind of decider, once letting a packet pass where it can and once dropping one. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { METADATA, OUTSIDE_HOSTS } from '../../../src/lab/addresses.ts';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { readCounters } from '../../../src/lab/fabric/counters.ts';
import { type Decider, labelOf } from '../../../src/lab/fabric/label.ts';
import { entry, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const STRANGER = OUTSIDE_HOSTS.internet;
const base = new RegionBuilder()
  .vpc('vpc-dec', '10.0.0.0/16')
  .internetGateway('igw-dec', 'vpc-dec')
  .routeTable('rtb-left', 'vpc-dec', {
    '0.0.0.0/0': 'igw-dec',
    '203.0.113.0/24': 'eni-gone',
    '198.51.100.128/25': 'eni-box',
  })
  .routeTable('rtb-right', 'vpc-dec', {})
  .networkAcl('acl-left', 'vpc-dec', [
    entry(50, 'egress', 'deny', 'tcp 81', '10.0.2.0/24'),
    entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
    entry(200, 'ingress', 'allow', '-1', '0.0.0.0/0'),
  ])
  .networkAcl('acl-right', 'vpc-dec', [
    entry(50, 'ingress', 'deny', 'tcp 82', '0.0.0.0/0'),
    entry(60, 'ingress', 'allow', 'tcp 80-90', '10.0.0.0/16'),
    entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
  ])
  .subnet('subnet-left', 'vpc-dec', '10.0.1.0/24', { routeTable: 'rtb-left', acl: 'acl-left' })
  .subnet('subnet-right', 'vpc-dec', '10.0.2.0/24', { routeTable: 'rtb-right', acl: 'acl-right' })
  .group('sg-left', 'vpc-dec', [rule('tcp 80', '0.0.0.0/0')])
  .group('sg-twice', 'vpc-dec', [rule('tcp 80', '10.0.0.0/8'), rule('tcp 80-90', '10.0.0.0/16')])
  .group('sg-mute', 'vpc-dec', [rule('tcp 9000', 'sg-left')], []);
const world = base
  .instance('left', {
    ...{ subnet: 'subnet-left', ip: '10.0.1.10', publicIp: '198.18.0.10' },
    groups: ['sg-left'],
  })
  .instance('bare', { subnet: 'subnet-left', ip: '10.0.1.11', groups: ['sg-left'] })
  .instance('right', { subnet: 'subnet-right', ip: '10.0.2.10', groups: ['sg-mute', 'sg-twice'] })
  .instance('box', {
    ...{ subnet: 'subnet-right', ip: '10.0.2.11' },
    groups: ['sg-mute'],
  });

const group = (direction: 'egress' | 'ingress', groupId?: string, ruleId = ''): Decider => ({
  kind: 'security-group',
  direction,
  ...(groupId === undefined ? {} : { rule: { groupId, ruleId } }),
});
const acl = (direction: 'egress' | 'ingress', id: string, number: number): Decider => ({
  ...{ kind: 'network-acl', direction, networkAclId: id, entry: number },
});
const route = (routeTableId: string, destination?: string): Decider => ({
  ...{ kind: 'route-table', routeTableId },
  ...(destination === undefined ? {} : { destination }),
});

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-dec', world);
  await lab.listen('right', 80, 85, 9000);
  await lab.listen('left', 80);
  await lab.listen('internet', 80);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

const counts = () => readCounters(lab.router('vpc-dec'));

/** What the packets of an action moved, in the order of the labels. */
async function moved(action: () => Promise<unknown>): Promise<readonly string[]> {
  const before = counts();
  await action();
  const after = counts();
  return [...after].flatMap(([label, { packets }]) =>
    packets > (before.get(label)?.packets ?? 0) ? [label] : [],
  );
}

/** In the order of the labels, as they are asked for. */
const labels = (...deciders: readonly Decider[]) => deciders.map(labelOf).sort();

const EVERYTHING = 'sgr--1-0.0.0.0/0';
const OUT = group('egress', 'sg-left', EVERYTHING);
const LEAVES = [OUT, acl('egress', 'acl-left', 100)];
const CROSSES = [...LEAVES, route('rtb-left', 'local')];

describe('a packet that passes is counted by', () => {
  test('a rule of each gate, an entry of each ACL, and the route', async () => {
    const passed = await moved(async () => {
      expect(await lab.probe('left', '10.0.2.10:80')).toEqual(['connected']);
    });
    expect(passed).toEqual(
      labels(
        ...CROSSES,
        acl('ingress', 'acl-right', 60),
        // Both rules of the group match: the first by its id counts.
        group('ingress', 'sg-twice', 'sgr-tcp 80-10.0.0.0/8'),
        acl('egress', 'acl-right', 100),
        route('rtb-right', 'local'),
        acl('ingress', 'acl-left', 200),
      ),
    );
  });

  test('the route to the Internet gateway', async () => {
    const passed = await moved(async () => {
      expect(await lab.probe('left', `${STRANGER}:80`)).toEqual(['connected']);
    });
    expect(passed).toEqual(
      labels(...LEAVES, route('rtb-left', '0.0.0.0/0'), acl('ingress', 'acl-left', 200)),
    );
  });

  test('no ACL and no route inside a subnet', async () => {
    const passed = await moved(async () => {
      expect(await lab.probe('bare', '10.0.1.10:80')).toEqual(['connected']);
      expect(await lab.probe('bare', '10.0.1.99:80')).toEqual(['timeout']);
    });
    const rules = [OUT, group('ingress', 'sg-left', 'sgr-tcp 80-0.0.0.0/0')];
    expect(passed).toEqual(labels(...rules, { kind: 'address' }));
  });
});

describe('a packet is dropped by', () => {
  const gateway = (address: 'source' | 'destination'): Decider => ({
    ...{ kind: 'internet-gateway', direction: 'egress', address },
  });
  const toGateway = [...LEAVES, route('rtb-left', '0.0.0.0/0')];
  const toRight = acl('ingress', 'acl-right', 60);
  const away = route('rtb-left', '198.51.100.128/25');
  const fromRight = [group('egress', 'sg-twice', EVERYTHING), acl('egress', 'acl-right', 100)];
  // What it is, who drops, sender and target, and who let it pass before.
  const table: readonly [string, Decider, string, string, readonly Decider[]][] = [
    ['no rule out', group('egress'), 'box', '10.0.1.10:80', []],
    ['no rule in', group('ingress'), 'left', '10.0.2.11:80', [...CROSSES, toRight]],
    ['an entry out', acl('egress', 'acl-left', 50), 'left', '10.0.2.10:81', [OUT]],
    ['an entry in', acl('ingress', 'acl-right', 50), 'left', '10.0.2.10:82', CROSSES],
    ['the last entry', acl('ingress', 'acl-right', 32767), 'left', '10.0.2.10:99', CROSSES],
    ['a blackhole', route('rtb-left', '203.0.113.0/24'), 'left', '203.0.113.9:80', LEAVES],
    ['a missing route', route('rtb-right'), 'right', `${STRANGER}:80`, fromRight],
    ['the gateway: no public address', gateway('source'), 'bare', `${STRANGER}:80`, toGateway],
    ['the gateway: not public', gateway('destination'), 'left', '192.168.0.1:80', toGateway],
    ['nobody there', { kind: 'address' }, 'left', '10.0.2.99:80', CROSSES],
    ['the router itself', { kind: 'address' }, 'left', '10.0.1.1:80', []],
    [
      ...(['a check', { kind: 'destination-check' }, 'left', '198.51.100.130:80'] as const),
      [...LEAVES, away, toRight],
    ],
    ['no such service', { kind: 'link-local' }, 'left', `${METADATA}:81`, []],
    ['no service at all', { kind: 'link-local' }, 'left', '169.254.9.9:80', []],
  ];
  test.each(table)('%s', async (_name, decider, from, to, before) => {
    const counted = await moved(async () => {
      expect(await lab.probe(from, to)).toEqual(['timeout']);
    });
    expect(counted).toEqual(labels(decider, ...before));
  });

  test('connection tracking, where it belongs to no connection', async () => {
    const chain = 'type filter hook output priority 0;';
    await lab.exec('bare', 'nft', `table ip odd { chain out { ${chain} tcp flags set ack; }; }`);
    const counted = await moved(async () => {
      expect(await lab.probe('bare', '10.0.1.10:80')).toEqual(['timeout']);
    });
    await lab.exec('bare', 'nft', 'delete table ip odd');
    expect(counted).toEqual(labels({ kind: 'connection-tracking' }));
  });

  test('the source check', async () => {
    await lab.exec('bare', 'ip', 'address', 'add', '10.0.9.9/32', 'dev', 'ens5');
    const counted = await moved(async () => {
      expect(await lab.probeAs('bare', '10.0.9.9', '10.0.1.10:80')).toEqual(['timeout']);
    });
    expect(counted).toEqual(labels({ kind: 'source-check' }));
  });

  test('a route, once its machine is gone', async () => {
    await lab.shutDown('box');
    const counted = await moved(async () => {
      expect(await lab.probe('left', '198.51.100.130:80')).toEqual(['timeout']);
    });
    expect(counted).toEqual(labels(...LEAVES, away));
    await lab.boot('box');
  });
});

test('counters go on when the rules change, with and without memory of the last ones', async () => {
  expect(await lab.probe('left', '10.0.2.10:80')).toEqual(['connected']);
  const before = counts();
  expect(before.get(labelOf(OUT))?.packets).toBeGreaterThan(0);
  await lab.change(world.group('sg-more', 'vpc-dec', []).region);
  expect(counts()).toEqual(before);
  await applyFabric(lab.plan);
  expect(counts()).toEqual(before);
  const revoked = world.group('sg-left', 'vpc-dec', [rule('tcp 80', '0.0.0.0/0')], []);
  await lab.change(revoked.region);
  const after = counts();
  expect([...before.keys()].filter((label) => !after.has(label))).toEqual([labelOf(OUT)]);
  await lab.change(world.region);
  expect(counts().get(labelOf(OUT))?.packets).toBe(0);
});
