/** AWS's published prices, each with its source and the day it was read. Nothing here is guessed. */
import table from './prices.json' with { type: 'json' };

/** What one unit costs, and who says so. */
export interface Price {
  readonly usd: number;
  /** Year, month and, where it is known, day. */
  readonly date: string;
  readonly source: string;
  readonly confidence: 'high' | 'medium';
}

/** One kind of thing that AWS bills, as its price list calls it. */
export interface PricedItem {
  readonly service: string;
  readonly item: string;
  readonly unit: string;
  /** By region; `global` where all have the same. */
  readonly figures: Readonly<Record<string, Price>>;
}

export type PriceTable = readonly PricedItem[];

/** Hours of the month that AWS's own examples reckon with. */
export const HOURS_PER_MONTH = 730;

export const PRICES: PriceTable = table.prices.map(({ service, item, unit, figures }) => ({
  service,
  item,
  unit,
  figures: Object.fromEntries(
    figures.map(([region, usd, date, source, confidence]) => [
      region,
      {
        usd: Number(usd),
        date: String(date),
        source: table.sources[Number(source)] ?? '',
        confidence: confidence === 'high' ? 'high' : 'medium',
      },
    ]),
  ),
}));

/** Undefined where the table does not have it: the caller says so. */
export function priceOf(
  prices: PriceTable,
  region: string,
  service: string,
  item: string,
): (Price & { readonly unit: string }) | undefined {
  const found = prices.find((each) => each.service === service && each.item === item);
  const price = found?.figures[region] ?? found?.figures['global'];
  return found === undefined || price === undefined ? undefined : { ...price, unit: found.unit };
}
