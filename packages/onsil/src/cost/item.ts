/** What a resource has that AWS bills, before it has a price. */
import type { Json, JsonMap } from '../region/json.ts';

/** A resource of a template; values that depend on others may still be functions. */
export interface DeclaredResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonMap;
}

/** So much of one priced thing, before its price is known. */
export interface Item {
  /** What it is in the stack, e.g. `6 × t4g.micro`. */
  readonly what: string;
  readonly service: string;
  readonly item: string;
  /** In the price's unit; of hourly prices: how many, all month. */
  readonly quantity: number;
}

/** Something that costs, and of which the table or the template does not say how much. */
export interface UnknownLine {
  readonly what: string;
  readonly why: string;
}

export interface Found {
  readonly items: readonly Item[];
  readonly unknown: readonly UnknownLine[];
}

/** A property's text, where it does not depend on anything. */
export function literal(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
