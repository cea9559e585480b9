/** Puts a picture together: columns and lines first, then sizes, then places. */

import { nameOf } from '../../reach/text/path.ts';
import type { Region } from '../../region/region.ts';
import { zoneBoxId } from '../boxes.ts';
import type { Bundle, Legs } from '../bundles.ts';
import type { Unplaced } from '../nodes.ts';
import type { Relation } from '../relations.ts';
import type { Path, Point, Rect, SceneNode } from '../scene.ts';
import { type Card, type Grid, gridOf, type SubnetPlan, type VpcPlan } from './grid.ts';
import { carriersOf } from './labels.ts';
import { cardOf, endY, linesOf } from './lines.ts';
import { endsOfTracks, ordered, sideKey } from './order.ts';
import { cardHeight, HEAD, labelWidth, pillRows } from './sizes.ts';
import { type Track, tracksOf } from './tracks.ts';

export interface Material {
  readonly region: Region;
  readonly nodes: readonly Unplaced[];
  /** Of subnets, from 1 on. */
  readonly columns: ReadonlyMap<string, number>;
  readonly relations: readonly Relation[];
  readonly paths: ReadonlyMap<Relation, readonly Path[]>;
  readonly bundles: readonly Bundle[];
  readonly legs: ReadonlyMap<Relation, Legs>;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly region: Rect;
  boxOf(id: string): Rect;
  cardOf(nodeId: string): Rect;
  lineOf(relation: Relation): { readonly points: readonly Point[]; readonly label: Point | null };
  /** Internet gateways, at the borders of their VPCs. */
  readonly gateways: readonly SceneNode[];
}

export function layoutOf(material: Material): Layout {
  const { region, nodes, columns, relations, bundles, legs } = material;
  const column = new Map(nodes.map(({ id, boxId }) => [id, columns.get(boxId ?? '') ?? 0]));
  const last = Math.max(1, ...columns.values());
  const columnOf = (id: string): number => column.get(id) ?? 0;
  const tracks = tracksOf(bundles, columnOf, last);
  const cards = cardsOf(material, columnOf, tracks);
  const across = acrossOf(material, columnOf, tracks);
  const lanes = Array.from(
    { length: last + 1 },
    (_, index) => tracks.filter(({ gutter }) => gutter === index + 1).length,
  );
  const inside = nodes.filter(({ boxId }) => boxId !== null);
  const bySubnet = Map.groupBy(sorted(inside, material), ({ boxId }) => boxId ?? '');
  const plan = {
    outside: nodes.flatMap(({ id, boxId }) => (boxId === null ? cards(id) : [])),
    vpcs: vpcsOf(
      region,
      columns,
      (id) => (bySubnet.get(id) ?? []).flatMap((each) => cards(each.id)),
      across,
    ),
    lanes,
  };
  const grid = gridOf(plan);
  const order = ordered(
    tracks,
    (slot, place, count) => endY(cardOf(grid, slot.nodeId), slot, place, count),
    ({ bundle }) => grid.acrossY.get(across.get(bundle)?.id ?? '') ?? grid.height,
  );
  const lines = linesOf(grid, order, (bundle) => across.get(bundle) ?? { id: '', place: 0 });
  const carriers = carriersOf(material);
  return {
    ...{ width: grid.width, height: grid.height, region: grid.region },
    boxOf: (id) => boxOf(grid, id),
    cardOf: (id) => cardOf(grid, id),
    lineOf(relation) {
      const own = legs.get(relation);
      if (own === undefined) throw new Error('A relation goes along no line.');
      return {
        points: lines.pointsOf(relation, own),
        label: carriers.has(relation) ? lines.labelOf(relation, own) : null,
      };
    },
    gateways: gatewaysOf(region, grid),
  };

  function cardsOf(
    { nodes: all, region: of }: Material,
    at: (id: string) => number,
    parts: readonly Track[],
  ) {
    const ends = endsOfTracks(parts);
    const receives = new Map<string, number>();
    for (const relation of relations) {
      const bundle = (legs.get(relation) ?? []).at(-1);
      const slot = parts
        .filter((each) => each.bundle === bundle)
        .flatMap((each) => each.slots)
        .find((each) => each.nodeId === relation.toId && each.role !== 'out');
      if (slot === undefined) continue;
      const key = sideKey(slot.nodeId, slot.side);
      const room = HEAD + labelWidth(relation.services) + 6;
      receives.set(key, Math.max(receives.get(key) ?? 0, room));
    }
    const found = new Map(
      all.map((node): readonly [string, Card] => {
        const count = (side: 'left' | 'right') => ends.get(sideKey(node.id, side))?.length ?? 0;
        const rows = pillRows(node.groupIds.map((id) => nameOf(of, id))).length;
        const lineCount = node.lines.length + (node.usd === undefined ? 0 : 1);
        return [
          node.id,
          {
            ...{ id: node.id, column: at(node.id) },
            height: cardHeight(lineCount, rows, count('left'), count('right')),
            left: receives.get(sideKey(node.id, 'left')) ?? 0,
            right: receives.get(sideKey(node.id, 'right')) ?? 0,
          },
        ];
      }),
    );
    return (id: string): readonly Card[] => {
      const card = found.get(id);
      return card === undefined ? [] : [card];
    };
  }
}

function boxOf(grid: Grid, id: string): Rect {
  const box = grid.boxes.get(id);
  if (box === undefined) throw new Error(`${id} has no place in the picture.`);
  return box;
}

/** What is asked from outside at the top, what translates next, what only administers last. */
function sorted(nodes: readonly Unplaced[], { relations, paths }: Material): readonly Unplaced[] {
  const rank = new Map<string, number>();
  for (const each of relations) {
    const own = paths.get(each) ?? [];
    const found = own.includes('request') ? 0 : own.includes('admin') ? 2 : 3;
    rank.set(each.toId, Math.min(rank.get(each.toId) ?? 3, found));
  }
  const rankOf = ({ id, kind }: Unplaced): number =>
    kind === 'nat-instance' || kind === 'nat-gateway' ? 1 : (rank.get(id) ?? 3);
  return nodes.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** Lines that go across, each in the VPC of its deepest end. */
function acrossOf(
  { region, nodes, bundles }: Material,
  column: (id: string) => number,
  tracks: readonly Track[],
): ReadonlyMap<Bundle, { readonly id: string; readonly place: number }> {
  const vpcOf = new Map(nodes.map(({ id, boxId }) => [id, region.subnets[boxId ?? '']?.vpcId]));
  const count = new Map<string, number>();
  const found = new Map<Bundle, { readonly id: string; readonly place: number }>();
  for (const bundle of bundles) {
    if (!tracks.some((each) => each.bundle === bundle && each.isJoined)) continue;
    const ends = [...bundle.receivers, ...bundle.senders];
    const [deepest = ''] = ends.toSorted((a, b) => column(b) - column(a));
    const id = vpcOf.get(deepest) ?? '';
    const place = count.get(id) ?? 0;
    count.set(id, place + 1);
    found.set(bundle, { id, place });
  }
  return found;
}

function vpcsOf(
  region: Region,
  columns: ReadonlyMap<string, number>,
  cards: (subnetId: string) => readonly Card[],
  across: ReadonlyMap<Bundle, { readonly id: string }>,
): readonly VpcPlan[] {
  const subnets = Object.values(region.subnets);
  return Object.keys(region.vpcs).map((id) => {
    const own = subnets.filter(({ vpcId }) => vpcId === id);
    const zones = [...new Set(own.map(({ zone }) => zone))].toSorted();
    return {
      id,
      across: [...across.values()].filter((each) => each.id === id).length,
      zones: zones.map((zone) => ({
        id: zoneBoxId(id, zone),
        subnets: own
          .filter((each) => each.zone === zone)
          .map(
            (each): SubnetPlan => ({
              id: each.id,
              column: columns.get(each.id) ?? 1,
              cards: cards(each.id),
            }),
          ),
      })),
    };
  });
}

const GATEWAY = 20;

function gatewaysOf(region: Region, grid: Grid): readonly SceneNode[] {
  return Object.values(region.internetGateways).flatMap(({ id, vpcId }): readonly SceneNode[] => {
    const vpc = grid.boxes.get(vpcId ?? '');
    if (vpc === undefined) return [];
    return [
      {
        ...{ id, kind: 'internet-gateway', title: 'Internet gateway', lines: [], names: [] },
        ...{ groupIds: [], boxId: vpcId ?? null },
        ...{ x: vpc.x - GATEWAY / 2, y: vpc.y + GATEWAY, width: GATEWAY, height: GATEWAY },
      },
    ];
  });
}
