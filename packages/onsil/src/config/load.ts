import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type ConfigIssue, show } from './config-error.ts';
import { FIELDS } from './fields.ts';
import type { Service } from './service.ts';

export const CONFIG_FILE = 'onsil.config.ts';

/**
 * Reads and validates `onsil.config.ts` of a folder. Sources come out absolute, and exist.
 * Throws ConfigError with everything that is wrong at once, or with the cause where the file
 * does not load.
 * @param stage one of the configuration's stages; absent: the configuration as it is
 */
export async function loadConfig(folder: string, stage?: string): Promise<Service> {
  const file = join(resolve(folder), CONFIG_FILE);
  const base = await importDefault(file);
  // Validation costs more to import than everything else of a command: only who loads pays.
  const [{ at, validate }, { ofStage }] = await Promise.all([
    import('./validate.ts'),
    import('./stage.ts'),
  ]);
  const definition = stage === undefined ? base : ofStage(base, stage, CONFIG_FILE);
  const named = stage === undefined ? CONFIG_FILE : `${CONFIG_FILE}, stage ${stage},`;
  const absolute = (path: string) => resolve(folder, path);
  const java = at(definition, ['api', 'runtime']) === 'java';
  const service = validate(definition, named, [
    ...(await missing('web.source', at(definition, ['web', 'source']), absolute, false)),
    ...(await missing('api.source', at(definition, ['api', 'source']), absolute, java)),
  ]);
  return {
    ...service,
    web: { ...service.web, source: absolute(service.web.source) },
    api: { ...service.api, source: absolute(service.api.source) },
  };
}

async function importDefault(file: string): Promise<unknown> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) {
    throw problem(`no ${CONFIG_FILE} in ${resolve(file, '..')}`, {
      allowed: `a file named ${CONFIG_FILE}`,
      change: 'run the command in the folder of your service, or write the file',
    });
  }
  try {
    // Modules are kept by address: the time of change makes an edited config a new one.
    const module: { default?: unknown } = await import(
      `${pathToFileURL(file).href}?${info.mtimeMs}`
    );
    return module.default;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw problem(
      `a file that does not load: ${message}`,
      {
        allowed: 'TypeScript whose types can be stripped (no enum, namespace or decorator)',
        change: 'correct what the message says; relative imports end in .ts',
      },
      { cause },
    );
  }
}

function problem(given: string, help: Omit<ConfigIssue, 'path'>, options?: ErrorOptions) {
  return new ConfigError(CONFIG_FILE, [{ path: '', given, ...help }], options);
}

/** A source that is a string, but names no folder (nor a jar where one may be). */
async function missing(
  path: 'web.source' | 'api.source',
  source: unknown,
  absolute: (path: string) => string,
  jarToo: boolean,
): Promise<ConfigIssue[]> {
  if (typeof source !== 'string' || source === '') return [];
  const info = await stat(absolute(source)).catch(() => undefined);
  if (info?.isDirectory() || (jarToo && info?.isFile() && source.endsWith('.jar'))) return [];
  const what = info === undefined ? 'does not exist' : 'is not a folder';
  const help = FIELDS[path];
  return [
    {
      path,
      given: `${show(source)}: ${absolute(source)} ${what}`,
      allowed: help?.allowed ?? 'a folder',
      change: help?.change ?? 'correct the path',
    },
  ];
}
