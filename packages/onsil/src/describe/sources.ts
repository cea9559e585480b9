/** The things in all files of a folder, by kind: pages joined, in an order that files do not decide. */
import { isList, isMap, type Json, type JsonMap } from '../region/json.ts';
import { list, type Problem, ProblemsError } from '../region/problem.ts';
import type { Document } from './document.ts';
import { commandOf, KINDS, type KindName, NOT_MODELLED } from './kinds.ts';

/** One thing as AWS printed it. */
export interface Entry {
  readonly file: string;
  /** e.g. `Reservations[0].Instances[2]` */
  readonly path: string;
  readonly value: Json;
}

export interface Sources {
  /** Sorted by id. */
  readonly of: (kind: KindName) => readonly Entry[];
  /** Kinds of which there is a file, with or without entries. */
  readonly present: ReadonlySet<KindName>;
  /** Of prefix lists: the entries, by the list's id. */
  readonly prefixListEntries: ReadonlyMap<string, readonly Entry[]>;
  /** Answers to `describe-vpc-attribute`. */
  readonly vpcAttributes: readonly Entry[];
  /** What is there and has no state in a region: key, number and file. */
  readonly notModelled: readonly { key: string; count: number; file: string }[];
}

const KEYS: Readonly<Record<string, KindName>> = {
  ...Object.fromEntries(kindNames().map((kind) => [kind, kind])),
  Reservations: 'Instances',
};

/** Whether any command that bears on the network printed it. */
export function isDescription({ value }: Document): boolean {
  return Object.keys(value).some(
    (key) => key in KEYS || NOT_MODELLED.includes(key) || key === 'EnableDnsSupport',
  );
}

/** Throws ProblemsError for pages that are missing, and things that two files tell differently. */
export function sourcesOf(documents: readonly Document[]): Sources {
  const found = new Map<KindName, Entry[]>();
  const vpcAttributes: Entry[] = [];
  const notModelled: { key: string; count: number; file: string }[] = [];
  const prefixListEntries = new Map<string, Entry[]>();
  for (const { file, value } of documents) {
    for (const [key, items] of Object.entries(value)) {
      if (key === 'EnableDnsSupport') vpcAttributes.push({ file, path: '', value });
      if (!isList(items)) continue;
      const kind = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
      const prefixListId = key === 'Entries' ? /pl-[0-9a-f]+/.exec(file)?.[0] : undefined;
      const entries = items.flatMap((item, index) => unfolded(file, `${key}[${index}]`, item));
      if (kind !== undefined) found.set(kind, [...(found.get(kind) ?? []), ...entries]);
      else if (NOT_MODELLED.includes(key) && items.length > 0)
        notModelled.push({ key, count: items.length, file });
      else if (prefixListId !== undefined)
        prefixListEntries.set(prefixListId, [
          ...(prefixListEntries.get(prefixListId) ?? []),
          ...entries,
        ]);
    }
  }
  const problems: Problem[] = [...lastPagesMissing(documents)];
  const things = new Map(
    [...found].map(([kind, entries]) => [kind, distinct(kind, entries, problems)]),
  );
  if (problems.length > 0) throw new ProblemsError(problems);
  const of = (kind: KindName): readonly Entry[] => things.get(kind) ?? [];
  return { of, present: new Set(found.keys()), prefixListEntries, vpcAttributes, notModelled };
}

/** The instances of a reservation; all else as it is. */
function unfolded(file: string, path: string, value: Json): readonly Entry[] {
  if (!path.startsWith('Reservations') || !isMap(value)) return [{ file, path, value }];
  const instances = value['Instances'];
  return (isList(instances) ? instances : []).map((each, index) => ({
    file,
    path: `${path}.Instances[${index}]`,
    value: each,
  }));
}

/**
 * Every page but the last one has a token. A page that is missing must not pass for a thing that
 * is not there.
 */
function lastPagesMissing(documents: readonly Document[]): readonly Problem[] {
  const pages = new Map<string, { file: string; last: boolean }>();
  for (const { file, value } of documents) {
    const more = typeof value['NextToken'] === 'string' && value['NextToken'] !== '';
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(KEYS, key)) continue;
      pages.set(key, { file, last: !more || pages.get(key)?.last === true });
    }
  }
  return [...pages].flatMap(([key, { file, last }]): readonly Problem[] => {
    const kind = KEYS[key];
    if (last || kind === undefined) return [];
    return [
      {
        ...{ severity: 'error', file, path: 'NextToken' },
        message: `The last page of ${key} is missing: each page says that there are more.`,
        hint: `Collect all of them: ${commandOf(kind)}`,
      },
    ];
  });
}

function distinct(kind: KindName, entries: readonly Entry[], problems: Problem[]) {
  const known = new Map<string, Entry>();
  const kept: Entry[] = [];
  for (const entry of entries) {
    const id = idOf(kind, entry);
    const twin = known.get(id);
    // What only describe-prefix-lists and what only describe-managed-prefix-lists says is merged.
    if (twin === undefined || kind === 'PrefixLists') {
      known.set(id, entry);
      kept.push(entry);
    } else if (canonical(twin.value) !== canonical(entry.value)) {
      const places = list([twin, entry].map(({ file, path }) => `${path} of ${file}`));
      problems.push({
        ...{ severity: 'error', file: entry.file, path: entry.path },
        message: `${id} is told in two ways: ${places}.`,
        hint: 'Leave only the newer file in the folder.',
      });
    }
  }
  return kept.toSorted((a, b) => compare(idOf(kind, a), idOf(kind, b)));
}

/** Empty where there is none: reading says so. */
function idOf(kind: KindName, { value, path }: Entry): string {
  const id = isMap(value) ? value[KINDS[kind].id] : undefined;
  return typeof id === 'string' ? id : path;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Equal for equal things, whatever the order of keys. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, each: Json) => (isMap(each) ? sorted(each) : each));
}

function sorted(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => compare(a, b)));
}

function kindNames(): readonly KindName[] {
  return Object.keys(KINDS) as KindName[];
}
