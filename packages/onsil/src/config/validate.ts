import type { z } from 'zod/mini';
import { ConfigError, type ConfigIssue, show } from './config-error.ts';
import { FIELDS, fieldsIn } from './fields.ts';
import { derive } from './rules.ts';
import { schema } from './schema.ts';
import type { Service } from './service.ts';

/**
 * The service that a config describes, with defaults; sources are still as written.
 * Throws ConfigError with all that is wrong. `file` is for its message only.
 */
export function validate(definition: unknown, file: string): Service {
  const result = schema.safeParse(definition);
  if (!result.success) {
    throw new ConfigError(
      file,
      result.error.issues.flatMap((issue) => explain(issue, definition)),
    );
  }
  const { service, issues } = derive(result.data);
  if (issues.length > 0) throw new ConfigError(file, issues);
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
  const help = FIELDS[name.replaceAll(/\[\d+\]/g, '[]')];
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
  const known = fieldsIn(parent);
  const meant = known.find((field) =>
    field.toLowerCase().startsWith(key.slice(0, 3).toLowerCase()),
  );
  return {
    path: parent === '' ? key : `${parent}.${key}`,
    given: show(value),
    allowed: `no such field; there are ${known.join(', ')}`,
    change: meant === undefined ? 'remove it' : `remove it, or write ${meant} if you meant that`,
  };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
