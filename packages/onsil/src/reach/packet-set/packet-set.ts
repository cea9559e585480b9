/** Exact sets of packets: immutable values in one normal form, with the algebra of sets. */
import { ICMP, ICMPV6, MAXIMUM_ADDRESS, maximumDetail, type Packet, TCP, UDP } from './packet.ts';
import {
  append,
  combine,
  differenceOf,
  equalRests,
  intersectionOf,
  type Level,
  type Rest,
  type Span,
  unionOf,
} from './span.ts';

/** Compare with `equals` or deeply; there is one value for each set. */
export type PacketSet = Level;

/** Both inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A product of ranges; what is absent is unrestricted. */
export interface Box {
  /** Absent: every protocol. */
  readonly protocol?: number;
  /** Ranges may overlap, in any order. An empty list gives the empty set. */
  readonly sources?: readonly Range[];
  readonly destinations?: readonly Range[];
  /** Of the two details (ports; type and code): cut to what the protocol has. */
  readonly details?: readonly [Range | undefined, Range | undefined];
}

export const EMPTY: PacketSet = [];

const LEAF: ReadonlyMap<number, Level> = new Map(
  [0, 255, 65535].map((last) => [
    last,
    [{ first: 0, last, rest: [{ first: 0, last, rest: true }] }],
  ]),
);

const ALL_ADDRESSES: readonly Range[] = [{ first: 0, last: MAXIMUM_ADDRESS }];

/** Ranges of protocols whose details mean the same, in order. */
const PROTOCOLS: readonly Range[] = [
  range(0, ICMP - 1),
  range(ICMP, ICMP),
  range(ICMP + 1, TCP - 1),
  range(TCP, TCP),
  range(TCP + 1, UDP - 1),
  range(UDP, UDP),
  range(UDP + 1, ICMPV6 - 1),
  range(ICMPV6, ICMPV6),
  range(ICMPV6 + 1, 255),
];

/** Spans of equal rests are one span whatever they mean: cut where the details' meaning changes. */
export function byMeaning({ first, last }: Range): readonly Range[] {
  return PROTOCOLS.flatMap((each) => {
    const part = { first: Math.max(first, each.first), last: Math.min(last, each.last) };
    return part.first <= part.last ? [part] : [];
  });
}

/** Every packet of every protocol. */
export const UNIVERSE: PacketSet = box({});

export function box({ protocol, sources, destinations, details }: Box): PacketSet {
  const result: Span[] = [];
  const protocols = protocol === undefined ? PROTOCOLS : [range(protocol, protocol)];
  const [from, to] = [merged(sources), merged(destinations)];
  // Protocols with equal details share what is below: sets with one rest are combined once.
  const levels = new Map<number, Level>();
  for (const { first, last } of protocols) {
    const kind = maximumDetail(first);
    const level = levels.get(kind) ?? addresses(from, addresses(to, detailsOf(kind, details)));
    levels.set(kind, level);
    append(result, first, last, level);
  }
  return result;
}

function addresses(ranges: readonly Range[], rest: Level): Level {
  return rest.length === 0 ? EMPTY : ranges.map(({ first, last }) => ({ first, last, rest }));
}

/** In order, those that overlap or touch as one. */
function merged(ranges: readonly Range[] | undefined): readonly Range[] {
  if (ranges === undefined) return ALL_ADDRESSES;
  if (ranges.length < 2) return ranges.filter(({ first, last }) => first <= last);
  const result: Range[] = [];
  let [first, last] = [0, -1];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    if (range.first > last + 1) {
      if (first <= last) result.push({ first, last });
      [first, last] = [range.first, range.last];
    } else {
      last = Math.max(last, range.last);
    }
  }
  if (first <= last) result.push({ first, last });
  return result;
}

/** @param last the greatest value of each detail */
function detailsOf(last: number, details: Box['details']): Level {
  const whole = LEAF.get(last);
  const [one, two] = details ?? [];
  if (whole !== undefined && one === undefined && two === undefined) return whole;
  const first = cut(one, last);
  const second = cut(two, last);
  if (first === undefined || second === undefined) return EMPTY;
  return [{ ...first, rest: [{ ...second, rest: true }] }];
}

function cut(given: Range | undefined, last: number): Range | undefined {
  if (given === undefined) return range(0, last);
  const end = Math.min(given.last, last);
  return given.first <= end ? range(given.first, end) : undefined;
}

function range(first: number, last: number): Range {
  return { first, last };
}

export function union(a: PacketSet, b: PacketSet): PacketSet {
  if (a === b || b.length === 0) return a;
  return a.length === 0 ? b : combine(a, b, unionOf);
}

/** Halves at a time, so that many small sets cost little. */
export function unionAll(sets: readonly PacketSet[]): PacketSet {
  const [only = EMPTY, second] = sets;
  if (second === undefined) return only;
  const half = sets.length >> 1;
  return union(unionAll(sets.slice(0, half)), unionAll(sets.slice(half)));
}

export function intersect(a: PacketSet, b: PacketSet): PacketSet {
  if (a === UNIVERSE || a === b) return b;
  return b === UNIVERSE ? a : combine(a, b, intersectionOf);
}

export function subtract(a: PacketSet, b: PacketSet): PacketSet {
  if (a === b) return EMPTY;
  return b.length === 0 ? a : combine(a, b, differenceOf);
}

export function complement(a: PacketSet): PacketSet {
  return subtract(UNIVERSE, a);
}

export function isEmpty(set: PacketSet): boolean {
  return set.length === 0;
}

export function equals(a: PacketSet, b: PacketSet): boolean {
  return equalRests(a, b);
}

/** Whether every packet of `inner` is in `outer`. */
export function includes(outer: PacketSet, inner: PacketSet): boolean {
  return isEmpty(subtract(inner, outer));
}

export function contains(set: PacketSet, packet: Packet): boolean {
  const { protocol, source, destination, detail } = packet;
  let rest: Rest | undefined = set;
  for (const value of [protocol, source, destination, ...detail]) {
    if (rest === undefined || rest === true) return false;
    rest = rest.find(({ first, last }) => first <= value && value <= last)?.rest;
  }
  return rest === true;
}

/** The least packet of the set, level by level; nothing where the set is empty. */
export function sample(set: PacketSet): Packet | undefined {
  const [values] = boxesOf(set);
  if (values === undefined) return undefined;
  const [protocol, source, destination, one, two] = values;
  return {
    protocol: protocol.first,
    source: source.first,
    destination: destination.first,
    detail: [one.first, two.first],
  };
}

/** Ranges of protocol, source, destination and the two details. */
export type Ranges = readonly [Range, Range, Range, Range, Range];

/** The set as disjoint products of ranges, in order. */
export function* boxesOf(set: PacketSet): Generator<Ranges> {
  for (const protocol of set) {
    for (const source of levelOf(protocol)) {
      for (const destination of levelOf(source)) {
        for (const one of levelOf(destination)) {
          for (const two of levelOf(one)) {
            yield [bounds(protocol), bounds(source), bounds(destination), bounds(one), bounds(two)];
          }
        }
      }
    }
  }
}

/** What stands below a span that is not of the last level. */
export function levelOf({ rest }: Span): Level {
  if (rest === true) throw new TypeError('A packet set has five levels.');
  return rest;
}

const bounds = ({ first, last }: Span): Range => ({ first, last });
