/** What the deciders of a router have counted since it came up. */
import { run } from '../process.ts';
import { namespaceFile } from './names.ts';
import { type Count, TABLE } from './ruleset.ts';

interface Listing {
  readonly nftables: readonly {
    readonly counter?: Count & { readonly table: string; readonly comment?: string };
  }[];
}

/**
 * Every counter of a namespace by its label, in one reading. Counts go on when the rule set
 * changes. Throws CommandError where there is no such namespace.
 */
export async function readCounters(namespace: string): Promise<ReadonlyMap<string, Count>> {
  const at = `--net=${namespaceFile(namespace)}`;
  const { stdout } = await run('nsenter', [at, 'nft', '-j', 'list', 'counters']);
  const { nftables }: Listing = JSON.parse(stdout);
  return new Map(
    nftables.flatMap(({ counter }) => {
      if (counter?.comment === undefined || !TABLE.endsWith(` ${counter.table}`)) return [];
      const { comment, packets, bytes } = counter;
      return [[comment, { packets, bytes }] as const];
    }),
  );
}
