/** Shapes that several kinds share. The text comes from a shell: what it says is checked, not believed. */
import * as z from 'zod/mini';
import { canonicalBlock, parseAddress } from '../region/ipv4.ts';
import { canonicalBlock6, formatAddress6, parseAddress6 } from '../region/ipv6.ts';
import { type Json, show } from '../region/json.ts';
import type { Tags } from '../region/region.ts';
import type { Report } from './report.ts';
import type { Entry } from './sources.ts';

/** Nothing in it moves a terminal's cursor, and none is a property that every object has. */
export const id = z
  .string()
  .check(z.refine((text) => /^[\x21-\x7e]{1,255}$/.test(text) && !(text in {}), 'an id'));

export const name = z.pipe(
  z.string(),
  z.transform((text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')),
);

export const optionalList = <T extends z.ZodMiniType>(of: T) => z._default(z.array(of), []);

const canonicalText = (what: string, canonical: (text: string) => string | undefined) =>
  z.pipe(
    z.string().check(z.refine((text) => canonical(text) !== undefined, what)),
    z.transform((text: string) => canonical(text) ?? text),
  );

export const cidr = canonicalText('an IPv4 block', canonicalBlock);
export const cidr6 = canonicalText('an IPv6 block', canonicalBlock6);
export const address = canonicalText('an IPv4 address', (text) =>
  parseAddress(text) === undefined ? undefined : text,
);
export const address6 = canonicalText('an IPv6 address', (text) => {
  const value = parseAddress6(text);
  return value === undefined ? undefined : formatAddress6(value);
});

export const tags = z.pipe(
  optionalList(z.object({ Key: name, Value: z._default(name, '') })),
  z.transform(
    (pairs): Tags => Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value] as const)),
  ),
);

export const state = z.optional(z.object({ State: z.string() }));

/** Old output lacks states; one that is there must say that the thing is in force. */
export const isIn = (given: z.output<typeof state>, wanted: string): boolean =>
  given === undefined || given.State === wanted;

export interface Read<T> {
  readonly at: Entry;
  readonly value: T;
}

/** Reports what AWS would not print; what is left out then is an error, so nothing is guessed. */
export function read<T extends z.ZodMiniType>(
  report: Report,
  schema: T,
  entries: readonly Entry[],
): readonly Read<z.output<T>>[] {
  return entries.flatMap((at) => {
    const result = schema.safeParse(at.value);
    if (result.success) return [{ at, value: result.data }];
    for (const issue of result.error.issues) {
      const place = issue.path.map((part) =>
        typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
      );
      const given = valueAt(at.value, issue.path);
      const wanted = issue.code === 'invalid_type' ? `a ${issue.expected}` : issue.message;
      report.error(
        at,
        place.join(''),
        given === undefined
          ? 'This field is missing.'
          : `${show(given)} is not what AWS prints here, which is ${wanted}.`,
        'Collect the file again.',
      );
    }
    return [];
  });
}

function valueAt(value: Json, path: readonly PropertyKey[]): Json | undefined {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at as Json | undefined;
}
