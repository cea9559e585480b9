/** Lines that go across at the bottom of a VPC, from one gutter to another. */
import type { Bundle } from '../bundles.ts';
import type { Material } from './material.ts';
import type { Track } from './tracks.ts';

export interface Way {
  /** The VPC's. */
  readonly id: string;
  /** From the top. */
  readonly place: number;
}

/** Each line's way, in the VPC of its deepest end. */
export function acrossOf(
  { region, nodes, bundles }: Material,
  column: (id: string) => number,
  tracks: readonly Track[],
): ReadonlyMap<Bundle, Way> {
  const vpcOf = new Map(nodes.map(({ id, boxId }) => [id, region.subnets[boxId ?? '']?.vpcId]));
  const count = new Map<string, number>();
  const found = new Map<Bundle, Way>();
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
