import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Region } from '../region/region.ts';
import { RegionBuilder, rule } from '../region/testing.ts';
import { single } from './addresses.ts';
import { seedOf } from './fuzz.ts';
import { compile, type Model } from './model.ts';
import { box, equals, intersect, isEmpty } from './packet-set/packet-set.ts';
import { randomRegion } from './packet-trace/random-region.ts';
import { isPassive } from './port.ts';
import { type Reachability, reachability, reached, unknownOf } from './reachability.ts';
import { largeRegion } from './scenarios/large-region.ts';
import { trace } from './trace/trace.ts';

/** Every pair of addresses of different interfaces, with the classes that stand for them. */
function pairsOf({ classes }: Reachability) {
  const all = classes.flatMap((each) => each.members.map((member) => ({ each, member })));
  return all.flatMap((from) =>
    all
      .filter((to) => to.member.networkInterfaceId !== from.member.networkInterfaceId)
      .map((to) => ({ from, to })),
  );
}

/** Whether one reaches the other; fails where that, or what cannot be told, is not as traced. */
function isOpenAsTraced(
  model: Model,
  matrix: Reachability,
  { from, to }: ReturnType<typeof pairsOf>[number],
): boolean {
  const ends = box({
    sources: [single(from.member.address)],
    destinations: [single(to.member.address)],
  });
  const asked = trace(model, {
    from: { kind: 'network-interface', id: from.member.networkInterfaceId },
    to: { kind: 'addresses', ranges: [single(to.member.address)] },
    packets: ends,
  });
  const got = intersect(matrix.services(from.each, to.each), ends);
  expect(equals(got, reached(asked))).toBe(true);
  expect(matrix.none(from.each, to.each)).toBe(isEmpty(got));
  const [sender, receiver] = [from.each.port, to.each.port];
  const isPair =
    sender.attached && receiver.attached && !isPassive(sender) && receiver.service === undefined;
  if (!isPair) return !isEmpty(got);
  expect(matrix.unknown(from.each, to.each).map(({ verdict }) => verdict.kind)).toEqual(
    unknownOf(asked).map(({ verdict }) => verdict.kind),
  );
  return !isEmpty(got);
}

test.each(['ipv4', 'ipv6'] as const)(
  'every pair is as its trace says, looked up or traced: %s',
  (family) => {
    let [direct, traced, open] = [0, 0, 0];
    fc.assert(
      fc.property(randomRegion, (region) => {
        const model = compile(region, family);
        const matrix = reachability(model);
        for (const pair of pairsOf(matrix)) {
          if (isOpenAsTraced(model, matrix, pair)) open += 1;
        }
        direct += matrix.pairs.direct;
        traced += matrix.pairs.traced;
      }),
      { numRuns: 150, seed: seedOf(process.env) },
    );
    // Both ways were really taken, and there was something to see.
    expect(Math.min(direct, traced, open)).toBeGreaterThan(100);
  },
);

/** `count` interfaces in `groups` groups and some subnets, a default way out, references. */
function crowd(count: number, groups: number): Region {
  let builder = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .internetGateway('igw-1', 'vpc-1')
    .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' });
  for (let index = 0; index < groups; index += 1) {
    builder = builder.group(`sg-${index}`, 'vpc-1', [
      rule('tcp 22', 'sg-0'),
      rule(`tcp ${3000 + index}`, `sg-${(index + 1) % groups}`),
      rule('tcp 443', '10.0.0.0/16'),
    ]);
  }
  const subnets = Math.ceil(count / 1000);
  for (let index = 0; index < subnets; index += 1) {
    builder = builder.subnet(`subnet-${index}`, 'vpc-1', `10.0.${index * 4}.0/22`, {
      routeTable: 'rtb-public',
    });
  }
  for (let index = 0; index < count; index += 1) {
    const [subnet, offset] = [index % subnets, Math.floor(index / subnets) + 4];
    builder = builder.instance(`m${index}`, {
      subnet: `subnet-${subnet}`,
      ip: `10.0.${subnet * 4 + (offset >> 8)}.${offset & 255}`,
      groups: [`sg-${index % groups}`],
    });
  }
  return builder.region;
}

test('in a region with every filter there is, looked up is as traced', () => {
  const size = { interfaces: 60, groups: 20, groupsEach: 5, rules: 60 };
  const model = compile(largeRegion(size));
  const matrix = reachability(model);
  let open = 0;
  for (const pair of pairsOf(matrix)) {
    if (isOpenAsTraced(model, matrix, pair)) open += 1;
  }
  expect(open).toBeGreaterThan(1000);
  expect(matrix.classes.length).toBeGreaterThan(50);
});

test('machines that no rule tells apart are one class: cost does not grow with them', () => {
  const few = askedAll(crowd(20, 5));
  const many = askedAll(crowd(200, 5));
  expect(few.pairs.direct).toBeGreaterThan(0);
  expect(few.classes).toHaveLength(5);
  expect(many.classes).toHaveLength(5);
  expect(many.pairs).toEqual(few.pairs);
  expect(many.classes.map(({ members }) => members.length)).toEqual([40, 40, 40, 40, 40]);
});

function askedAll(region: Region): Reachability {
  const matrix = reachability(compile(region));
  for (const { from, to } of pairsOf(matrix)) matrix.none(from.each, to.each);
  return matrix;
}
