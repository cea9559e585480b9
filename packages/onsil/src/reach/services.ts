/**
 * Sets of protocols, ports, types and codes, whatever the addresses, as small numbers: for all
 * pairs at once, where the same few sets are cut with each other millions of times.
 */
import { EMPTY, intersect, type PacketSet, UNIVERSE, union } from './packet-set/packet-set.ts';

/** The number of a set. Equal sets have equal numbers. */
export type ServicesId = number;

export const NOTHING: ServicesId = 0;
export const EVERYTHING: ServicesId = 1;

export class ServicesTable {
  private readonly sets: PacketSet[] = [EMPTY, UNIVERSE];
  private readonly ids = new Map<string, ServicesId>([
    [JSON.stringify(EMPTY), NOTHING],
    [JSON.stringify(UNIVERSE), EVERYTHING],
  ]);
  private readonly unions = new Map<number, ServicesId>();
  private readonly intersections = new Map<number, ServicesId>();

  /** Addresses of the set must be unrestricted. */
  idOf(set: PacketSet): ServicesId {
    const key = JSON.stringify(set);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.sets.push(set);
    this.ids.set(key, this.sets.length - 1);
    return this.sets.length - 1;
  }

  setOf(id: ServicesId): PacketSet {
    const set = this.sets[id];
    if (set === undefined) throw new RangeError(`There is no set ${id}.`);
    return set;
  }

  and(a: ServicesId, b: ServicesId): ServicesId {
    if (a === b || b === EVERYTHING) return a;
    if (a === EVERYTHING) return b;
    if (a === NOTHING || b === NOTHING) return NOTHING;
    return this.remembered(this.intersections, intersect, a, b);
  }

  or(a: ServicesId, b: ServicesId): ServicesId {
    if (a === b || b === NOTHING) return a;
    if (a === NOTHING) return b;
    if (a === EVERYTHING || b === EVERYTHING) return EVERYTHING;
    return this.remembered(this.unions, union, a, b);
  }

  private remembered(
    memory: Map<number, ServicesId>,
    operation: (a: PacketSet, b: PacketSet) => PacketSet,
    a: ServicesId,
    b: ServicesId,
  ): ServicesId {
    const key = a < b ? a * 2 ** 24 + b : b * 2 ** 24 + a;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const id = this.idOf(operation(this.setOf(a), this.setOf(b)));
    memory.set(key, id);
    return id;
  }
}
