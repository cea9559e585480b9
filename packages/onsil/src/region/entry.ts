import type { Region, TableName } from './region.ts';

/** One thing of a region: its table and its id there. */
export interface Entry {
  readonly table: TableName;
  readonly id: string;
}

/** The names of a region's tables. */
export function tablesOf(region: Region): readonly TableName[] {
  return Object.keys(region).filter(
    (name): name is TableName => name !== 'name' && name !== 'account' && name !== 'zones',
  );
}

/** What is in `after` and not in `before`, in the order of the tables. */
export function addedEntries(before: Region, after: Region): readonly Entry[] {
  return tablesOf(after).flatMap((table) => {
    const [old, now] = [before[table], after[table]];
    if (old === now) return [];
    const ids = Object.keys(now).filter((id) => !Object.hasOwn(old, id));
    return ids.map((id) => ({ table, id }));
  });
}

/** The region with the entries as `source` has them. */
export function withEntries(region: Region, source: Region, entries: readonly Entry[]): Region {
  return changeTables(region, entries, (table, id) => source[table][id]);
}

/** The region without the entries. */
export function withoutEntries(region: Region, entries: readonly Entry[]): Region {
  return changeTables(region, entries, () => undefined);
}

function changeTables(
  region: Region,
  entries: readonly Entry[],
  thingAt: (table: TableName, id: string) => unknown,
): Region {
  const tables = [...Map.groupBy(entries, ({ table }) => table)].map(([table, each]) => {
    const things = new Map<string, unknown>(Object.entries(region[table]));
    for (const { id } of each) {
      const thing = thingAt(table, id);
      if (thing === undefined) things.delete(id);
      else things.set(id, thing);
    }
    return [table, Object.fromEntries(things)] as const;
  });
  return { ...region, ...Object.fromEntries(tables) };
}
