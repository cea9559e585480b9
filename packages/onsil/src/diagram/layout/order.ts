/**
 * Which line is next to which: the order of lines in a gutter and of their ends at a card, so
 * that few lines cross. Exchanges pairs while that helps: the same input gives the same order.
 */
import type { Side, Slot, Track } from './tracks.ts';

export interface Order {
  /** Tracks of each gutter from left to right. */
  readonly lanes: ReadonlyMap<number, readonly Track[]>;
  /** Slots of each side of a card, by sideKey, from the top. */
  readonly ends: ReadonlyMap<string, readonly Slot[]>;
}

export const sideKey = (nodeId: string, side: Side): string => `${side} ${nodeId}`;

const MOST_ROUNDS = 12;
/** Looks at a line's end against another line: some tenths of a second, whatever the picture. */
const MOST_LOOKS = 12_000_000;

/** The ends at each side of a card, in no order yet. */
export function endsOfTracks(tracks: readonly Track[]): Map<string, Slot[]> {
  const slots = tracks.flatMap((track) => track.slots);
  return Map.groupBy(slots, ({ nodeId, side }) => sideKey(nodeId, side));
}

/**
 * @param yOf of an end, by its place among those of its side
 * @param bottom where joined lines go down to
 */
export function ordered(
  tracks: readonly Track[],
  yOf: (slot: Slot, place: number, count: number) => number,
  bottom: (track: Track) => number,
): Order {
  const ends = endsOfTracks(tracks);
  const lanes = Map.groupBy(tracks, ({ gutter }) => gutter);
  const places = new Map<Slot, number>();
  const number = (list: readonly Slot[]): void => {
    for (const [index, slot] of list.entries()) places.set(slot, index);
  };
  for (const list of ends.values()) number(list);
  let looks = 0;
  const at = (slot: Slot): number => {
    const own = ends.get(sideKey(slot.nodeId, slot.side)) ?? [];
    return yOf(slot, places.get(slot) ?? 0, own.length);
  };
  const crossings = (gutter: number): number => {
    const own = lanes.get(gutter) ?? [];
    looks += own.length * own.reduce((sum, { slots }) => sum + slots.length, 0);
    return crossingsOf(own, at, bottom);
  };
  /** Where an exchange leaves fewer crossings it stays. */
  const improve = <T>(list: T[], gutter: number, moved: () => void): boolean => {
    let better = false;
    let now = crossings(gutter);
    for (let i = 0; i < list.length; i += 1) {
      for (let j = i + 1; j < list.length && looks < MOST_LOOKS; j += 1) {
        swap(list, i, j);
        moved();
        const then = crossings(gutter);
        if (then < now) {
          better = true;
          now = then;
        } else {
          swap(list, i, j);
          moved();
        }
      }
    }
    return better;
  };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let better = false;
    for (const [gutter, list] of lanes) better = improve(list, gutter, () => {}) || better;
    for (const list of ends.values()) {
      better = improve(list, list[0]?.gutter ?? 0, () => number(list)) || better;
    }
    if (!better) break;
  }
  return { lanes, ends };
}

function swap<T>(list: T[], i: number, j: number): void {
  const [a, b] = [list[i], list[j]];
  if (a === undefined || b === undefined) return;
  list[i] = b;
  list[j] = a;
}

/** A crossing counts a hundred, a pixel of line one hundredth: of equal ones the shorter. */
function crossingsOf(
  lanes: readonly Track[],
  at: (slot: Slot) => number,
  bottom: (track: Track) => number,
): number {
  const drawn = lanes.map((track) => {
    const stubs = track.slots.map((slot) => ({ side: slot.side, y: at(slot) }));
    const ys = [...stubs.map(({ y }) => y), ...(track.isJoined ? [bottom(track)] : [])];
    return { stubs, top: Math.min(...ys), end: Math.max(...ys) };
  });
  let cost = 0;
  for (const [lane, { stubs, top, end }] of drawn.entries()) {
    cost += (end - top) / 100;
    for (const { side, y } of stubs) {
      // A card's right side is at the left of the gutter.
      const passed = side === 'right' ? drawn.slice(0, lane) : drawn.slice(lane + 1);
      cost += passed.length / 10;
      for (const other of passed) if (y > other.top && y < other.end) cost += 100;
    }
  }
  return cost;
}
