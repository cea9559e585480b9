import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runsOf, seedOf } from '../fuzz.ts';
import { MAXIMUM_ADDRESS, type Packet, replyTo } from './packet.ts';
import {
  type Box,
  box,
  complement,
  contains,
  EMPTY,
  equals,
  includes,
  intersect,
  isEmpty,
  type PacketSet,
  sample,
  subtract,
  UNIVERSE,
  union,
} from './packet-set.ts';
import {
  addressesOf,
  portInto,
  repliedBy,
  replies,
  translate,
  translatedInto,
  UNANSWERED,
} from './rewrite.ts';
import { append, type Span } from './span.ts';

const ports = (first: number, last: number) =>
  box({ protocol: 6, details: [undefined, { first, last }] });

describe('every way in which two ranges can lie', () => {
  // a is 10–19; b is given.
  test.each([
    [
      'before, apart',
      [1, 5],
      [
        [1, 5],
        [10, 19],
      ],
      [],
      [[10, 19]],
    ],
    ['before, touching', [1, 9], [[1, 19]], [], [[10, 19]]],
    ['over the start', [5, 14], [[5, 19]], [[10, 14]], [[15, 19]]],
    ['from the start', [10, 14], [[10, 19]], [[10, 14]], [[15, 19]]],
    [
      'inside',
      [12, 14],
      [[10, 19]],
      [[12, 14]],
      [
        [10, 11],
        [15, 19],
      ],
    ],
    ['to the end', [15, 19], [[10, 19]], [[15, 19]], [[10, 14]]],
    ['equal', [10, 19], [[10, 19]], [[10, 19]], []],
    ['around', [5, 25], [[5, 25]], [[10, 19]], []],
    ['over the end', [15, 25], [[10, 25]], [[15, 19]], [[10, 14]]],
    ['behind, touching', [20, 25], [[10, 25]], [], [[10, 19]]],
    [
      'behind, apart',
      [22, 25],
      [
        [10, 19],
        [22, 25],
      ],
      [],
      [[10, 19]],
    ],
  ] as const)('%s', (_name, [first, last], united, common, left) => {
    const a = ports(10, 19);
    const b = ports(first, last);
    const portsOf = (set: PacketSet) => {
      const [protocol] = set;
      let level = protocol?.rest;
      for (let depth = 0; depth < 3 && level !== undefined && level !== true; depth += 1) {
        level = level[0]?.rest;
      }
      return level === undefined || level === true
        ? []
        : level.map((span) => [span.first, span.last]);
    };
    expect(portsOf(union(a, b))).toEqual(united);
    expect(portsOf(intersect(a, b))).toEqual(common);
    expect(portsOf(subtract(a, b))).toEqual(left);
  });

  test('a span that does not lie behind the last one is a mistake', () => {
    const spans: Span[] = [{ first: 1, last: 5, rest: true }];
    expect(() => append(spans, 5, 6, true)).toThrow('Span 5–6 does not lie behind 5.');
  });
});

describe('boxes', () => {
  test('details are cut to what the protocol has', () => {
    const wide = [undefined, { first: 22, last: 22 }] as const;
    expect(box({ protocol: 47, details: wide })).toEqual(EMPTY);
    const reach = { protocol: 1, details: [{ first: 8, last: 70000 }, undefined] } as const;
    expect(contains(box(reach), packet(1, 1, 2, 255, 0))).toBe(true);
    expect(contains(box(reach), packet(1, 1, 2, 7, 0))).toBe(false);
  });
  test('overlapping addresses in any order are one range', () => {
    const set = box({
      sources: [
        { first: 5, last: 9 },
        { first: 1, last: 6 },
      ],
    });
    expect(addressesOf(set, 'source')).toEqual([{ first: 1, last: 9 }]);
    expect(box({ sources: [] })).toEqual(EMPTY);
  });
});

/** A small world: a few values of each dimension, with the ends of the real ones. */
const ADDRESSES = [0, 1, 2, 3, MAXIMUM_ADDRESS];
/** Stands for every address that no range of the tests ends at: they are all alike. */
const BETWEEN = 4;
const DETAILS = [0, 1, 2, 8, 128, 129, 255, 65535];
const WORLD: readonly Packet[] = [1, 6, 7, 17, 58].flatMap((protocol) =>
  ADDRESSES.flatMap((source) =>
    ADDRESSES.flatMap((destination) =>
      DETAILS.flatMap((one) =>
        DETAILS.map((two) => packet(protocol, source, destination, one, two)),
      ).filter(({ protocol: p, detail: [one, two] }) => {
        const last = p === 1 || p === 58 ? 255 : p === 7 ? 0 : 65535;
        return one <= last && two <= last;
      }),
    ),
  ),
);

function packet(p: number, source: number, destination: number, a: number, b: number): Packet {
  return { protocol: p, source, destination, detail: [a, b] };
}

const rangeOf = (values: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(...values), fc.constantFrom(...values))
    .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const boxArbitrary: fc.Arbitrary<Box> = fc
  .tuple(
    fc.constantFrom(undefined, 1, 6, 7, 17, 58),
    fc.array(rangeOf(ADDRESSES), { maxLength: 2 }),
    fc.array(rangeOf(ADDRESSES), { maxLength: 2 }),
    fc.option(rangeOf(DETAILS), { nil: undefined }),
    fc.option(rangeOf(DETAILS), { nil: undefined }),
  )
  .map(([protocol, sources, destinations, one, two]) => ({
    ...(protocol === undefined ? {} : { protocol }),
    ...(sources.length === 0 ? {} : { sources }),
    ...(destinations.length === 0 ? {} : { destinations }),
    details: [one, two],
  }));

/** A set and, said by the operations that make it, the packets of the world that it must hold. */
interface Made {
  readonly set: PacketSet;
  readonly holds: (packet: Packet) => boolean;
  readonly steps: string;
}

function within(value: number, given: { first: number; last: number } | undefined): boolean {
  return given === undefined || (given.first <= value && value <= given.last);
}

function ofBox(given: Box): Made {
  const { protocol, sources, destinations, details } = given;
  return {
    set: box(given),
    steps: JSON.stringify(given),
    holds: (p) =>
      (protocol === undefined || p.protocol === protocol) &&
      (sources === undefined || sources.some((each) => within(p.source, each))) &&
      (destinations === undefined || destinations.some((each) => within(p.destination, each))) &&
      within(p.detail[0], details?.[0]) &&
      within(p.detail[1], details?.[1]),
  };
}

const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    boxArbitrary.map(ofBox),
    fc.tuple(fc.constantFrom('union', 'intersect', 'subtract'), tie('made'), tie('made')).map(
      ([name, a, b]): Made => ({
        steps: `${name}(${a.steps}, ${b.steps})`,
        set: { union, intersect, subtract }[name](a.set, b.set),
        holds: (p) =>
          name === 'union'
            ? a.holds(p) || b.holds(p)
            : name === 'intersect'
              ? a.holds(p) && b.holds(p)
              : a.holds(p) && !b.holds(p),
      }),
    ),
    tie('made').map(
      (a): Made => ({
        steps: `complement(${a.steps})`,
        set: complement(a.set),
        holds: (p) => !a.holds(p),
      }),
    ),
  ),
}));

/** Fails with the operations of the set and the packet in question. */
function agree(set: PacketSet, holds: (packet: Packet) => boolean, steps: string): void {
  for (const each of WORLD) {
    if (contains(set, each) !== holds(each)) {
      expect.fail(`${steps}\nholds ${JSON.stringify(each)}: must be ${holds(each)}`);
    }
  }
}

const check = (...args: Parameters<typeof fc.property<[Made, Made, Made]>>) =>
  fc.assert(fc.property(...args), { numRuns: runsOf(process.env, 60), seed: seedOf(process.env) });

describe('against a brute-force oracle', () => {
  test('the world has packets inside and outside', () => {
    expect(WORLD.length).toBeGreaterThan(2000);
  });
  test('algebra, translation and replies', () => {
    check(made, made, made, ({ set, holds, steps }) => {
      agree(set, holds, steps);
      for (const side of ['source', 'destination'] as const) {
        agree(
          translate(set, side, 2),
          (p) =>
            p[side] === 2 &&
            [...ADDRESSES, BETWEEN].some((address) => holds({ ...p, [side]: address })),
          `translate ${side} to 2 of ${steps}`,
        );
        agree(
          translatedInto(set, side, 2),
          (p) => holds({ ...p, [side]: 2 }),
          `translated ${side} to 2 into ${steps}`,
        );
      }
      agree(
        portInto(set, 8),
        (p) =>
          holds(p.protocol === 6 || p.protocol === 17 ? { ...p, detail: [8, p.detail[1]] } : p),
        `source port 8 into ${steps}`,
      );
      agree(
        repliedBy(set),
        (p) => {
          const reply = replyTo(p);
          return reply !== undefined && contains(set, reply);
        },
        `repliedBy(${steps})`,
      );
      const given = sample(set);
      expect(given === undefined).toBe(isEmpty(set));
      if (given !== undefined) expect(contains(set, given)).toBe(true);
    });
  });
});

describe('laws', () => {
  const same = (a: PacketSet, b: PacketSet) => {
    expect(equals(a, b)).toBe(true);
    // One normal form: equal sets are deep-equal values.
    expect(a).toEqual(b);
  };
  test('of De Morgan, commutation, association, distribution', () => {
    check(made, made, made, ({ set: a }, { set: b }, { set: c }) => {
      same(complement(union(a, b)), intersect(complement(a), complement(b)));
      same(complement(intersect(a, b)), union(complement(a), complement(b)));
      same(union(a, b), union(b, a));
      same(intersect(a, union(b, c)), union(intersect(a, b), intersect(a, c)));
      same(union(a, union(b, c)), union(union(a, b), c));
      same(subtract(a, b), intersect(a, complement(b)));
      same(complement(complement(a)), a);
    });
  });
  test('of the empty set, the universe and inclusion', () => {
    check(made, made, made, ({ set: a }, { set: b }) => {
      same(union(a, complement(a)), UNIVERSE);
      same(intersect(a, complement(a)), EMPTY);
      expect(includes(union(a, b), a)).toBe(true);
      expect(includes(a, b)).toBe(isEmpty(subtract(b, a)));
      expect(equals(a, b)).toBe(includes(a, b) && includes(b, a));
    });
  });
  test('of replies: the reply to a reply is the packet, but for ICMP, where nothing answers one', () => {
    check(made, made, made, ({ set }) => {
      const tcp = intersect(set, box({ protocol: 6 }));
      same(replies(replies(tcp)), tcp);
      same(repliedBy(replies(set)), subtract(set, UNANSWERED));
    });
    expect(contains(UNANSWERED, packet(1, 1, 2, 3, 4))).toBe(true);
    expect(contains(UNANSWERED, packet(1, 1, 2, 8, 0))).toBe(false);
    expect(isEmpty(intersect(UNANSWERED, box({ protocol: 6 })))).toBe(true);
  });
});
