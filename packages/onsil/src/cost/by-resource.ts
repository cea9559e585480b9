/** A bill at a glance: what each resource costs, and all of it. The console's page reads it so too. */
import type { Bill } from './bill.ts';

type Line = Pick<Bill['lines'][number], 'resource' | 'usd'>;

/** US dollars a month by resource; null where a part of it is not known. What costs nothing is not there. */
export function usdByResource({
  lines,
  unknown,
}: {
  readonly lines: readonly Line[];
  readonly unknown: readonly { readonly resource: string }[];
}): Readonly<Record<string, number | null>> {
  const usd: Record<string, number | null> = {};
  for (const line of lines) usd[line.resource] = (usd[line.resource] ?? 0) + line.usd;
  for (const { resource } of unknown) usd[resource] = null;
  return usd;
}

/** The oldest price that a bill uses; null where it uses none. */
export const pricesSince = ({ lines }: Pick<Bill, 'lines'>): string | null =>
  lines.map(({ date }) => date).toSorted()[0] ?? null;
