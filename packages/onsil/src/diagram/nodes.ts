/** What is written on a card. */
import { stemOf } from '../region/instance.ts';
import { parseAddress } from '../region/ipv4.ts';
import type { Folded } from './fold.ts';
import type { SceneNode } from './scene.ts';
import type { SceneOptions } from './scene-of.ts';

/** A node without its place. */
export type Unplaced = Omit<SceneNode, 'x' | 'y' | 'width' | 'height'>;

export function nodesOf(folded: readonly Folded[], { usd }: SceneOptions): readonly Unplaced[] {
  return folded.map(({ id, ends }): Unplaced => {
    const [first] = ends;
    if (first === undefined) throw new Error(`${id} stands for nothing.`);
    const { kind, groupIds, subnetId, lines, title } = first;
    const names = ends.flatMap(({ name }) => name ?? []);
    const resources = ends.flatMap(({ resource }) => resource ?? []);
    const isOne = ends.length === 1;
    return {
      ...{ id, kind, names, groupIds, boxId: subnetId ?? null },
      title: isOne ? title : `${stemOf(names)} ×${ends.length}`,
      lines: isOne
        ? lines
        : [rangeOf(ends.flatMap((each) => each.lines[0] ?? [])), ...lines.slice(-1)],
      ...(usd === undefined || resources.length === 0
        ? {}
        : { usd: sumOf(resources.map((each) => usd[each] ?? (each in usd ? null : 0))) }),
    };
  });
}

function sumOf(amounts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const each of amounts) {
    if (each === null) return null;
    sum += each;
  }
  return sum;
}

/** `10.0.1.10 … 49`, the lowest and the highest. */
function rangeOf(addresses: readonly string[]): string {
  const inOrder = addresses.toSorted((a, b) => (parseAddress(a) ?? 0) - (parseAddress(b) ?? 0));
  const [first = '', last = ''] = [inOrder[0], inOrder.at(-1)];
  const network = first.slice(0, first.lastIndexOf('.') + 1);
  return network !== '' && last.startsWith(network)
    ? `${first} … ${last.slice(network.length)}`
    : `${first} …`;
}
