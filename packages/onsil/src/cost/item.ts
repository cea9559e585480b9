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
  /** Whose it is: an instance's name, else the template's name for it. */
  readonly resource: string;
  /** What of it costs, e.g. `instance t4g.micro`. */
  readonly what: string;
  readonly service: string;
  readonly item: string;
  /** In the price's unit; of hourly prices: how many, all month. */
  readonly quantity: number;
  /** Hours of the month, where it is not there for all of it. */
  readonly hours?: number;
}

/** Something that costs, and of which the table or the template does not say how much. */
export interface UnknownLine {
  readonly resource: string;
  readonly what: string;
  readonly why: string;
}

export interface Found {
  readonly items: readonly Item[];
  readonly unknown: readonly UnknownLine[];
}

export const known = (items: readonly Item[]): Found => ({ items, unknown: [] });

/** A property's text, where it does not depend on anything. */
export function literal(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
