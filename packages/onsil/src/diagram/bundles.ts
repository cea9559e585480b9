/**
 * Relations that share one line: all of the senders reach all of the receivers, on the same
 * services. Fifty arrows become ten lines with branches, and no line says more than the proof.
 */
import type { Relation } from './relations.ts';

/** One line: any sender to any receiver but itself. */
export interface Bundle {
  readonly id: string;
  readonly senders: ReadonlySet<string>;
  readonly receivers: ReadonlySet<string>;
}

/** Where a relation goes along: by one line, or by one to what translates and another from there. */
export type Legs = readonly [Bundle] | readonly [Bundle, Bundle];

interface Draft extends Bundle {
  readonly senders: Set<string>;
  readonly receivers: Set<string>;
}

/** @param isOutside whether a node is outside of every VPC */
export function bundlesOf(
  relations: readonly Relation[],
  isOutside: (id: string) => boolean,
): { readonly bundles: readonly Bundle[]; readonly legs: ReadonlyMap<Relation, Legs> } {
  const legs = new Map<Relation, Legs>();
  const bundles: Draft[] = [];
  const add = (senders: readonly string[], receivers: readonly string[]): Draft => {
    const id = `line-${bundles.length + 1}`;
    const made = { id, senders: new Set(senders), receivers: new Set(receivers) };
    bundles.push(made);
    return made;
  };
  const translated = relations.filter(({ viaId }) => viaId !== undefined);
  const direct = new Set(relations.filter(({ viaId }) => viaId === undefined));
  for (const [, all] of Map.groupBy(translated, (each) => `${each.viaId} ${each.services}`)) {
    const [{ viaId = '', services } = never()] = all;
    for (const { senders, receivers, members } of complete(all)) {
      const [towards, onwards] = [add(senders, [viaId]), add([viaId], receivers)];
      for (const each of members) legs.set(each, [towards, onwards]);
      // What all of them say to the translator itself goes the same way, and what it says to all.
      const alike = [...direct].filter((each) => each.services === services);
      const said = alike.filter((each) => each.toId === viaId && towards.senders.has(each.fromId));
      const says = alike.filter(
        (each) => each.fromId === viaId && onwards.receivers.has(each.toId),
      );
      for (const [own, bundle, size] of [
        [said, towards, senders.length],
        [says, onwards, receivers.length],
      ] as const) {
        if (own.length !== size) continue;
        for (const each of own) {
          legs.set(each, [bundle]);
          direct.delete(each);
        }
      }
    }
  }
  const side = (id: string): string => (isOutside(id) ? 'outside' : 'inside');
  const key = ({ fromId, toId, services }: Relation): string =>
    JSON.stringify([side(fromId), side(toId), services]);
  for (const [, all] of Map.groupBy([...direct], key)) {
    for (const { senders, receivers, members } of complete(all)) {
      const bundle = add(senders, receivers);
      for (const each of members) legs.set(each, [bundle]);
    }
  }
  return { bundles, legs };
}

interface Complete {
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
  readonly members: readonly Relation[];
}

/** Parts of the relations in each of which all reach all: those who all reach each other first. */
function complete(relations: readonly Relation[]): readonly Complete[] {
  const senders = (all: readonly Relation[]) =>
    Map.groupBy(all, ({ toId }) => toId)
      .entries()
      .map(([toId, own]) => [toId, own.map(({ fromId }) => fromId)] as const);
  const mutual = Map.groupBy(senders(relations), ([toId, own]) =>
    JSON.stringify([...new Set([...own, toId])].toSorted()),
  );
  const cliques = [...mutual].flatMap(([key, all]): readonly Complete[] => {
    const ids: readonly string[] = JSON.parse(key);
    const receivers = all.map(([toId]) => toId);
    if (receivers.length < 2 || receivers.length !== ids.length) return [];
    const members = relations.filter(
      ({ fromId, toId }) => receivers.includes(toId) && receivers.includes(fromId),
    );
    return [{ senders: receivers, receivers, members }];
  });
  const taken = new Set(cliques.flatMap(({ members }) => members));
  const rest = relations.filter((each) => !taken.has(each));
  const byReceivers = Map.groupBy(senders(rest), ([, own]) => JSON.stringify(own.toSorted()));
  return [
    ...cliques,
    ...[...byReceivers].map(([key, all]): Complete => {
      const own: readonly string[] = JSON.parse(key);
      const receivers = all.map(([toId]) => toId);
      const members = rest.filter(({ toId }) => receivers.includes(toId));
      return { senders: own, receivers, members };
    }),
  ];
}

function never(): never {
  throw new Error('A group without a member.');
}
