/** `onsil cost diff OLD NEW`: what a change of templates costs. */
import { diffOf } from '../../cost/diff.ts';
import { dollars, reckoning, signed } from '../../cost/text.ts';
import { currentPrices } from '../price-table.ts';
import { unknownLines } from '../render/bill.ts';
import { style } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { printWarnings } from '../render/warnings.ts';
import { usageOf } from '../usage-words.ts';
import { reckon } from './cost.ts';
import { type ModelOptions, modelOf } from './model.ts';

export interface CostDiffOptions extends Pick<ModelOptions, 'param' | 'region' | 'json'> {
  /** `name=amount` words. */
  readonly usage: readonly string[];
  /** US dollars a month, of the newer one. */
  readonly budget?: number;
}

const WIDTH = 80;
/** One name for both stacks, since names that AWS would make up depend on it. */
const STACK = 'compared';

/** @returns 1 where what is known of the newer one is above the budget, else 0 */
export async function costDiff(
  older: string,
  newer: string,
  { param, region, json, usage, budget }: CostDiffOptions,
): Promise<number> {
  const prices = await currentPrices();
  const given = usageOf(usage);
  const sideOf = async (template: string) => {
    const options = { template, param, ...(region === undefined ? {} : { region }) };
    const asked = await modelOf(options, STACK);
    if (json !== true) printWarnings(asked.warnings, template);
    return reckon(asked, { ...asked.usage, ...given }, prices, undefined).bill;
  };
  const [before, after] = [await sideOf(older), await sideOf(newer)];
  const found = diffOf(before, after);
  const over = budget !== undefined && after.total > budget;
  if (json === true) {
    const more = budget === undefined ? {} : { budget, overBudget: over };
    console.log(JSON.stringify({ region: after.region, ...found, ...more }));
    return over ? 1 : 0;
  }
  const columns = [
    { title: `in ${after.region}, each month`, elastic: true },
    ...[{ title: 'before' }, { title: 'after' }, { title: 'US$' }],
  ];
  const rows = found.changes.map((change) => [
    `${change.resource}: ${change.what}`,
    change.before === undefined ? '-' : reckoning(change.before),
    change.after === undefined ? '-' : reckoning(change.after),
    signed(change.usd),
  ]);
  if (rows.length > 0) {
    for (const line of [...renderTable(columns, rows, WIDTH), '']) console.log(line);
  }
  const sum = `${dollars(found.before)} → ${dollars(found.after)} a month`;
  const difference = found.after - found.before;
  console.log(
    rows.length === 0
      ? `Nothing costs more or less than before: ${dollars(found.after)} a month.`
      : style(process.stdout, 'bold', `${sum} (${signed(difference)})`),
  );
  for (const line of unknownLines({ ...after, unknown: found.newlyUnknown })) console.log(line);
  if (found.noLongerUnknown.length > 0) {
    const names = found.noLongerUnknown.map(({ resource, what }) => `${resource}: ${what}`);
    console.log(`No longer of unknown price: ${names.join(', ')}`);
  }
  if (over) {
    console.log(`Over the budget of ${dollars(budget)} by ${dollars(after.total - budget)}.`);
  }
  return over ? 1 : 0;
}
