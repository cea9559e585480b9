/** A bill as people read it. */
import type { Bill, BillLine } from './bill.ts';
import { HOURS_PER_MONTH } from './prices.ts';

/** US dollars with two decimals; what is less than half a cent says so. */
export function dollars(usd: number): string {
  return usd > 0 && usd < 0.005 ? '<$0.01' : `$${usd.toFixed(2)}`;
}

/** How a line's amount comes about, e.g. `6 × $0.0104 × 730 h`. */
export function reckoning({ quantity, unitUsd, unit }: BillLine): string {
  const times = unit.endsWith('hour') ? ` × ${HOURS_PER_MONTH} h` : '';
  return `${quantity} × $${unitUsd}${times}`;
}

/** e.g. `$71.73 a month`, and that it is more where something is unknown. */
export function totalText({ total, unknown }: Bill): string {
  const more =
    unknown.length === 0
      ? ''
      : `, and ${unknown.length === 1 ? 'one thing' : `${unknown.length} things`} of unknown price`;
  return `${dollars(total)} a month${more}`;
}
