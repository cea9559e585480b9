/**
 * Address translation and replies, as images (what comes of these packets) and as preimages
 * (which packets become one of these).
 */
import { hasPorts, ICMP_REPLIES, MAXIMUM_ADDRESS, MAXIMUM_PORT } from './packet.ts';
import {
  type Box,
  box,
  boxesOf,
  byMeaning,
  EMPTY,
  levelOf,
  type PacketSet,
  type Range,
  subtract,
  UNIVERSE,
  unionAll,
} from './packet-set.ts';
import { append, combine, type Level, type Span, unionOf } from './span.ts';

export type Side = 'source' | 'destination';

/** The packets with their source or destination replaced by one address. */
export function translate(set: PacketSet, side: Side, address: number): PacketSet {
  return onSide(set, side, (level) => {
    const rest = level
      .map(levelOf)
      .reduce<Level>((all, each) => combine(all, each, unionOf), EMPTY);
    return [{ first: address, last: address, rest }];
  });
}

/** The packets that `translate` with that address puts into the set. */
export function translatedInto(set: PacketSet, side: Side, address: number): PacketSet {
  return onSide(set, side, (level) => {
    const span = level.find(({ first, last }) => first <= address && address <= last);
    return span === undefined ? EMPTY : [{ first: 0, last: MAXIMUM_ADDRESS, rest: span.rest }];
  });
}

/** Sets are values, and each step of a trace asks the same one. */
const knownAddresses = {
  source: new WeakMap<PacketSet, readonly Range[]>(),
  destination: new WeakMap<PacketSet, readonly Range[]>(),
};

/** The source or destination addresses that occur in a set, in order. */
export function addressesOf(set: PacketSet, side: Side): readonly Range[] {
  const known = knownAddresses[side].get(set);
  if (known !== undefined) return known;
  const made = addressesIn(set, side);
  knownAddresses[side].set(set, made);
  return made;
}

function addressesIn(set: PacketSet, side: Side): readonly Range[] {
  // Protocols often share one list of sources, and thousands of sources one of destinations.
  const sources = new Set(set.map(levelOf));
  const levels =
    side === 'source' ? sources : new Set([...sources].flatMap((level) => level.map(levelOf)));
  const flat = [...levels].map((level): Level => {
    const spans: Span[] = [];
    for (const { first, last } of level) append(spans, first, last, true);
    return spans;
  });
  return flat
    .reduce((all, each) => combine(all, each, unionOf), EMPTY)
    .map(({ first, last }) => ({ first, last }));
}

/** The packets that get into the set by tcp and udp's source port replaced by this one. */
export function portInto(set: PacketSet, port: number): PacketSet {
  const result: Span[] = [];
  const replaced = (level: Level): Level => {
    const span = level.find(({ first, last }) => first <= port && port <= last);
    return span === undefined ? EMPTY : [{ first: 0, last: MAXIMUM_PORT, rest: span.rest }];
  };
  for (const span of set) {
    for (const { first, last } of byMeaning(span)) {
      const rest = hasPorts(first)
        ? below(levelOf(span), (destinations) => below(destinations, replaced))
        : span.rest;
      append(result, first, last, rest);
    }
  }
  return result;
}

/** The packets that answer those of the set. */
export function replies(set: PacketSet): PacketSet {
  return reversed(set, ([query, reply]) => [query, reply]);
}

/** The packets whose replies lie in the set. */
export function repliedBy(set: PacketSet): PacketSet {
  return reversed(set, ([query, reply]) => [reply, query]);
}

/** Packets that nothing answers: ICMP messages that are no queries. */
export const UNANSWERED: PacketSet = subtract(UNIVERSE, repliedBy(UNIVERSE));

type Types = readonly [number, number];

function reversed(set: PacketSet, fromTo: (types: Types) => Types): PacketSet {
  const boxes: PacketSet[] = [];
  for (const [protocols, source, destination, one, two] of boxesOf(set)) {
    const turned = { sources: [destination], destinations: [source] };
    for (const part of byMeaning(protocols)) {
      const types = ICMP_REPLIES.get(part.first);
      if (types === undefined) {
        boxes.push(protocolsBox(part, { ...turned, details: [two, one] }));
        continue;
      }
      for (const [from, to] of types.map(fromTo)) {
        if (from < one.first || from > one.last) continue;
        const details = [{ first: to, last: to }, two] as const;
        boxes.push(box({ protocol: part.first, ...turned, details }));
      }
    }
  }
  return unionAll(boxes);
}

/** A box of several protocols with equal details. */
function protocolsBox({ first, last }: Range, rest: Box): PacketSet {
  const spans: Span[] = [];
  const single = box({ ...rest, protocol: first });
  for (const span of single) append(spans, first, last, span.rest);
  return spans;
}

/** The level with what stands below each of its spans replaced: once where they share it. */
function below(level: Level, next: (level: Level) => Level): Level {
  const result: Span[] = [];
  const known = new Map<Level, Level>();
  for (const span of level) {
    const before = levelOf(span);
    const made = known.get(before) ?? next(before);
    known.set(before, made);
    append(result, span.first, span.last, made);
  }
  return result;
}

/** The set with the level of one side replaced, below each protocol (and each source). */
function onSide(set: PacketSet, side: Side, change: (level: Level) => Level): PacketSet {
  return below(set, (sources) => (side === 'source' ? change(sources) : below(sources, change)));
}
