/** Ways through the system: who asks from outside, who administers, who calls out. */
import type { Relation } from './relations.ts';
import type { NodeKind, Path } from './scene.ts';

interface Place {
  readonly kind: NodeKind;
  /** How deep inside it stands; 0 is outside. */
  readonly column: number;
}

const REMOTE = /\b(22|3389)\b|^everything|^tcp$/;
/** Nothing but remote shells and pings. */
const ONLY_REMOTE = /^(IPv6 )?(tcp (22|3389)|icmp[^;]*)$/;

/**
 * Which of the relations are on which path.
 * - request: what follows from the Internet inwards, never back out.
 * - admin: what follows from the administrator by remote shells; from the Internet where there is none.
 * - outbound: what leads from inside to the outside, and to what translates on the way.
 */
export function pathsOf(
  relations: readonly Relation[],
  places: ReadonlyMap<string, Place>,
): ReadonlyMap<Relation, readonly Path[]> {
  const column = (id: string): number => places.get(id)?.column ?? 0;
  const isInward = ({ fromId, toId }: Relation) => column(toId) >= Math.max(1, column(fromId));
  const admins = [...places].flatMap(([id, { kind }]) => (kind === 'admin' ? [id] : []));
  const strangers = [...places].flatMap(([id, { kind }]) => (kind === 'internet' ? [id] : []));
  const request = walk(
    strangers,
    relations.filter((each) => isInward(each) && !ONLY_REMOTE.test(each.services)),
  );
  const admin = walk(
    admins.length > 0 ? admins : strangers,
    relations.filter(({ toId, services }) => column(toId) > 0 && REMOTE.test(services)),
  );
  const translators = new Set(relations.flatMap(({ viaId }) => viaId ?? []));
  const outbound = new Set(
    relations.filter(
      ({ fromId, toId }) =>
        column(fromId) > 0 &&
        (column(toId) === 0 || (translators.has(toId) && column(fromId) > column(toId))),
    ),
  );
  const all: readonly (readonly [Path, ReadonlySet<Relation>])[] = [
    ['request', request],
    ['admin', admin],
    ['outbound', outbound],
  ];
  return new Map(
    relations.map((each) => [each, all.flatMap(([path, own]) => (own.has(each) ? [path] : []))]),
  );
}

/** Every relation that can follow another, from the starts on. */
function walk(starts: readonly string[], relations: readonly Relation[]): ReadonlySet<Relation> {
  const bySender = Map.groupBy(relations, ({ fromId }) => fromId);
  const seen = new Set(starts);
  const found = new Set<Relation>();
  for (const id of seen) {
    for (const each of bySender.get(id) ?? []) {
      found.add(each);
      seen.add(each.toId);
    }
  }
  return found;
}
