import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { entry, RegionBuilder } from '../../region/testing.ts';
import { single } from '../addresses.ts';
import { endpointOf } from '../endpoint.ts';
import { seedOf } from '../fuzz.ts';
import { compile, type Model } from '../model.ts';
import { box } from '../packet-set/packet-set.ts';
import { modelFor, packetIn } from '../packet-trace/asked.ts';
import { tracePacket } from '../packet-trace/packet-trace.ts';
import { randomPacket } from '../packet-trace/random-packet.ts';
import { randomRegion } from '../packet-trace/random-region.ts';
import { tcp } from '../scenarios/support.ts';
import { changeText } from '../text/path.ts';
import type { Question } from '../trace/trace.ts';
import { apply } from './change.ts';
import { ask, wayThrough } from './why.ts';

const shut = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', {})
  .networkAcl('acl-shut', 'vpc-1', [entry(50, 'ingress', 'deny', '-1', '0.0.0.0/0')])
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-private', acl: 'acl-shut' })
  .group('sg-web', 'vpc-1', [], [])
  .group('sg-database', 'vpc-1', [])
  .instance('web', { subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-web'] })
  .instance('database', { subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-database'] });

function questionFor(from: string, to: string, port: number): (model: Model) => Question {
  return (model) => {
    const [one, other] = [endpointOf({ model }, from), endpointOf({ model }, to)];
    if ('unknown' in one || 'unknown' in other) throw new RangeError('unknown');
    return { from: one, to: other, packets: tcp(port) };
  };
}

function changesFor(region: Region, from: string, to: string, port: number) {
  const question = questionFor(from, to, port);
  const { changes, proved } = wayThrough(region, question);
  let copy = region;
  const texts = changes.map((change) => {
    const text = changeText(copy, change);
    copy = apply(copy, change);
    return text;
  });
  // The claim is checked here once more, and that no change is one too many.
  const verdictOf = (some: readonly (typeof changes)[number][]) => {
    const model = compile(some.reduce(apply, region));
    return ask(model, question(model)).verdict;
  };
  expect(verdictOf(changes) === 'reachable').toBe(proved);
  for (const change of proved ? changes : []) {
    expect(verdictOf(changes.filter((each) => each !== change))).not.toBe('reachable');
  }
  return { texts, proved };
}

describe('the complete list of changes', () => {
  test('names every blocker along the way, both groups and the ACL in both directions', () => {
    expect(changesFor(shut.region, 'web', 'database', 3306)).toEqual({
      proved: true,
      texts: [
        'group sg-web, egress: allow tcp 3306 to sg-database',
        'network ACL acl-shut, ingress 49: allow tcp 3306 from 10.0.0.10/32',
        'group sg-database, ingress: allow tcp 3306 from sg-web',
        'network ACL acl-shut, egress 32766: allow tcp 1024–65535 to 10.0.0.10/32',
      ],
    });
  });
  test('gives an address, a rule and a way back to what shall be reached from outside', () => {
    expect(changesFor(shut.region, 'internet', 'database', 443)).toEqual({
      proved: true,
      texts: [
        'database: give it an Elastic IP',
        'network ACL acl-shut, ingress 49: allow tcp 443 from 0.0.0.0/0',
        'group sg-database, ingress: allow tcp 443 from 0.0.0.0/0',
        'network ACL acl-shut, egress 32766: allow tcp 1024–65535 to 0.0.0.0/0',
        'route table rtb-private: 0.0.0.0/0 → Internet gateway',
      ],
    });
  });
  test('attaches a gateway, and gives up where no setting helps', () => {
    const loose = shut.internetGateway('igw-1', undefined).group('sg-web', 'vpc-1', []);
    expect(changesFor(loose.region, 'web', '203.0.113.9', 443).texts).toEqual([
      'VPC vpc-1: attach an Internet gateway',
      'web: give it an Elastic IP',
    ]);
    expect(changesFor(loose.region, 'web', '10.0.9.9', 443)).toEqual({ proved: false, texts: [] });
  });
  test('is empty where the answer is yes already', () => {
    expect(changesFor(shut.region, 'web', '169.254.169.254', 80)).toEqual({
      proved: true,
      texts: [],
    });
  });
  test('what it calls proved, the plain tracer finds reachable too', () => {
    let [proved, repaired] = [0, 0];
    const question = randomRegion.chain((region) =>
      randomPacket(region).map(({ from, packet }) => ({ region, from, packet })),
    );
    fc.assert(
      fc.property(question, ({ region, from, packet }) => {
        const questionOf = (model: Model): Question => {
          const { protocol, source, destination, detail } = packetIn(model, packet);
          const [one, two] = detail.map(single);
          return {
            from:
              from === undefined
                ? { kind: 'addresses', ranges: [single(source)] }
                : { kind: 'network-interface', id: from },
            to: { kind: 'addresses', ranges: [single(destination)] },
            packets: box({ protocol, sources: [single(source)], details: [one, two] }),
          };
        };
        const way = wayThrough(region, questionOf, (copy) => modelFor(copy, packet));
        if (!way.proved) return;
        proved += 1;
        if (way.changes.length > 0) repaired += 1;
        expect(tracePacket(way.changes.reduce(apply, region), from, packet)).toEqual({
          kind: 'reachable',
        });
      }),
      { numRuns: 400, seed: seedOf(process.env) },
    );
    expect(Math.min(proved, repaired)).toBeGreaterThan(20);
  });
});

describe('what is not modelled', () => {
  const open = shut.group('sg-web', 'vpc-1', []).instance('web', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-web'], publicIp: '198.18.0.1' },
  });
  const verdictOf = (builder: RegionBuilder, to: string, port: number) => {
    const model = compile(builder.region);
    return ask(model, questionFor('web', to, port)(model)).outcomes.map(({ verdict }) => verdict);
  };
  const routed = (destination: string, target: string) =>
    open.routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1', [destination]: target });
  test('a route decides as its prefix says, and names its target', () => {
    const transit = routed('203.0.113.0/24', 'tgw-1');
    const unknown = { kind: 'not-modelled', way: 'forward', resource: 'tgw-1' };
    expect(verdictOf(transit, '203.0.113.9', 80)).toEqual([unknown]);
    expect(verdictOf(transit, '203.0.114.9', 80)).toEqual([{ kind: 'reachable' }]);
  });
  test('a prefix list that the region does not have may hold anything outside', () => {
    const unknown = { kind: 'not-modelled', way: 'forward', resource: 'pl-1' };
    expect(verdictOf(routed('pl-1', 'igw-1'), '203.0.114.9', 80)).toEqual([unknown]);
  });
  test('a rule of such a list may allow what no other rule does, where its ports are', () => {
    const listed = {
      ...{ id: 'sgr-1', protocol: 6, fromPort: 80, toPort: 80 },
      peer: { kind: 'prefix-list', prefixListId: 'pl-1' },
    } as const;
    const ruled = open
      .subnet('subnet-private', 'vpc-1', '10.0.1.0/24')
      .group('sg-database', 'vpc-1', [listed]);
    expect(verdictOf(ruled, 'database', 80)).toEqual([
      { kind: 'not-modelled', way: 'forward', resource: 'pl-1' },
    ]);
    expect(verdictOf(ruled, 'database', 81)).toMatchObject([{ kind: 'blocked' }]);
  });
  test.each([
    [{ kind: 'network-interface', networkInterfaceId: 'eni-database', resource: 'x' }, 'database'],
    [{ kind: 'network-acl', networkAclId: 'acl-shut', resource: 'x' }, 'database'],
    [{ kind: 'internet-gateway', vpcId: 'vpc-1', resource: 'x' }, '203.0.113.9'],
    [{ kind: 'route', routeTableId: 'rtb-public', destination: '203.0.113.0/24', resource: 'x' }],
    [{ kind: 'security-group-rule', groupId: 'sg-database', direction: 'ingress', resource: 'x' }],
  ] as const)(
    'of an account: %j',
    (each, to = each.kind === 'route' ? '203.0.113.9' : 'database') => {
      const isAcl = each.kind === 'network-acl';
      const region = isAcl
        ? open.region
        : open.subnet('subnet-private', 'vpc-1', '10.0.1.0/24').region;
      const model = compile(region, 'ipv4', { notModelled: [each] });
      expect(ask(model, questionFor('web', to, 80)(model)).outcomes).toMatchObject([
        { verdict: { kind: 'not-modelled', way: 'forward', resource: 'x' } },
      ]);
    },
  );
});

test('a name that nothing has gets the nearest ones', () => {
  const space = { model: compile(shut.region) };
  expect(endpointOf(space, 'databse')).toEqual({ unknown: 'databse', nearest: ['database'] });
  expect(endpointOf(space, 'zzz')).toEqual({ unknown: 'zzz', nearest: [] });
  expect(endpointOf(space, 'admin')).toMatchObject({ unknown: 'admin' });
  expect(endpointOf(space, '10.0.0.999')).toMatchObject({ unknown: '10.0.0.999' });
});
