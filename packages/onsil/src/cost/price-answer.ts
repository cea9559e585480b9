/**
 * What AWS's price list answers: each product is JSON in a text, its prices in the terms.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
import type { PriceQuery } from './price-queries.ts';
import type { Price } from './prices.ts';

interface Dimension {
  readonly beginRange?: string;
  readonly pricePerUnit?: Readonly<Record<string, string>>;
}

interface Product {
  readonly product?: {
    readonly sku?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
  readonly terms?: {
    readonly OnDemand?: Readonly<
      Record<string, { readonly priceDimensions?: Readonly<Record<string, Dimension>> }>
    >;
  };
  readonly publicationDate?: string;
}

/** A price, or why there is none. */
export type Answer = { readonly price: Price } | { readonly lacking: string };

/** The region before a usage type, e.g. `APN2-`, `EU-`; Virginia has none for some services. */
const PREFIX = /^(?:EU|[A-Z]{3}\d)-/;

/**
 * The one price that a query means. None and several are both said: nothing is chosen by chance.
 * @param today the day of the question, for a list that does not say when it was published
 */
export function answerOf(query: PriceQuery, priceList: readonly string[], today: string): Answer {
  const meant = priceList
    .map((text) => JSON.parse(text) as Product)
    .filter(({ product }) => {
      const usageType = product?.attributes?.['usagetype'] ?? '';
      return usageType === query.usageType || usageType.replace(PREFIX, '') === query.usageType;
    });
  const prices = meant.flatMap((each) => firstTier(each));
  const [usd, ...others] = new Set(prices);
  const [first] = meant;
  if (usd === undefined || first === undefined) {
    return { lacking: `nothing of usage type ${query.usageType}` };
  }
  if (others.length > 0) {
    const all = [usd, ...others].map((each) => `$${each}`).join(', ');
    return { lacking: `several prices of usage type ${query.usageType}: ${all}` };
  }
  const { sku = '' } = first.product ?? {};
  const published = first.publicationDate?.slice(0, 10) ?? today;
  return {
    price: {
      usd: Number((usd / (query.divideBy ?? 1)).toPrecision(10)),
      date: today,
      source: `AWS Price List Query API, ${query.serviceCode}, SKU ${sku}, published ${published}`,
      confidence: 'high',
    },
  };
}

/** Of prices by amount the one that begins at nothing. */
function firstTier({ terms }: Product): readonly number[] {
  return Object.values(terms?.OnDemand ?? {}).flatMap(({ priceDimensions = {} }) =>
    Object.values(priceDimensions).flatMap(({ beginRange = '0', pricePerUnit }) => {
      const usd = Number(pricePerUnit?.['USD']);
      return Number(beginRange) === 0 && Number.isFinite(usd) ? [usd] : [];
    }),
  );
}
