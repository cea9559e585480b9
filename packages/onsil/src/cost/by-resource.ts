/** What each resource of a bill costs, for a picture of them. */
import type { Bill } from './bill.ts';

/** US dollars a month by resource, of the lines of a bill; null where a part of it is not known. */
export function usdByResource({ lines, unknown }: Bill): (resource: string) => number | null {
  const sums = new Map<string, number>();
  for (const { resource, usd } of lines) sums.set(resource, (sums.get(resource) ?? 0) + usd);
  const lacking = new Set(unknown.map(({ resource }) => resource));
  return (resource) => (lacking.has(resource) ? null : (sums.get(resource) ?? 0));
}
