/** What stands in the way of a deletion: things that name what is to be deleted. */
import { type Entry, tablesOf } from './entry.ts';
import type { Region, TableName } from './region.ts';

/** Entries that name the id of another one, e.g. a subnet the id of its VPC. */
export interface Referrer extends Entry {
  /** The id that it names. */
  readonly of: string;
}

/**
 * The things of the region that name one of the ids. A route does not count: AWS keeps it, and it
 * becomes a black hole (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html).
 */
export function referrers(region: Region, ids: ReadonlySet<string>): readonly Referrer[] {
  if (ids.size === 0) return [];
  return tablesOf(region).flatMap((table) =>
    Object.entries<unknown>(region[table]).flatMap(([id, thing]) =>
      [...namesIn(thing, table)]
        .filter((name) => name !== id && ids.has(name))
        .map((name) => ({ table, id, of: name })),
    ),
  );
}

function namesIn(thing: unknown, table: TableName, found = new Set<string>()): Set<string> {
  if (typeof thing === 'string') found.add(thing);
  else if (typeof thing === 'object' && thing !== null) {
    for (const [key, value] of Object.entries(thing)) {
      if (key === 'routes' && table === 'routeTables') continue;
      namesIn(value, table, found);
    }
  }
  return found;
}
