/** Which arrow says what a shared line's branch is about: one for each receiver of the line. */
import type { Relation } from '../relations.ts';
import type { Material } from './material.ts';

/** The one on the most paths: what is highlighted keeps its label. */
export function carriersOf({ relations, paths, legs }: Material): ReadonlySet<Relation> {
  const byBranch = Map.groupBy(relations, (each) => {
    const line = (legs.get(each) ?? []).at(-1);
    return `${line?.id} ${each.toId}`;
  });
  const pathCount = (each: Relation): number => paths.get(each)?.length ?? 0;
  return new Set(
    [...byBranch.values()].flatMap((all) =>
      all.toSorted((a, b) => pathCount(b) - pathCount(a)).slice(0, 1),
    ),
  );
}
