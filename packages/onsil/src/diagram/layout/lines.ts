/** Polylines along the lanes, and where labels stand. */
import type { Bundle, Legs } from '../bundles.ts';
import type { Relation } from '../relations.ts';
import type { Point, Rect } from '../scene.ts';
import type { Grid } from './grid.ts';
import { type Order, sideKey } from './order.ts';
import { ACROSS, HEAD, LANE, labelLines, labelWidth, PITCH } from './sizes.ts';
import type { Slot } from './tracks.ts';

export interface Lines {
  pointsOf(relation: Relation, legs: Legs): readonly Point[];
  /** Of the line's last part: the middle of the text at its head. */
  labelOf(relation: Relation, legs: Legs): Point;
}

/** Where an end is, by its place among `count` at that side of a card: left ones are halfway. */
export function endY(card: Rect, slot: Slot, place: number, count: number): number {
  const half = slot.side === 'left' ? PITCH / 2 : PITCH;
  const room = Math.floor((card.height - half) / PITCH);
  const capacity = slot.side === 'left' ? Math.floor(card.height / PITCH) : room;
  const first = Math.max(0, Math.floor((capacity - count) / 2));
  return card.y + half + (first + place) * PITCH;
}

/** @param vpcOf in which VPC a line goes across */
export function linesOf(
  grid: Grid,
  order: Order,
  vpcOf: (bundle: Bundle) => { readonly id: string; readonly place: number },
): Lines {
  const lanes = new Map<Bundle, Map<number, number>>();
  for (const [gutter, tracks] of order.lanes) {
    for (const [index, { bundle }] of tracks.entries()) {
      const own = lanes.get(bundle) ?? new Map<number, number>();
      own.set(gutter, (grid.laneX.get(gutter) ?? 0) + index * LANE);
      lanes.set(bundle, own);
    }
  }
  const slots = new Map<Bundle, Slot[]>();
  for (const tracks of order.lanes.values()) {
    for (const { bundle, slots: own } of tracks) {
      slots.set(bundle, [...(slots.get(bundle) ?? []), ...own]);
    }
  }
  const slotOf = (bundle: Bundle, nodeId: string, role: 'out' | 'in'): Slot => {
    const found = slots
      .get(bundle)
      ?.find((each) => each.nodeId === nodeId && (each.role === role || each.role === 'both'));
    if (found === undefined) throw new Error(`${bundle.id} has no end at ${nodeId}.`);
    return found;
  };
  const pointOf = (slot: Slot): Point => {
    const card = cardOf(grid, slot.nodeId);
    const ends = order.ends.get(sideKey(slot.nodeId, slot.side)) ?? [];
    const y = endY(card, slot, ends.indexOf(slot), ends.length);
    return { x: slot.side === 'left' ? card.x : card.x + card.width, y };
  };
  const leg = (bundle: Bundle, fromId: string, toId: string): readonly Point[] => {
    const [start, end] = [slotOf(bundle, fromId, 'out'), slotOf(bundle, toId, 'in')];
    const [a, b] = [pointOf(start), pointOf(end)];
    const [x1 = 0, x2 = 0] = [start, end].map(({ gutter }) => lanes.get(bundle)?.get(gutter));
    if (x1 === x2) return [a, { x: x1, y: a.y }, { x: x1, y: b.y }, b];
    const { id, place } = vpcOf(bundle);
    const y = (grid.acrossY.get(id) ?? 0) + place * ACROSS;
    return [a, { x: x1, y: a.y }, { x: x1, y }, { x: x2, y }, { x: x2, y: b.y }, b];
  };
  return {
    pointsOf({ fromId, toId, viaId }, [first, second]) {
      if (second === undefined || viaId === undefined) return leg(first, fromId, toId);
      const [towards, onwards] = [leg(first, fromId, viaId), leg(second, viaId, toId)];
      return simplified([...towards, ...throughCard(towards, onwards), ...onwards]);
    },
    labelOf({ toId, services }, legs) {
      const slot = slotOf(legs[1] ?? legs[0], toId, 'in');
      const { x, y } = pointOf(slot);
      const away = HEAD + labelWidth(services) / 2;
      return {
        x: slot.side === 'left' ? x - away : x + away,
        y: labelLines(services).length > 1 ? y : y - 6.5,
      };
    },
  };
}

/** Behind the card of what translates, from the one end to the other. */
function throughCard(towards: readonly Point[], onwards: readonly Point[]): readonly Point[] {
  const [a, b] = [towards.at(-1), onwards[0]];
  if (a === undefined || b === undefined) return [];
  const x = (a.x + b.x) / 2;
  return a.x === b.x
    ? []
    : [
        { x, y: a.y },
        { x, y: b.y },
      ];
}

function simplified(points: readonly Point[]): readonly Point[] {
  return points.filter((each, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return true;
    const isSame = before.x === each.x && before.y === each.y;
    const isStraight =
      (before.x === each.x && each.x === after.x) || (before.y === each.y && each.y === after.y);
    return !isSame && !isStraight;
  });
}

export function cardOf(grid: Grid, nodeId: string): Rect {
  const card = grid.cards.get(nodeId);
  if (card === undefined) throw new Error(`${nodeId} has no place in the picture.`);
  return card;
}
