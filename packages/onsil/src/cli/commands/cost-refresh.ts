/** `onsil cost refresh`: asks AWS for each figure of the table, and keeps what it says. */
import { priceList } from '../../aws/price-list.ts';
import { answerOf } from '../../cost/price-answer.ts';
import { priceQueries } from '../../cost/price-queries.ts';
import { PRICES, type PriceTable, priceOf } from '../../cost/prices.ts';
import { dollarsExactly } from '../../cost/text.ts';
import { keepPrices } from '../price-table.ts';
import { wrap } from '../render/wrap.ts';

export interface RefreshOptions {
  readonly region: string;
  /** Beside those of the table. */
  readonly type?: readonly string[];
  readonly json?: boolean;
}

const WIDTH = 80;

/** @returns 1 where no figure was found, and nothing is kept; throws AwsError without credentials */
export async function costRefresh({ region, type = [], json }: RefreshOptions): Promise<number> {
  const today = new Date().toISOString().slice(0, 10);
  const lacking: { readonly item: string; readonly why: string }[] = [];
  const found: PriceTable[number][] = [];
  const list = await priceList(region);
  try {
    // One after the other: AWS allows an account few of these a second.
    for (const query of priceQueries(PRICES, type)) {
      const { service, item, unit } = query;
      const answer = answerOf(query, await list.ask(query), today);
      if ('lacking' in answer) lacking.push({ item: `${item} (${service})`, why: answer.lacking });
      else {
        const of = query.global === true ? 'global' : region;
        found.push({ service, item, unit, figures: { [of]: answer.price } });
      }
    }
  } finally {
    list.close();
  }
  const changed = found.flatMap(({ service, item, figures }) => {
    const [price] = Object.values(figures);
    const before = priceOf(PRICES, region, service, item)?.usd;
    return price === undefined || price.usd === before ? [] : [{ item, before, after: price.usd }];
  });
  const file = found.length === 0 ? undefined : await keepPrices(found, today);
  if (json === true) {
    console.log(JSON.stringify({ region, today, file, renewed: found.length, changed, lacking }));
    return file === undefined ? 1 : 0;
  }
  const say = (text: string): void => {
    for (const line of wrap(text, WIDTH, '  ')) console.log(line);
  };
  for (const { item, before, after } of changed) {
    say(
      `  ${item}: ${before === undefined ? 'new' : dollarsExactly(before)} → ${dollarsExactly(after)}`,
    );
  }
  for (const { item, why } of lacking) say(`  not found: ${item}: ${why}`);
  say(
    file === undefined
      ? `AWS's price list has no figure of ${region} that was asked for. Nothing is kept.`
      : `${found.length} prices of ${region} are of today, ${today}, in ${file}.`,
  );
  if (file !== undefined && lacking.length > 0) {
    say(`${lacking.length} were not found, and stay as they were.`);
  }
  return file === undefined ? 1 : 0;
}
