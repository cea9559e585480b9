import type { z } from 'zod/mini';
import { ConfigError, type ConfigIssue, show } from './config-error.ts';
import { FIELDS, fieldsIn } from './fields.ts';
import { derive } from './rules.ts';
import { schema } from './schema.ts';
import type { Service } from './service.ts';

/**
 * The service that a config describes, with defaults; sources are still as written.
 * Throws ConfigError with all that is wrong, what was found elsewhere included. `file` is for its
 * message only.
 */
export function validate(
  definition: unknown,
  file: string,
  alsoWrong: readonly ConfigIssue[] = [],
): Service {
  const result = schema.safeParse(definition);
  if (!result.success) {
    const issues = result.error.issues.flatMap((issue) => explain(issue, definition));
    throw new ConfigError(file, [...issues, ...alsoWrong]);
  }
  const { service, issues } = derive(result.data);
  const all = [...issues, ...alsoWrong];
  if (all.length > 0) throw new ConfigError(file, all);
  return service;
}

function explain(issue: z.core.$ZodIssue, definition: unknown): ConfigIssue[] {
  const path = issue.path.map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  );
  const name = path.join('').replace(/^\./, '');
  const value = at(definition, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(name, key, at(value, [key])));
  }
  // None of several forms: what is wrong with the one that comes nearest says most.
  if (issue.code === 'invalid_union' && typeof value === 'object' && value !== null) {
    const forms = issue.errors.filter((each) => each.length === fewestOf(issue.errors));
    const [nearest] = forms;
    if (nearest !== undefined && forms.length === 1) {
      const inside = nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
      return inside.flatMap((each) => explain(each, definition));
    }
  }
  const help = FIELDS[anyIndex(name)];
  return [
    {
      path: name,
      ...(value === undefined ? {} : { given: show(value) }),
      allowed: help?.allowed ?? issue.message,
      change: help?.change ?? 'correct the value',
    },
  ];
}

function unknownField(parent: string, key: string, value: unknown): ConfigIssue {
  const known = fieldsIn(anyIndex(parent));
  const meant = known.find((field) =>
    field.toLowerCase().startsWith(key.slice(0, 2).toLowerCase()),
  );
  return {
    path: parent === '' ? key : `${parent}.${key}`,
    given: show(value),
    allowed: `no such field; there are ${known.join(', ')}`,
    change: meant === undefined ? 'remove it' : `remove it, or write ${meant} if you meant that`,
  };
}

const anyIndex = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]');

const fewestOf = (lists: readonly (readonly unknown[])[]): number =>
  Math.min(...lists.map(({ length }) => length));

/** The value at a path of a config that nothing is known about yet. */
export function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
