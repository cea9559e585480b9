import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type ConfigIssue, show } from './config-error.ts';
import { FIELDS } from './fields.ts';
import type { Service } from './service.ts';

export const CONFIG_FILE = 'onsil.config.ts';

/**
 * Reads and validates `onsil.config.ts` of a folder. Sources come out absolute, and exist.
 * Throws ConfigError with everything that is wrong at once, or with the cause where the file
 * does not load.
 */
export async function loadConfig(folder: string): Promise<Service> {
  const file = join(resolve(folder), CONFIG_FILE);
  const definition = await importDefault(file);
  // Validation costs more to import than everything else of a command: only who loads pays.
  const { validate } = await import('./validate.ts');
  return resolveSources(validate(definition, CONFIG_FILE), resolve(folder));
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

async function resolveSources(service: Service, folder: string): Promise<Service> {
  const web = resolve(folder, service.web.source);
  const api = resolve(folder, service.api.source);
  const jar = service.api.runtime === 'java' && basename(api).endsWith('.jar');
  const issues = [
    ...(await missing('web.source', service.web.source, web, false)),
    ...(await missing('api.source', service.api.source, api, jar)),
  ];
  if (issues.length > 0) throw new ConfigError(CONFIG_FILE, issues);
  return {
    ...service,
    web: { ...service.web, source: web },
    api: { ...service.api, source: api },
  };
}

async function missing(
  path: 'web.source' | 'api.source',
  written: string,
  absolute: string,
  file: boolean,
): Promise<ConfigIssue[]> {
  const info = await stat(absolute).catch(() => undefined);
  if (file ? info?.isFile() : info?.isDirectory()) return [];
  const what = info === undefined ? 'does not exist' : 'is not a folder';
  const help = FIELDS[path];
  return [
    {
      path,
      given: `${show(written)}: ${absolute} ${what}`,
      allowed: help?.allowed ?? 'a folder',
      change: help?.change ?? 'correct the path',
    },
  ];
}
