import { type Bill, billOf } from '../../cost/bill.ts';
import { PRICES } from '../../cost/prices.ts';
import { dollars, reckoning, totalText } from '../../cost/text.ts';
import { USAGE, usageText } from '../../cost/usage.ts';
import { style } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf } from './model.ts';

export interface CostOptions extends ModelOptions {
  /** US dollars a month. */
  readonly budget?: number;
}

const WIDTH = 80;

/**
 * Prints the monthly bill of a template or of the folder's configuration.
 * @returns 1 where it is above the budget, or where the budget cannot be held to unknown prices
 */
export async function cost(options: CostOptions): Promise<number> {
  const { space, resources, warnings } = await modelOf(options);
  const bill = billOf(space.model.region, resources, USAGE, PRICES);
  const { budget } = options;
  const over = budget !== undefined && (bill.total > budget || bill.unknown.length > 0);
  if (options.json === true) {
    console.log(
      JSON.stringify({ ...bill, usage: USAGE, ...(budget === undefined ? {} : { budget }) }),
    );
    return over ? 1 : 0;
  }
  for (const each of warnings) console.error(`warning  ${each}`);
  for (const line of billLines(bill)) console.log(line);
  if (budget !== undefined) console.log(`\n${budgetText(bill, budget)}`);
  return over ? 1 : 0;
}

function billLines(bill: Bill): readonly string[] {
  const columns = [
    { title: `in ${bill.region}, each month`, elastic: true },
    { title: 'amount × price' },
    { title: 'US$' },
  ];
  const width = Math.max(...bill.lines.map(({ usd }) => dollars(usd).length), 0);
  const rows = bill.lines.map((line) => [
    line.what,
    reckoning(line),
    dollars(line.usd).padStart(width),
  ]);
  return [
    ...renderTable(columns, rows, WIDTH),
    '',
    `${style(process.stdout, 'bold', totalText(bill))}, on demand, before tax`,
    ...bill.unknown.flatMap(({ what, why }) =>
      wrap(`  unknown  ${what}: ${why}`, WIDTH, ' '.repeat(11)),
    ),
    '',
    'Supposed:',
    ...usageText(USAGE).flatMap((text) => wrap(`  ${text}`, WIDTH, '  ')),
    ...(bill.pricesSince === undefined
      ? []
      : wrap(
          `Prices were published from ${bill.pricesSince} on; each one's source and day are in cost/prices.json. AWS may have changed them since.`,
          WIDTH,
        )),
  ];
}

function budgetText(bill: Bill, budget: number): string {
  const limit = `the budget of ${dollars(budget)}`;
  if (bill.total > budget) {
    return `${style(process.stdout, 'red', 'Over')} ${limit} by ${dollars(bill.total - budget)}.`;
  }
  if (bill.unknown.length > 0) return `Whether it keeps ${limit} cannot be told.`;
  return `Within ${limit}.`;
}
