/** A table of prices as a file keeps it: each source said once. */
import type { Price, PriceTable } from './prices.ts';

type Figure = readonly [
  region: string,
  usd: number,
  date: string,
  source: number,
  confidence: Price['confidence'],
];

export interface PriceFile {
  readonly currency: 'USD';
  /** The day on which it was asked for. */
  readonly refreshed: string;
  readonly sources: readonly string[];
  readonly prices: readonly {
    readonly service: string;
    readonly item: string;
    readonly unit: string;
    readonly figures: readonly Figure[];
  }[];
}

export function fileOf(table: PriceTable, refreshed: string): PriceFile {
  const all = table.flatMap(({ figures }) => Object.values(figures).map(({ source }) => source));
  const sources = [...new Set(all)];
  return {
    ...{ currency: 'USD', refreshed, sources },
    prices: table.map(({ service, item, unit, figures }) => ({
      ...{ service, item, unit },
      figures: Object.entries(figures).map(
        ([region, { usd, date, source, confidence }]): Figure =>
          [...[region, usd, date], ...[sources.indexOf(source), confidence]] as unknown as Figure,
      ),
    })),
  };
}

/** Throws where it is no such file. */
export function tableOf(text: string): { readonly table: PriceTable; readonly refreshed: string } {
  const file = JSON.parse(text) as Partial<PriceFile>;
  if (!Array.isArray(file.prices) || !Array.isArray(file.sources)) {
    throw new Error('it has no prices and sources');
  }
  const { sources, prices, refreshed = '' } = file as PriceFile;
  const table = prices.map(({ service, item, unit, figures }) => ({
    ...{ service, item, unit },
    figures: Object.fromEntries(
      figures.map(([region, usd, date, source, confidence]): [string, Price] => {
        const from = sources[source];
        if (!Number.isFinite(usd) || usd < 0 || from === undefined) {
          throw new Error(`its price of ${item} in ${region} is none`);
        }
        return [region, { usd, date, source: from, confidence }];
      }),
    ),
  }));
  return { table, refreshed };
}

/** The figures of `over` in the place of those of `base`; what only one of them has stays. */
export function overlaid(base: PriceTable, over: PriceTable): PriceTable {
  const key = ({ service, item }: PriceTable[number]): string => `${service}\n${item}`;
  const newer = new Map(over.map((each) => [key(each), each]));
  const known = new Set(base.map(key));
  return [
    ...base.map((each) => {
      const figures = newer.get(key(each))?.figures ?? {};
      return { ...each, figures: { ...each.figures, ...figures } };
    }),
    ...over.filter((each) => !known.has(key(each))),
  ];
}
