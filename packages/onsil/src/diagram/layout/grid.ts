/** Where boxes and cards stand: columns by depth, a row for each zone, VPCs below each other. */
import type { Rect } from '../scene.ts';
import { ACROSS, CARD_WIDTH, LANE, PITCH } from './sizes.ts';

/** A card that is to be placed. */
export interface Card {
  readonly id: string;
  readonly column: number;
  readonly height: number;
  /** Room for the labels of lines that end at its sides. */
  readonly left: number;
  readonly right: number;
}

export interface SubnetPlan {
  readonly id: string;
  readonly column: number;
  /** From the top. */
  readonly cards: readonly Card[];
}
export interface ZonePlan {
  readonly id: string;
  readonly subnets: readonly SubnetPlan[];
}
export interface VpcPlan {
  readonly id: string;
  readonly zones: readonly ZonePlan[];
  /** How many lines go across at its bottom. */
  readonly across: number;
}
export interface Plan {
  readonly outside: readonly Card[];
  readonly vpcs: readonly VpcPlan[];
  /** The number of lines in each gutter, from gutter 1 on. */
  readonly lanes: readonly number[];
}

export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly region: Rect;
  /** Of VPCs, zones and subnets by id. */
  readonly boxes: ReadonlyMap<string, Rect>;
  readonly cards: ReadonlyMap<string, Rect>;
  /** The first lane of each gutter, by its number. */
  readonly laneX: ReadonlyMap<number, number>;
  /** The first way across of each VPC. */
  readonly acrossY: ReadonlyMap<string, number>;
}

const [MARGIN, PAD, TITLE, GAP] = [12, 10, 22, 12];

export function gridOf(plan: Plan): Grid {
  const columns = columnsX(plan);
  const boxes = new Map<string, Rect>();
  const cards = new Map<string, Rect>();
  const acrossY = new Map<string, number>();
  const { left, right } = columns;
  let y = MARGIN + TITLE;
  for (const vpc of plan.vpcs) {
    const top = y;
    y += TITLE;
    for (const zone of vpc.zones) {
      const end = placeZone(zone, y, columns, boxes, cards);
      boxes.set(zone.id, rect(left + 2 * PAD, y, right - 2 * PAD, end));
      y = end + GAP;
    }
    acrossY.set(vpc.id, y);
    if (vpc.across > 0) y += vpc.across * ACROSS + 2;
    boxes.set(vpc.id, rect(left + PAD, top, right - PAD, y));
    y += GAP;
  }
  const region = rect(left, MARGIN, right, y);
  const outside = plan.outside.reduce((sum, { height }) => sum + height + PITCH, -PITCH);
  let own = snapped(Math.max(2 * MARGIN, (MARGIN + y - outside) / 2));
  for (const card of plan.outside) {
    cards.set(card.id, {
      x: columns.cards[0] ?? 0,
      y: own,
      width: CARD_WIDTH,
      height: card.height,
    });
    own += card.height + PITCH;
  }
  const height = Math.max(y, own) + MARGIN;
  return {
    ...{ width: right + MARGIN, height, region, boxes, cards, acrossY },
    laneX: new Map(columns.lanes.map((x, index) => [index + 1, x])),
  };
}

const rect = (x: number, y: number, right: number, bottom: number): Rect => ({
  ...{ x, y, width: right - x, height: bottom - y },
});

/** Ends of lines at different cards never meet on one height: cards stand on multiples of it. */
const snapped = (y: number): number => Math.ceil(y / PITCH) * PITCH;

interface Columns {
  /** Of the region. */
  readonly left: number;
  readonly right: number;
  /** Of cards, subnets and lanes: by column, the lanes from gutter 1 on. */
  readonly cards: readonly number[];
  readonly subnets: readonly (readonly [number, number])[];
  readonly lanes: readonly number[];
}

function columnsX({ outside, vpcs, lanes }: Plan): Columns {
  const inside = vpcs.flatMap(({ zones }) => zones.flatMap(({ subnets }) => subnets));
  const all = [...outside, ...inside.flatMap(({ cards }) => cards)];
  const room = (column: number, side: 'left' | 'right'): number =>
    Math.ceil(Math.max(PAD, ...all.filter((own) => own.column === column).map((own) => own[side])));
  const laneRoom = (gutter: number): number => (lanes[gutter - 1] ?? 0) * LANE + GAP;
  const found = {
    cards: [MARGIN],
    subnets: [[0, 0]] as (readonly [number, number])[],
    lanes: [] as number[],
  };
  let x = MARGIN;
  if (outside.length > 0) {
    x += CARD_WIDTH + (room(0, 'right') === PAD ? 0 : room(0, 'right'));
    found.lanes.push(x + LANE);
    x += laneRoom(1);
  } else found.lanes.push(x);
  const left = x;
  x += 3 * PAD;
  const last = lanes.length - 1;
  for (let column = 1; column <= last; column += 1) {
    const start = x;
    x += room(column, 'left');
    found.cards.push(x);
    x += CARD_WIDTH + room(column, 'right');
    found.subnets.push([start, x]);
    found.lanes.push(x + LANE);
    if (column < last || (lanes[column] ?? 0) > 0) x += laneRoom(column + 1);
  }
  return { left, right: x + 3 * PAD, ...found };
}

/** @returns where the zone ends */
function placeZone(
  zone: ZonePlan,
  top: number,
  columns: Columns,
  boxes: Map<string, Rect>,
  cards: Map<string, Rect>,
): number {
  const stacks = [...Map.groupBy(zone.subnets, ({ column }) => column)];
  const start = top + TITLE;
  const natural = (own: readonly SubnetPlan[]): number =>
    own.reduce((y, subnet) => lowest(subnet, y) + GAP, start) - GAP;
  const bottom = Math.max(start, ...stacks.map(([, own]) => natural(own)));
  for (const [column, own] of stacks) {
    const [x = 0, right = 0] = columns.subnets[column] ?? [];
    let y = start;
    for (const [index, subnet] of own.entries()) {
      const isLast = index === own.length - 1;
      const end = isLast ? bottom : lowest(subnet, y);
      boxes.set(subnet.id, rect(x, y, right, end));
      const spare = end - lowest(subnet, y);
      let at = snapped(y + TITLE) + Math.floor(spare / 2 / PITCH) * PITCH;
      for (const { id, height } of subnet.cards) {
        cards.set(id, { x: columns.cards[column] ?? 0, y: at, width: CARD_WIDTH, height });
        at += height + PITCH;
      }
      y = end + GAP;
    }
  }
  return bottom + PAD;
}

/** Where a subnet that begins at `y` ends at the earliest. */
function lowest({ cards }: SubnetPlan, y: number): number {
  const first = snapped(y + TITLE);
  if (cards.length === 0) return first + PAD;
  return cards.reduce((at, { height }) => at + height + PITCH, first) - PITCH + GAP;
}
