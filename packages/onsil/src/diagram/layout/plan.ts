/** What stands in which subnet, zone and VPC, in order, before any of it has a place. */
import type { Region } from '../../region/region.ts';
import { zoneBoxId } from '../boxes.ts';
import type { Bundle } from '../bundles.ts';
import type { Unplaced } from '../nodes.ts';
import type { Way } from './across.ts';
import type { Card, Plan, SubnetPlan, VpcPlan } from './grid.ts';
import type { Material } from './material.ts';
import type { Track } from './tracks.ts';

export function planOf(
  material: Material,
  cards: ReadonlyMap<string, Card>,
  ways: ReadonlyMap<Bundle, Way>,
  tracks: readonly Track[],
  last: number,
): Plan {
  const bySubnet = Map.groupBy(sorted(material.nodes, material), ({ boxId }) => boxId);
  const inside = (subnetId: string | null): readonly Card[] =>
    (bySubnet.get(subnetId) ?? []).flatMap(({ id }) => cards.get(id) ?? []);
  return {
    outside: material.nodes.flatMap(({ id, boxId }) =>
      boxId === null ? (cards.get(id) ?? []) : [],
    ),
    vpcs: vpcsOf(material.region, material.columns, inside, ways),
    lanes: Array.from(
      { length: last + 1 },
      (_, index) => tracks.filter(({ gutter }) => gutter === index + 1).length,
    ),
  };
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

function vpcsOf(
  region: Region,
  columns: ReadonlyMap<string, number>,
  cards: (subnetId: string) => readonly Card[],
  ways: ReadonlyMap<Bundle, Way>,
): readonly VpcPlan[] {
  const subnets = Object.values(region.subnets);
  return Object.keys(region.vpcs).map((id) => {
    const own = subnets.filter(({ vpcId }) => vpcId === id);
    const zones = [...new Set(own.map(({ zone }) => zone))].toSorted();
    return {
      id,
      across: [...ways.values()].filter((each) => each.id === id).length,
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
