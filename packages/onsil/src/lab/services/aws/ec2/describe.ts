/** What every describe-* has in common: ids, filters, pages. */
import type { Region, Tags } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, structures, text, textOf, texts } from '../value.ts';

/** The texts of a thing that a filter compares; a thing without any does not match. */
export type Filters<T> = Readonly<
  Record<string, (thing: T, call: Call) => readonly (string | undefined)[] | string | undefined>
>;

export interface Described<T> {
  /** The member of the answer. */
  readonly set: string;
  readonly all: (region: Region, call: Call) => readonly T[];
  readonly print: (thing: T, call: Call) => Structure;
  readonly filters: Filters<T>;
  /** By which things may be asked for. */
  readonly ids?: {
    readonly member: string;
    readonly of: (thing: T) => string;
    /** AWS's code for one that is not there, and its words. */
    readonly code: string;
    readonly noun: string;
  };
  /** Not all of them have pages. */
  readonly paged?: false;
}

const FEWEST = 5;
const MOST = 1_000;

export function describes<T>(spec: Described<T>): Operation {
  return {
    handle: (input, call) => {
      const things = selected(spec, input, call);
      if (spec.paged === false) return { [spec.set]: things.map((each) => spec.print(each, call)) };
      const size = number(input, 'MaxResults') ?? MOST;
      if (size < FEWEST || size > MOST) {
        throw badValue(
          `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value from ${FEWEST} to ${MOST}.`,
        );
      }
      const token = text(input, 'NextToken');
      const page = pageOf(things, { size, token, code: 'InvalidNextToken' });
      return { [spec.set]: page.items.map((each) => spec.print(each, call)), NextToken: page.next };
    },
  };
}

/** The things that ids and filters leave. */
export function selected<T>(spec: Described<T>, input: Structure, call: Call): readonly T[] {
  const { ids } = spec;
  const all = spec.all(call.region, call);
  const wanted = ids === undefined ? [] : texts(input, ids.member);
  if (ids !== undefined) {
    const known = new Set(all.map(ids.of));
    const absent = wanted.filter((id) => !known.has(id));
    if (absent.length > 0) throw notFound(ids, absent);
  }
  const asked = new Set(wanted);
  const keeps = structures(input, 'Filters').map((each) => filterOf(spec.filters, each));
  return all.filter(
    (thing) =>
      (asked.size === 0 || (ids !== undefined && asked.has(ids.of(thing)))) &&
      keeps.every((keep) => keep(thing, call)),
  );
}

export function notFound(
  { code, noun }: { readonly code: string; readonly noun: string },
  ids: readonly string[],
): AwsError {
  const [id = '', ...more] = ids;
  const message =
    more.length === 0
      ? `The ${noun} '${id}' does not exist`
      : `The ${noun}s '${ids.join(', ')}' do not exist`;
  return new AwsError(400, code, message);
}

export function badValue(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValue', message);
}

/** Of a table: the thing, or AWS's error. */
export function thingOf<T>(
  table: Readonly<Record<string, T>>,
  id: string,
  names: { readonly code: string; readonly noun: string },
): T {
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined) throw notFound(names, [id]);
  return found;
}

/** Filters by tags that every tagged thing has. */
export function tagged<T extends { readonly tags: Tags }>(filters: Filters<T>): Filters<T> {
  return {
    ...filters,
    'tag-key': ({ tags }) => Object.keys(tags),
    'tag-value': ({ tags }) => Object.values(tags),
  };
}

type Keep<T> = (thing: T, call: Call) => boolean;

/** One of the values must match; all filters must. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
function filterOf<T>(filters: Filters<T>, filter: Structure): Keep<T> {
  const name = textOf(filter, 'Name');
  const tests = texts(filter, 'Values').map(matcher);
  const tag = name.startsWith('tag:') && 'tag-key' in filters ? name.slice(4) : undefined;
  if (tag !== undefined) {
    return (thing) => {
      const value = tagsOf(thing)[tag];
      return value !== undefined && tests.some((test) => test(value));
    };
  }
  const get = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (get === undefined) {
    throw badValue(
      `The filter '${name}' is invalid: the lab has ${Object.keys(filters).toSorted().join(', ')}.`,
    );
  }
  return (thing, call) => {
    const given = get(thing, call);
    const values = typeof given === 'string' ? [given] : (given ?? []);
    return values.some((value) => value !== undefined && tests.some((test) => test(value)));
  };
}

function tagsOf(thing: unknown): Tags {
  return typeof thing === 'object' && thing !== null && 'tags' in thing ? (thing.tags as Tags) : {};
}

/** `*` is any text, `?` one character; a backslash takes that from them. */
function matcher(pattern: string): (text: string) => boolean {
  const source = pattern.replaceAll(
    /\\([*?\\])|([*?])|([^*?\\]+|\\)/g,
    (_whole, plain, wild, rest) =>
      wild === undefined
        ? (plain ?? rest).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
        : wild === '*'
          ? '.*'
          : '.',
  );
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}

export function tagSet(tags: Tags): readonly Structure[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export const yesNo = (value: boolean): string => String(value);
