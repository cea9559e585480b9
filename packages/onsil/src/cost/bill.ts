/** The monthly bill of a region, on demand, before tax and without discounts. */
import type { Region } from '../region/region.ts';
import { databases } from './database.ts';
import { declaredItems } from './declared-items.ts';
import { hosts, nameOf } from './hosts.ts';
import { type DeclaredResource, type Found, type Item, known, type UnknownLine } from './item.ts';
import { loadBalancers } from './load-balancer.ts';
import { network } from './network.ts';
import { HOURS_PER_MONTH, type PriceTable, priceOf } from './prices.ts';
import { traffic } from './traffic.ts';
import type { Usage } from './usage.ts';

export interface BillLine extends Item {
  readonly unit: string;
  readonly unitUsd: number;
  /** US dollars a month. */
  readonly usd: number;
  /** When the price was published or asked for: year, month and mostly day. */
  readonly date: string;
  readonly source: string;
  readonly confidence: 'high' | 'medium';
}

export interface Bill {
  readonly region: string;
  /** Lines of one resource stand together. */
  readonly lines: readonly BillLine[];
  readonly unknown: readonly UnknownLine[];
  /** US dollars a month, of what is known. */
  readonly total: number;
}

/**
 * What a region costs a month.
 * @param resources the template's, for those that the region has no table of
 */
export function billOf(
  region: Region,
  resources: readonly DeclaredResource[],
  usage: Usage,
  prices: PriceTable,
): Bill {
  const found = [
    hosts(region, resources),
    loadBalancers(region, usage),
    databases(region, resources),
    network(region, usage),
    buckets(region, usage),
    traffic(region, usage),
    ...resources.map((resource) => declaredItems(resource, usage)),
  ];
  const items = byResource(merged(found.flatMap((each) => each.items)));
  const { lines, unknown } = priced(items, region.name, prices);
  return {
    region: region.name,
    lines,
    unknown: [...found.flatMap((each) => each.unknown), ...unknown],
    total: sumOf(lines),
  };
}

export const sumOf = (lines: readonly BillLine[]): number =>
  lines.reduce((sum, { usd }) => sum + usd, 0);

/** Each with its price; what the table does not have is unknown. */
export function priced(
  items: readonly Item[],
  region: string,
  prices: PriceTable,
): { readonly lines: readonly BillLine[]; readonly unknown: readonly UnknownLine[] } {
  const lines: BillLine[] = [];
  const unknown: UnknownLine[] = [];
  for (const item of items) {
    const price = priceOf(prices, region, item.service, item.item);
    if (price === undefined) {
      const why = `the price table has no ${item.item} (${item.service}) for ${region}`;
      unknown.push({ resource: item.resource, what: item.what, why });
      continue;
    }
    const { usd: unitUsd, unit, date, source, confidence } = price;
    const hours = unit.endsWith('hour') ? (item.hours ?? HOURS_PER_MONTH) : 1;
    const usd = unitUsd * hours * item.quantity;
    lines.push({ ...item, unit, unitUsd, usd, date, source, confidence });
  }
  return { lines, unknown };
}

/** Equal things of one resource on one line: an instance's two volumes of the same type. */
function merged(items: readonly Item[]): readonly Item[] {
  const lines = new Map<string, Item>();
  for (const item of items) {
    const key = `${item.resource}\n${item.what}\n${item.item}`;
    const quantity = (lines.get(key)?.quantity ?? 0) + item.quantity;
    lines.set(key, { ...item, quantity });
  }
  return [...lines.values()];
}

/** Resources in the order in which they were found first. */
function byResource(items: readonly Item[]): readonly Item[] {
  const groups = Map.groupBy(items, ({ resource }) => resource);
  return [...groups.values()].flat();
}

function buckets(region: Region, usage: Usage): Found {
  return known(
    Object.values(region.buckets).map(({ name }) => ({
      ...{ resource: nameOf(region, name), what: 'GB in the bucket', service: 'S3' },
      ...{ item: 'Standard storage, first 50 TB', quantity: usage.bucketGb },
    })),
  );
}
