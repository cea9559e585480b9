import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  article,
  groupNamed,
  openTo,
  POLICIES,
  spaceOf,
  withIngress,
  withoutSelf,
} from '../../blueprint/test-region.ts';
import { put, type Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { runsOf, seedOf } from '../fuzz.ts';
import { compile } from '../model.ts';
import { tracePacket } from '../packet-trace/packet-trace.ts';
import { randomPacket } from '../packet-trace/random-packet.ts';
import { randomRegion } from '../packet-trace/random-region.ts';
import type { Policy } from '../policy/policy.ts';
import { nameOf } from '../text/path.ts';
import { needlessText, settingText, unwantedLines, wideLines } from '../text/removable.ts';
import { removable } from './removable.ts';
import { withoutAll } from './setting.ts';

function linesOf(region: Region, policies: readonly Policy[] = []) {
  const space = spaceOf(region);
  const { needless, unwanted, wide } = removable(space, policies);
  return {
    needless: needless.map(
      (each) => `${settingText(region, each.setting)} — ${needlessText(region, each)}`,
    ),
    unwanted: unwanted.map((each) => settingText(region, each.setting)),
    wide: wide.map((each) => settingText(region, each.setting)),
    proofs: [
      ...unwanted.map((each) => unwantedLines(space, each)),
      ...wide.map((each) => wideLines(space, each)),
    ],
  };
}

describe("the article's tables", () => {
  const found = linesOf(article(), POLICIES);
  test('nothing in them is without effect, and what no policy wants is found', () => {
    expect(found.needless).toEqual([]);
    expect(found.unwanted).toEqual([
      'bastion in: tcp 443 from 198.51.100.10/32',
      'app in: tcp 8080 from edge',
      'app in: tcp 443 from edge',
    ]);
  });
  test('80 of the app tier is for the gateway only', () => {
    expect(found.wide).toEqual([
      'app in: tcp 3000 from edge',
      'app in: tcp 80 from edge',
      'app in: tcp 8080 from app',
    ]);
    expect(found.proofs[4]?.slice(0, 2)).toEqual([
      'wanted: edge → gateway',
      'lets in as well: edge → web, api-1…api-2',
    ]);
  });
  test("the article's reason for 443 and 80 is answered: reaching out works without them", () => {
    expect(found.proofs[0]).toEqual([
      'lets in: the administrator → bastion  tcp 443',
      expect.stringMatching(/^bastion: reaching out on tcp 443 works without it, .*stateful/),
    ]);
    expect(found.proofs[2]?.[1]).toMatch(/^web, gateway, api-1…api-2: reaching out on tcp 443/);
    expect(found.proofs[4]?.[2]).toMatch(/^web, gateway, api-1…api-2: reaching out on tcp 80/);
    // Nobody reaches out on 8080 by the NAT instance, so there is nothing to prove.
    expect(found.proofs[1]).toHaveLength(1);
  });
  test('without the rule that is missing, nothing more is called removable', () => {
    expect(linesOf(withoutSelf(article()), POLICIES).unwanted).toEqual(found.unwanted);
  });
  test('of two rules that let in what is wanted, the wide one is to go', () => {
    const open = withIngress(article(), 'bastion', (rules) => [...rules, openTo('0.0.0.0/0', 22)]);
    const { needless, unwanted } = linesOf(open, POLICIES);
    expect(needless).toEqual([]);
    expect(unwanted).toContain('bastion in: tcp 22 from 0.0.0.0/0');
    expect(unwanted).not.toContain('bastion in: tcp 22 from 198.51.100.10/32');
  });
  test('without policies nothing is called unwanted', () => {
    expect(linesOf(article())).toEqual({ needless: [], unwanted: [], wide: [], proofs: [] });
  });
  test('each kind of rule without effect, with the proof', () => {
    const region = article();
    const database = groupNamed(region, 'database');
    const unattached = { ...database, id: 'sg-old', name: 'old', tags: {}, egress: [] };
    const added = withIngress(region, 'edge', (rules) => [
      ...rules,
      openTo('10.0.0.0/16', 443),
      { ...openTo('', 8443), id: 'sgr-old', peer: { kind: 'group', groupId: 'sg-old' } },
    ]);
    const udp = { ...openTo('0.0.0.0/0', 53), id: 'sgr-udp', protocol: 17 };
    const more = withIngress(added, 'database', (rules) => [...rules, openTo('192.0.2.0/24', 25)]);
    const all = put(
      withIngress(more, 'bastion', (rules) => [...rules, udp]),
      'securityGroups',
      'sg-old',
      {
        ...unattached,
        ingress: [openTo('0.0.0.0/0', 1)],
      },
    );
    expect(linesOf(all).needless).toEqual([
      'edge in: tcp 443 from 10.0.0.0/16 — tcp 443 from 0.0.0.0/0 allows it too',
      'edge in: tcp 8443 from old — nothing carries the group that it names',
      'database in: tcp 25 from 192.0.2.0/24 — nothing that it allows gets there and back',
      'old in: tcp 1 from 0.0.0.0/0 — nothing carries the group',
    ]);
  });
});

describe('network ACLs and routes', () => {
  const builder = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .internetGateway('igw-1', 'vpc-1')
    .routeTable('rtb-1', 'vpc-1', {
      ...{ '0.0.0.0/0': 'igw-1', '0.0.0.0/1': 'igw-1', '128.0.0.0/1': 'igw-1' },
      ...{ '203.0.113.0/24': 'igw-1' },
    })
    .routeTable('rtb-unused', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
    .networkAcl('acl-1', 'vpc-1', [
      entry(10, 'ingress', 'allow', 'tcp 80', '0.0.0.0/1'),
      entry(20, 'ingress', 'allow', 'tcp 80', '128.0.0.0/1'),
      entry(30, 'ingress', 'deny', 'tcp 80', '203.0.113.0/24'),
      entry(40, 'ingress', 'allow', '-1', '0.0.0.0/0'),
      entry(50, 'egress', 'allow', '-1', '0.0.0.0/0'),
    ])
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-1', acl: 'acl-1' })
    .group('sg-1', 'vpc-1', [rule('tcp 80', '0.0.0.0/0')])
    .instance('web', {
      ...{ subnet: 'subnet-1', ip: '10.0.1.5', groups: ['sg-1'], publicIp: '198.18.0.5' },
    });
  test('entries that never decide, and routes that are never the longest match', () => {
    expect(linesOf(builder.region).needless).toEqual([
      'network ACL acl-1 in: entry 30 — entries before it match everything that it matches',
      'route table rtb-1: 0.0.0.0/0 → Internet gateway — longer routes match everything that it matches',
      'route table rtb-unused: 0.0.0.0/0 → Internet gateway — no subnet has it',
    ]);
  });
});

test('two rules that allow the same are not both called needless', () => {
  const twice = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
    .group('sg-a', 'vpc-1', [rule('tcp 80', '10.0.1.0/24')])
    .group('sg-b', 'vpc-1', [rule('tcp 80', 'sg-a'), rule('tcp 80', '10.0.0.0/16')])
    .instance('one', { subnet: 'subnet-1', ip: '10.0.1.5', groups: ['sg-a', 'sg-b'] })
    .instance('two', { subnet: 'subnet-1', ip: '10.0.1.6', groups: ['sg-a', 'sg-b'] }).region;
  const { needless } = removable({ model: compile(twice) }, []);
  const ingress = needless.filter(
    ({ setting }) => setting.kind === 'security-group-rule' && setting.direction === 'ingress',
  );
  expect(ingress).toHaveLength(2);
});

describe('routes that once were called needless wrongly', () => {
  const base = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .internetGateway('igw-1', 'vpc-1')
    .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
    .subnet('subnet-public', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public' })
    .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')]);
  const routesIn = ({ region }: RegionBuilder): readonly string[] =>
    removable({ model: compile(region) }, []).needless.flatMap(({ setting }) =>
      setting.kind === 'route' ? [`${setting.routeTableId} ${setting.route.destination}`] : [],
    );
  /** Seed 217: halves decide every packet, but only the default route tells the NAT instance. */
  const behindNat = (defaultTarget: string) =>
    base
      .instance('nat', {
        ...{ subnet: 'subnet-public', ip: '10.0.1.20', groups: ['sg-open'] },
        ...{ publicIp: '198.18.0.20', sourceDestCheck: false },
      })
      .routeTable('rtb-app', 'vpc-1', {
        ...{ '0.0.0.0/0': defaultTarget, '0.0.0.0/1': 'eni-nat', '128.0.0.0/1': 'eni-nat' },
      })
      .subnet('subnet-app', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-app' })
      .instance('app', { subnet: 'subnet-app', ip: '10.0.2.10', groups: ['sg-open'] });
  test('a default route that is the only sign of a NAT instance', () => {
    expect(routesIn(behindNat('eni-nat'))).toEqual([]);
    // The same route to something else is a sign of nothing.
    expect(routesIn(behindNat('igw-1'))).toEqual(['rtb-app 0.0.0.0/0']);
  });
  /** Seed 333. */
  const across = (connection: string) =>
    base
      .vpc('vpc-2', '10.1.0.0/16')
      .peering('pcx-away', 'vpc-away', 'vpc-1')
      .routeTable('rtb-app', 'vpc-1', { '10.1.0.0/16': connection })
      .subnet('subnet-app', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-app' })
      .subnet('subnet-far', 'vpc-2', '10.1.1.0/24')
      .group('sg-far', 'vpc-2', [rule('-1', '0.0.0.0/0')])
      .instance('app', { subnet: 'subnet-app', ip: '10.0.2.10', groups: ['sg-open'] })
      .instance('far', { subnet: 'subnet-far', ip: '10.1.1.10', groups: ['sg-far'] });
  test('a route to another VPC by something that is not modelled', () => {
    expect(routesIn(across('pcx-away'))).toEqual([]);
    expect(routesIn(across('tgw-1'))).toEqual([]);
  });
});

/** By the plain tracer, which shares no code with what called them needless. */
test(`without what is called needless no packet fares otherwise (seed ${seedOf(process.env)})`, () => {
  let [claims, reachable] = [0, 0];
  const question = randomRegion.chain((region) =>
    fc
      .array(randomPacket(region), { minLength: 60, maxLength: 60 })
      .map((packets) => ({ region, packets })),
  );
  fc.assert(
    fc.property(question, ({ region, packets }) => {
      const { needless } = removable({ model: compile(region) }, []);
      const copy = withoutAll(
        region,
        needless.map(({ setting }) => setting),
      );
      claims += needless.length;
      for (const { from, packet } of packets) {
        const before = tracePacket(region, from, packet).kind;
        if (before === 'reachable') reachable += 1;
        expect({ from, packet, verdict: tracePacket(copy, from, packet).kind }).toEqual({
          ...{ from, packet, verdict: before },
        });
      }
    }),
    { numRuns: runsOf(process.env, 120), seed: seedOf(process.env) },
  );
  expect(Math.min(claims, reachable)).toBeGreaterThan(100);
});

/** Every pair of neighbours may talk on its own port; the policies want every other pair. */
test('a rule is called unwanted exactly where no policy names what it lets in', () => {
  const count = 8;
  let builder = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24');
  for (let index = 0; index < count; index += 1) {
    builder = builder
      .group(`sg-${index}`, 'vpc-1', [rule(`tcp ${3000 + index}`, `sg-${(index + 1) % count}`)])
      .instance(`m${index}`, {
        ...{ subnet: 'subnet-1', ip: `10.0.1.${index + 5}`, groups: [`sg-${index}`] },
      });
  }
  const { region } = builder;
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(count - 1), { minLength: 1 }), (wanted) => {
      const policies = wanted.map((index): Policy => {
        const on = `tcp ${3000 + index}` as const;
        return { from: `m${(index + 1) % count}`, mustReach: `m${index}`, on };
      });
      const { unwanted } = removable({ model: compile(region) }, policies);
      const ingress = unwanted.filter(({ setting }) => setting.direction === 'ingress');
      const expected = [...Array(count).keys()].filter((index) => !wanted.includes(index));
      expect(ingress.map(({ setting }) => nameOf(region, setting.groupId))).toEqual(
        expected.map((index) => `sg-${index}`),
      );
    }),
    { numRuns: 20, seed: seedOf(process.env) },
  );
});
