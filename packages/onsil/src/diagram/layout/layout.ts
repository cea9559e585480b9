/** Puts a picture together: columns and lines first, then sizes, then places. */
import type { Region } from '../../region/region.ts';
import type { Relation } from '../relations.ts';
import type { Point, Rect, SceneNode } from '../scene.ts';
import { acrossOf } from './across.ts';
import { cardsOf } from './cards.ts';
import { type Grid, gridOf } from './grid.ts';
import { carriersOf } from './labels.ts';
import { cardOf, endY, linesOf } from './lines.ts';
import type { Material } from './material.ts';
import { ordered } from './order.ts';
import { planOf } from './plan.ts';
import { tracksOf } from './tracks.ts';

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
  const { region, nodes, columns, bundles, legs } = material;
  const columnById = new Map(nodes.map(({ id, boxId }) => [id, columns.get(boxId ?? '') ?? 0]));
  const column = (id: string): number => columnById.get(id) ?? 0;
  const last = Math.max(1, ...columns.values());
  const tracks = tracksOf(bundles, column, last);
  const ways = acrossOf(material, column, tracks);
  const grid = gridOf(planOf(material, cardsOf(material, column, tracks), ways, tracks, last));
  const order = ordered(
    tracks,
    (slot, place, count) => endY(cardOf(grid, slot.nodeId), slot, place, count),
    ({ bundle }) => grid.acrossY.get(ways.get(bundle)?.id ?? '') ?? grid.height,
  );
  const lines = linesOf(grid, order, (bundle) => ways.get(bundle) ?? { id: '', place: 0 });
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
}

function boxOf(grid: Grid, id: string): Rect {
  const box = grid.boxes.get(id);
  if (box === undefined) throw new Error(`${id} has no place in the picture.`);
  return box;
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
