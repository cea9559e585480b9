/**
 * Equal machines are one node: of one subnet, with the same groups and type, numbered names, that
 * reach and are reached alike. Two are shown as two; from three on they fold.
 */
import { stemOf } from '../region/instance.ts';
import type { End } from './ends.ts';
import type { Relation } from './relations.ts';
import type { ScenePair } from './scene.ts';

const FEWEST = 3;

/** A node that stands for one end, or for several equal ones. */
export interface Folded {
  readonly ends: readonly End[];
  readonly id: string;
}

/** @returns the nodes in the order of the ends, and the relations between them */
export function fold(
  ends: readonly End[],
  relations: readonly Relation[],
): { readonly nodes: readonly Folded[]; readonly relations: readonly Relation[] } {
  const classOf = classesOf(ends, relations);
  const members = Map.groupBy(ends, ({ id }) => classOf.get(id) ?? id);
  const nodes = [...members].map(([id, own]): Folded => ({ id, ends: own }));
  return { nodes, relations: between(classOf, relations) };
}

/** Refines what may be equal until all of a class have the same relations to all of another. */
function classesOf(ends: readonly End[], relations: readonly Relation[]) {
  const twins = Map.groupBy(ends, alikeKey);
  let classOf = new Map<string, string>();
  for (const [, own] of twins) {
    const [first] = own;
    for (const { id } of own) {
      const isFolded = own.length >= FEWEST && first !== undefined;
      classOf.set(id, isFolded ? first.id : id);
    }
  }
  for (;;) {
    const next = refined(ends, relations, classOf);
    if (new Set(next.values()).size === new Set(classOf.values()).size) return next;
    classOf = next;
  }
}

function alikeKey({ id, kind, subnetId, groupIds, lines, name }: End): string {
  const isFoldable = subnetId !== undefined && name !== undefined && kind === 'instance';
  return isFoldable ? JSON.stringify([subnetId, kind, groupIds, lines.at(-1), stemOf([name])]) : id;
}

/** A class whose members differ in whom they reach falls apart, and so does one that gets too small. */
function refined(
  ends: readonly End[],
  relations: readonly Relation[],
  classOf: ReadonlyMap<string, string>,
): Map<string, string> {
  const size = new Map<string, number>();
  for (const id of classOf.values()) size.set(id, (size.get(id) ?? 0) + 1);
  const seen = new Map<string, Map<string, number>>();
  const note = (id: string, word: string): void => {
    const words = seen.get(id) ?? new Map<string, number>();
    words.set(word, (words.get(word) ?? 0) + 1);
    seen.set(id, words);
  };
  for (const { fromId, toId, services, viaId } of relations) {
    const [from, to] = [classOf.get(fromId) ?? fromId, classOf.get(toId) ?? toId];
    note(fromId, JSON.stringify(['to', to, services, viaId]));
    note(toId, JSON.stringify(['from', from, services]));
  }
  const key = (id: string): string => {
    const own = classOf.get(id) ?? id;
    const words = [...(seen.get(id) ?? [])].map(([word, count]) => {
      const [, peer] = JSON.parse(word) as [string, string];
      // Itself is not among those that it reaches.
      const whole = (size.get(peer) ?? 1) - (peer === own ? 1 : 0);
      return count === whole ? word : `${word} ${id}`;
    });
    return JSON.stringify([own, words.toSorted()]);
  };
  const parts = Map.groupBy(
    ends.map(({ id }) => id),
    key,
  );
  const result = new Map<string, string>();
  for (const ids of parts.values()) {
    const [first = ''] = ids;
    for (const id of ids) result.set(id, ids.length >= FEWEST ? first : id);
  }
  return result;
}

/** One relation for all those of the same services between two nodes, in the order of the first. */
function between(classOf: ReadonlyMap<string, string>, relations: readonly Relation[]) {
  const found = new Map<string, Relation & { readonly pairs: ScenePair[] }>();
  for (const each of relations) {
    const own = {
      ...each,
      fromId: classOf.get(each.fromId) ?? each.fromId,
      toId: classOf.get(each.toId) ?? each.toId,
    };
    const key = JSON.stringify([own.fromId, own.toId, own.services, own.viaId]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...own, pairs: [...each.pairs] });
    else known.pairs.push(...each.pairs);
  }
  return [...found.values()];
}
