/** A bill as people read it. */
import type { Bill, BillLine } from './bill.ts';
import { HOURS_PER_MONTH } from './prices.ts';

/** US dollars with two decimals; what is less than half a cent says so. */
export function dollars(usd: number): string {
  return usd > 0 && usd < 0.005 ? '<$0.01' : `$${usd.toFixed(2)}`;
}

/** With a sign: what a change comes to. */
export const signed = (usd: number): string => `${usd < 0 ? '-' : '+'}${dollars(Math.abs(usd))}`;

/** How a line's amount comes about, e.g. `2 × $0.0104 × 730 h`; what is there once goes without. */
export function reckoning({ quantity, unitUsd, unit, hours }: BillLine, times = 1): string {
  const amount = quantity === 1 && times === 1 ? '' : `${Number((quantity * times).toFixed(6))} × `;
  return `${amount}$${unitUsd}${unit.endsWith('hour') ? ` × ${hours ?? HOURS_PER_MONTH} h` : ''}`;
}

/** e.g. `$71.73 a month`, and that it is more where something is unknown. */
export function totalText({ total, unknown }: Bill): string {
  const more =
    unknown.length === 0
      ? ''
      : `, and ${unknown.length === 1 ? 'one thing' : `${unknown.length} things`} of unknown price`;
  return `${dollars(total)} a month${more}`;
}

/** Resources that cost the same for the same, e.g. all of the API's hosts. */
export interface BillGroup {
  readonly resources: readonly string[];
  /** Of each of them. */
  readonly lines: readonly BillLine[];
  /** US dollars a month, of all of them. */
  readonly usd: number;
}

/** In the order of the bill; equal resources are one group. */
export function groupsOf({ lines }: Pick<Bill, 'lines'>): readonly BillGroup[] {
  const resources = [...Map.groupBy(lines, ({ resource }) => resource).entries()];
  const alike = Map.groupBy(resources, ([, own]) =>
    JSON.stringify(own.map(({ what, item, quantity }) => [what, item, quantity])),
  );
  return [...alike.values()].map((same) => ({
    resources: same.map(([name]) => name),
    lines: same[0]?.[1] ?? [],
    usd: same.flatMap(([, own]) => own).reduce((sum, { usd }) => sum + usd, 0),
  }));
}

/** A price as it is, without rounding. */
export const dollarsExactly = (usd: number): string => `$${usd}`;
