/**
 * Sets of protocols, ports, types and codes, whatever the addresses, as bits: for all pairs at
 * once, where the same few sets are joined and cut millions of times. The sets that rules name
 * cut the packets into parts that none of them tells apart; each set is then the bits of its parts.
 */
import { EMPTY, intersect, type PacketSet, sample, unionAll } from './packet-set/packet-set.ts';
import { append, type Rest, type Span } from './packet-set/span.ts';

/** The number of a set in its list. Equal sets have equal numbers. */
export type ServicesId = number;

/** Gathers the sets that rules name. */
export class ServicesList {
  readonly sets: PacketSet[] = [];
  private readonly ids = new Map<string, ServicesId>();

  /** Addresses of the set must be unrestricted. */
  idOf(set: PacketSet): ServicesId {
    const key = JSON.stringify(set);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }
}

export class ServicesTable {
  /** How many words of 32 bits a set takes. */
  readonly width: number;
  /** Of the set with number `n`: `width` words from `n * width` on. */
  private readonly bits: Int32Array;
  /** Where the bits of each set begin, and end: of most, all are in a word or two. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly parts: readonly PacketSet[];
  private readonly known = new Map<string, PacketSet>();
  private readonly meeting = new Map<PacketSet, Int32Array>();
  private readonly cuts = new Map<PacketSet, Map<PacketSet, PacketSet>>();

  constructor({ sets }: ServicesList) {
    // By destination port: what one rule allows then lies in few words, whatever the source port.
    const parts = [...partsOf(sets)].toSorted(([, a], [, b]) => byDestinationPort(a, b));
    this.parts = parts.map(([, set]) => set);
    this.width = Math.max(1, Math.ceil(parts.length / 32));
    this.bits = new Int32Array(sets.length * this.width);
    for (const [part, [ids]] of parts.entries()) {
      for (const id of ids.split(' ')) {
        const word = Number(id) * this.width + (part >>> 5);
        this.bits[word] = (this.bits[word] ?? 0) | (1 << (part & 31));
        this.starts[Number(id)] ??= part >>> 5;
        this.ends[Number(id)] = (part >>> 5) + 1;
      }
    }
  }

  /** Adds the set of that number to the words of `target` from `at` on. */
  addTo(target: Int32Array, at: number, id: ServicesId): void {
    const from = id * this.width;
    const end = this.ends[id] ?? 0;
    for (let word = this.starts[id] ?? 0; word < end; word += 1) {
      target[at + word] = (target[at + word] ?? 0) | (this.bits[from + word] ?? 0);
    }
  }

  /** The bits of the parts of which the gate lets some packets through. */
  partsMeeting(gate: PacketSet): Int32Array {
    const known = this.meeting.get(gate);
    if (known !== undefined) return known;
    const made = new Int32Array(this.width);
    for (const [part, set] of this.parts.entries()) {
      if (intersect(set, gate).length === 0) continue;
      made[part >>> 5] = (made[part >>> 5] ?? 0) | (1 << (part & 31));
    }
    this.meeting.set(gate, made);
    return made;
  }

  /** What the gate lets through of the set of the given bits of the words with given numbers. */
  setOf(at: Int32Array, bits: Int32Array, gate: PacketSet): PacketSet {
    const whole = this.unionOf(at, bits);
    const cuts = this.cuts.get(gate) ?? new Map<PacketSet, PacketSet>();
    this.cuts.set(gate, cuts);
    const known = cuts.get(whole);
    if (known !== undefined) return known;
    const set = intersect(whole, gate);
    cuts.set(whole, set);
    return set;
  }

  private unionOf(at: Int32Array, bits: Int32Array): PacketSet {
    const numbers: number[] = [];
    for (const [index, word] of at.entries()) {
      for (let bit = 0; bit < 32; bit += 1) {
        if (((bits[index] ?? 0) >>> bit) & 1) numbers.push(word * 32 + bit);
      }
    }
    const key = numbers.toSorted((a, b) => a - b).join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const set = unionAll(numbers.map((number) => this.parts[number] ?? EMPTY));
    this.known.set(key, set);
    return set;
  }
}

/** The parts into which the sets cut their union, by the numbers of the sets that hold them. */
function partsOf(sets: readonly PacketSet[]): ReadonlyMap<string, PacketSet> {
  const cut = cutOf(sets.map((rest, id) => ({ id, rest })));
  return new Map([...cut].map(([ids, rest]) => [ids, rest === true ? EMPTY : rest]));
}

function byDestinationPort(one: PacketSet, other: PacketSet): number {
  const [a, b] = [sample(one), sample(other)];
  if (a === undefined || b === undefined) return 0;
  return a.protocol - b.protocol || a.detail[1] - b.detail[1] || a.detail[0] - b.detail[0];
}

interface Holder {
  readonly id: ServicesId;
  readonly rest: Rest;
}

/** Level by level: between two ends of spans, the same sets have the same rests. */
function cutOf(holders: readonly Holder[]): ReadonlyMap<string, Rest> {
  if (holders.every(({ rest }) => rest === true)) {
    return new Map([[holders.map(({ id }) => id).join(' '), true]]);
  }
  const spans = holders.flatMap(({ id, rest }) =>
    rest === true ? [] : rest.map((span) => ({ id, ...span })),
  );
  const ends = new Set(spans.flatMap(({ first, last }) => [first, last + 1]));
  const cuts = [...ends].toSorted((a, b) => a - b);
  const starting = Map.groupBy(spans, ({ first }) => first);
  const result = new Map<string, Span[]>();
  let open: (Holder & Span)[] = [];
  for (const [index, first] of cuts.entries()) {
    open = open.filter(({ last }) => last >= first);
    open.push(...(starting.get(first) ?? []));
    open.sort((a, b) => a.id - b.id);
    const last = (cuts[index + 1] ?? first) - 1;
    if (open.length === 0) continue;
    for (const [ids, rest] of cutOf(open)) {
      const level = result.get(ids) ?? [];
      append(level, first, last, rest);
      result.set(ids, level);
    }
  }
  return result;
}
