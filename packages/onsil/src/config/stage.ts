/** A stage of a service: the same configuration with other names, blocks and sizes. */
import { ConfigError, type ConfigIssue, show } from './config-error.ts';
import { FIELDS } from './fields.ts';

/** Fields that hold fields: a stage that gives one of the inner ones keeps the others. */
const MERGED = ['admin', 'web', 'api', 'database', 'sizes'] as const;

const STAGE_NAME = /^[a-z][a-z0-9]{0,9}$/;

/**
 * The configuration of one stage: what the stage gives takes the place of what the configuration
 * says. It is called `<name>-<stage>` and served at `<stage>.<domain>` where it says nothing else,
 * so that two stages never share a stack, a secret or a hosted zone.
 * Throws ConfigError where there is no such stage.
 */
export function ofStage(definition: unknown, stage: string, file: string): unknown {
  const base = record(definition);
  const stages = record(base['stages']);
  const given = stages[stage];
  if (!STAGE_NAME.test(stage) || given === undefined) {
    throw new ConfigError(file, [noSuchStage(stage, Object.keys(stages))]);
  }
  const own = record(given);
  const merged = Object.fromEntries(
    MERGED.flatMap((field) =>
      isRecord(base[field]) && isRecord(own[field])
        ? [[field, { ...base[field], ...own[field] }] as const]
        : [],
    ),
  );
  return {
    ...base,
    ...(typeof base['name'] === 'string' ? { name: `${base['name']}-${stage}` } : {}),
    ...(typeof base['domain'] === 'string' ? { domain: `${stage}.${base['domain']}` } : {}),
    ...own,
    ...merged,
  };
}

function noSuchStage(stage: string, there: readonly string[]): ConfigIssue {
  const help = FIELDS['stages'];
  return {
    path: `stages.${stage}`,
    ...(STAGE_NAME.test(stage) ? {} : { given: show(stage) }),
    allowed:
      there.length === 0
        ? (help?.allowed ?? 'a stage')
        : `a stage of the configuration: ${there.join(', ')}`,
    change:
      there.length === 0
        ? `write stages: { ${STAGE_NAME.test(stage) ? stage : 'dev'}: {} }, or leave --stage out`
        : 'name one of them, or leave --stage out for the configuration as it is',
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};
