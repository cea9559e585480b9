import { type Bill, billOf } from '../../cost/bill.ts';
import { dollars, totalText } from '../../cost/text.ts';
import { type Twin, twinsOf } from '../../cost/twin.ts';
import { USAGE, type Usage } from '../../cost/usage.ts';
import { UsageError } from '../errors.ts';
import { currentPrices, type Prices } from '../price-table.ts';
import { billLines, sourceLines, supposedLines, unknownLines } from '../render/bill.ts';
import { style } from '../render/style.ts';
import { twinLines } from '../render/twin.ts';
import { wrap } from '../render/wrap.ts';
import { usageOf } from '../usage-words.ts';
import { type Asked, type ModelOptions, modelOf } from './model.ts';

export interface CostOptions extends ModelOptions {
  /** US dollars a month. */
  readonly budget?: number;
  /** `name=amount` words. */
  readonly usage: readonly string[];
}

const WIDTH = 80;

/**
 * Prints the monthly bill of a template or of the folder's configuration, and its managed twin.
 * @returns 1 where what is known of it is above the budget, else 0
 */
export async function cost(options: CostOptions): Promise<number> {
  const { region: elsewhere, ...own } = options;
  // A configuration names its own region: another one is asked for its prices only.
  const isOwn =
    options.template === undefined && options.app === undefined && options.describe === undefined;
  const asked = await modelOf(isOwn ? own : options);
  const given = { ...asked.usage, ...usageOf(options.usage) };
  const prices = await currentPrices();
  const { bill, twins, usage } = reckon(asked, given, prices, isOwn ? elsewhere : undefined);
  const { budget } = options;
  const over = budget !== undefined && bill.total > budget;
  if (options.json === true) {
    const more = { ...(budget === undefined ? {} : { budget, overBudget: over }) };
    const { renewed } = prices;
    console.log(
      JSON.stringify({ ...bill, twins, usage, ...(renewed ? { renewed } : {}), ...more }),
    );
    return over ? 1 : 0;
  }
  for (const each of asked.warnings) console.error(`warning  ${each}`);
  const sections = [
    billLines(bill),
    unknownLines(bill),
    twinLines(twins, bill),
    supposedLines(usage, given),
    sourceLines(bill, twins, prices),
  ];
  console.log(
    sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  );
  if (budget !== undefined) {
    console.log('');
    for (const line of wrap(budgetText(bill, budget), WIDTH)) console.log(line);
  }
  return over ? 1 : 0;
}

interface Reckoned {
  readonly bill: Bill;
  readonly twins: readonly Twin[];
  readonly usage: Usage;
}

/** @param elsewhere a region whose prices are to be taken instead of the region's own */
export function reckon(
  { space, resources }: Pick<Asked, 'space' | 'resources'>,
  given: Partial<Usage>,
  { table }: Prices,
  elsewhere: string | undefined,
): Reckoned {
  const { region } = space.model;
  if (elsewhere !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(elsewhere)) {
    throw new UsageError(
      `--region ${JSON.stringify(elsewhere)} is no region of AWS: write its code, e.g. ap-northeast-2.`,
    );
  }
  const there = elsewhere === undefined ? region : { ...region, name: elsewhere };
  const usage = { ...USAGE, ...given };
  const bill = billOf(there, resources, usage, table);
  return { bill, twins: twinsOf(there, bill, usage, table), usage };
}

function budgetText(bill: Bill, budget: number): string {
  const limit = `the budget of ${dollars(budget)}`;
  const { unknown, total } = bill;
  const lacking =
    unknown.length === 0
      ? ''
      : ` This is judged by what is known: ${unknown.length === 1 ? 'one thing' : `${unknown.length} things`} of unknown price would come on top.`;
  if (total > budget) {
    const over = `Over ${limit} by ${dollars(total - budget)}.`;
    return style(process.stdout, 'red', over) + lacking;
  }
  return `Within ${limit}: ${totalText({ ...bill, unknown: [] })}.${lacking}`;
}
