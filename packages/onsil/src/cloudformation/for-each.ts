/**
 * Fn::ForEach, which is written out before anything else of a template is looked at.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 */
import { asText, isList, isMap, type Json, type JsonMap, show } from '../region/json.ts';
import { list, problem } from '../region/problem.ts';
import type { Position } from './template.ts';

const LOOP = /^Fn::ForEach::(.+)$/;
/** As AWS has it: loops inside loops, and entries of all of them. */
const DEEPEST = 5;
const MOST_ENTRIES = 10_000;

export interface LoopSettings {
  /** Values of the template's parameters, a list for a list type. */
  readonly parameters: JsonMap;
  readonly positions: Readonly<Record<string, Position>>;
}

export interface Expanded {
  readonly root: JsonMap;
  /** With those of what was written out: the place of its loop. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** Whether any part of the value is a loop. */
export function hasLoops(value: Json): boolean {
  if (isList(value)) return value.some(hasLoops);
  if (!isMap(value)) return false;
  return Object.entries(value).some(([key, item]) => LOOP.test(key) || hasLoops(item));
}

/** The template with all loops written out. Throws ProblemsError for a malformed one. */
export function expandLoops(root: JsonMap, { parameters, positions }: LoopSettings): Expanded {
  const placed: Record<string, Position> = { ...positions };
  const mappings = root['Mappings'];
  let entries = 0;

  function expand(value: Json, path: string, names: ReadonlyMap<string, string>): Json {
    if (typeof value === 'string') return substituted(value, names);
    if (isList(value)) {
      return value.map((item, index) => expand(item, `${path}[${index}]`, names));
    }
    if (!isMap(value)) return value;
    const own = value['Ref'];
    if (typeof own === 'string' && Object.keys(value).length === 1) {
      return names.get(own) ?? value;
    }
    const made: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) {
      const inner = path === '' ? key : `${path}.${key}`;
      if (LOOP.test(key)) {
        for (const [name, each] of loop(item, path, inner, names)) {
          if (made.some(([other]) => other === name)) {
            throw problem(
              inner,
              `The loop makes "${name}" twice.`,
              'Use its identifier in the key.',
            );
          }
          made.push([name, each]);
        }
      } else made.push([substituted(key, names), expand(item, inner, names)]);
    }
    return Object.fromEntries(made);
  }

  function loop(
    value: Json,
    outer: string,
    path: string,
    names: ReadonlyMap<string, string>,
  ): readonly (readonly [string, Json])[] {
    const [identifier, collection, body, ...more] = isList(value) ? value : [];
    if (typeof identifier !== 'string' || !isMap(body) || more.length > 0) {
      const hint =
        'Write Fn::ForEach::Name: [Identifier, [value, …], {key that has the identifier: …}].';
      throw problem(path, `${show(value)} is not a loop.`, hint);
    }
    if (names.size >= DEEPEST) {
      throw problem(path, `Loops go ${DEEPEST} deep at most.`);
    }
    return itemsOf(collection ?? null, `${path}[1]`, names).flatMap((item) => {
      entries += 1;
      if (entries > MOST_ENTRIES) {
        throw problem(path, `The loops of the template make more than ${MOST_ENTRIES} entries.`);
      }
      const inner = new Map([...names, [identifier, item]]);
      const expanded = expand(body, outer, inner);
      return Object.entries(isMap(expanded) ? expanded : {}).map(([name, each]) => {
        const place = outer === '' ? name : `${outer}.${name}`;
        const position = placed[path];
        if (position !== undefined) placed[place] ??= position;
        return [name, each] as const;
      });
    });
  }

  function itemsOf(value: Json, path: string, names: ReadonlyMap<string, string>): string[] {
    const items = isList(value) ? value : collectionOf(expand(value, path, names), path);
    return items.flatMap((item) => {
      const expanded = expand(item, path, names);
      const single = typeof expanded === 'object' ? collectionOf(expanded, path) : [expanded];
      return single.map(asText);
    });
  }

  function collectionOf(value: Json, path: string): readonly Json[] {
    if (isList(value)) return value;
    const name = isMap(value) ? value['Ref'] : undefined;
    const given = typeof name === 'string' ? parameters[name] : undefined;
    if (given !== undefined) return isList(given) ? given : [given];
    const found = isMap(value) ? mapped(value['Fn::FindInMap']) : undefined;
    if (found !== undefined) return isList(found) ? found : [found];
    if (typeof name === 'string') {
      const known = list(Object.keys(parameters));
      throw problem(path, `The loop goes over "${name}", which has no value; there are ${known}.`);
    }
    const hint = 'Write a list, or !Ref of a parameter that is a list.';
    throw problem(path, `${show(value)} is nothing that a loop can go over.`, hint);
  }

  function mapped(argument: Json | undefined): Json | undefined {
    if (!isList(argument) || !isMap(mappings)) return undefined;
    let found: Json | undefined = mappings;
    for (const key of argument.slice(0, 3)) {
      const name = isMap(key) && typeof key['Ref'] === 'string' ? parameters[key['Ref']] : key;
      found = isMap(found) && typeof name === 'string' ? found[name] : undefined;
    }
    return found;
  }

  const expanded = expand(root, '', new Map());
  return { root: isMap(expanded) ? expanded : root, positions: placed };
}

/** `${Name}` is the value, `&{Name}` its letters and digits only. */
function substituted(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  return text.replaceAll(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, sign: string, name: string) => {
    const value = names.get(name);
    if (value === undefined) return whole;
    return sign === '&' ? value.replaceAll(/[^A-Za-z0-9]/g, '') : value;
  });
}
