/**
 * Lines run up and down in the gutters between columns. Gutter g is left of column g. A line that
 * needs several gutters joins them by a way across, at the bottom of a VPC.
 */
import type { Bundle } from '../bundles.ts';

export type Side = 'left' | 'right';

/** Where a line meets a card. */
export interface Slot {
  readonly nodeId: string;
  readonly role: 'out' | 'in' | 'both';
  readonly side: Side;
  readonly gutter: number;
}

/** A line's part in one gutter. */
export interface Track {
  readonly bundle: Bundle;
  readonly gutter: number;
  readonly slots: readonly Slot[];
  /** Joined to the line's other parts. */
  readonly isJoined: boolean;
}

/** @param last the last column: its right side has a gutter too */
export function tracksOf(
  bundles: readonly Bundle[],
  column: (nodeId: string) => number,
  last: number,
): readonly Track[] {
  const load = new Map<number, number>();
  return bundles.flatMap((bundle) => {
    const gutters = guttersOf(bundle, column, last, load);
    const used = new Set<number>();
    const slots = slotsOf(bundle, column, gutters);
    for (const { gutter } of slots) used.add(gutter);
    for (const gutter of used) load.set(gutter, (load.get(gutter) ?? 0) + 1);
    return [...used]
      .toSorted((a, b) => a - b)
      .map(
        (gutter): Track => ({
          ...{ bundle, gutter, isJoined: used.size > 1 },
          slots: slots.filter((each) => each.gutter === gutter),
        }),
      );
  });
}

/** The fewest gutters that have a side of every card; of those, where the lines bend least. */
function guttersOf(
  bundle: Bundle,
  column: (nodeId: string) => number,
  last: number,
  load: ReadonlyMap<number, number>,
): readonly number[] {
  const { senders, receivers } = bundle;
  const columns = [...new Set([...senders, ...receivers].map(column))];
  const all = Array.from({ length: last + 1 }, (_, index) => index + 1);
  const fits = (chosen: readonly number[]): boolean =>
    columns.every((each) => chosen.includes(each) || chosen.includes(each + 1));
  const facing = facingOf(bundle, column);
  const cost = (chosen: readonly number[]): number => {
    const turned = [...receivers, ...senders].filter((id) => !chosen.includes(facing(id))).length;
    const busy = chosen.reduce((sum, each) => sum + (load.get(each) ?? 0), 0);
    return chosen.length * 1000 + turned * 10 + busy;
  };
  const candidates = subsets(all).filter(fits);
  return candidates.toSorted((a, b) => cost(a) - cost(b))[0] ?? all;
}

/** The gutter at the side of a card that faces the other ends: the left one where they are all around. */
function facingOf({ senders, receivers }: Bundle, column: (nodeId: string) => number) {
  const [from, to] = [[...senders].map(column), [...receivers].map(column)];
  return (id: string): number => {
    const own = column(id);
    const others = senders.has(id) ? to : from;
    const isLeft =
      senders.has(id) && !receivers.has(id)
        ? Math.max(...others) < own
        : Math.min(...others) <= own && !others.every((each) => each > own);
    return isLeft ? own : own + 1;
  };
}

function subsets(all: readonly number[]): readonly (readonly number[])[] {
  const [first, ...rest] = all;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((chosen) => [first, ...chosen])];
}

/** Receivers choose first, at the side that faces the senders; senders go where receivers are. */
function slotsOf(
  bundle: Bundle,
  column: (nodeId: string) => number,
  gutters: readonly number[],
): readonly Slot[] {
  const { senders, receivers } = bundle;
  const facing = facingOf(bundle, column);
  const slot = (nodeId: string, role: Slot['role'], preferred: readonly number[]): Slot => {
    const sides = [column(nodeId), column(nodeId) + 1].filter((each) => gutters.includes(each));
    const gutter = preferred.find((each) => sides.includes(each)) ?? sides[0] ?? column(nodeId);
    return { nodeId, role, gutter, side: gutter === column(nodeId) ? 'left' : 'right' };
  };
  const isMutual = receivers.size > 1;
  const ins = [...receivers].map((id) =>
    slot(id, isMutual && senders.has(id) ? 'both' : 'in', [facing(id)]),
  );
  const taken = ins.map(({ gutter }) => gutter);
  const outs = [...senders]
    .filter((id) => !(isMutual && receivers.has(id)))
    .map((id) => slot(id, 'out', [...taken, facing(id)]));
  return [...ins, ...outs];
}
