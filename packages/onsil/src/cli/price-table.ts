/** The prices that a bill is reckoned with: those of this version, and the user's renewed ones. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileOf, overlaid, tableOf } from '../cost/price-file.ts';
import { PRICES, type PriceTable } from '../cost/prices.ts';
import { writeWhole } from '../release/archive.ts';
import { UsageError } from './errors.ts';

export interface Prices {
  readonly table: PriceTable;
  /** Absent: nothing was renewed. */
  readonly renewed?: { readonly file: string; readonly on: string };
}

/** No lab needs it, nor root: it is the user's own. */
export function priceFile(): string {
  const { ONSIL_CACHE: own, XDG_CACHE_HOME: cache } = process.env;
  const folder = own ?? join(cache ?? join(homedir(), '.cache'), 'onsil');
  return join(folder, 'prices.json');
}

/** Throws UsageError where the renewed ones cannot be read: they are never left out in silence. */
export async function currentPrices(): Promise<Prices> {
  const file = priceFile();
  const found = await renewedIn(file);
  if (found === undefined) return { table: PRICES };
  return { table: overlaid(PRICES, found.table), renewed: { file, on: found.refreshed } };
}

async function renewedIn(file: string): Promise<ReturnType<typeof tableOf> | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new UsageError(`${file}, with renewed prices, cannot be read: ${cause.message}`, {
      cause,
    });
  });
  if (text === undefined) return undefined;
  try {
    return tableOf(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `${file} is no table of prices: ${why}. Remove it, or renew it: onsil cost refresh`,
      { cause },
    );
  }
}

/** Keeps what was renewed before of other regions and things. @returns the file */
export async function keepPrices(table: PriceTable, today: string): Promise<string> {
  const file = priceFile();
  // One that cannot be read is what a refresh is to mend.
  const former = await renewedIn(file).catch(() => undefined);
  const all = overlaid(former?.table ?? [], table);
  await writeWhole(file, `${JSON.stringify(fileOf(all, today), null, 1)}\n`);
  return file;
}
