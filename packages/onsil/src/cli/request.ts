/** What `up` was asked for: of a configuration or of a template. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Service } from '../config/service.ts';
import type { UpRequest } from '../lab/daemon/request.ts';
import { UsageError } from './errors.ts';
import { assertLabName, labOfTemplate, requireProject } from './project.ts';

export interface UpOptions {
  readonly lab?: string;
  readonly template?: string;
  readonly param: readonly string[];
  readonly region?: string;
  /** One of the configuration's stages. */
  readonly stage?: string;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

const DEFAULT_REGION = 'ap-northeast-2';

/**
 * The request, and the service where there is a configuration.
 * @param startedAt milliseconds since 1970
 */
export async function requestOf(
  options: UpOptions,
  startedAt: number,
): Promise<{ readonly request: UpRequest; readonly service?: Service }> {
  const common = {
    startedAt,
    parameters: parametersOf(options.param),
    fresh: options.fresh === true,
  };
  if (options.template !== undefined) {
    if (options.stage !== undefined) {
      throw new UsageError(
        `--stage ${options.stage} is one of a configuration: a template has none. ` +
          'Give its parameters with --param Key=Value.',
      );
    }
    if (options.port !== undefined) {
      throw new UsageError(
        `--port ${options.port} is for the site of a configuration: a template has none. ` +
          'Reach its hosts with npx onsil exec internet -- curl …',
      );
    }
    const file = resolve(options.template);
    const template = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`The template ${options.template} ${unreadable(cause)}`, { cause });
    });
    return {
      request: {
        ...common,
        lab: assertLabName(options.lab ?? labOfTemplate(file)),
        project: file,
        region: options.region ?? DEFAULT_REGION,
        template,
        templateFile: options.template,
      },
    };
  }
  if (options.region !== undefined) {
    throw new UsageError(
      `--region ${options.region} is for --template FILE: the configuration names its own region.`,
    );
  }
  const project = await requireProject();
  const [{ loadConfig }, { templateOf }] = await Promise.all([
    import('../config/load.ts'),
    import('./template.ts'),
  ]);
  const service = await loadConfig(project, options.stage);
  return {
    service,
    request: {
      ...common,
      lab: assertLabName(options.lab ?? service.name),
      project,
      service: service.name,
      region: service.region,
      template: await templateOf(service),
      templateFile: 'the template of onsil.config.ts',
    },
  };
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'does not exist. Check the path.';
  if (code === 'EISDIR') return 'is a folder. Name the file of the template in it.';
  if (code === 'EACCES') return 'may not be read by you. Check its permissions.';
  return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** Whether a lab of the one is a lab of the other: policies are asked by `check`, not by a lab. */
export function asksForSameLab(former: UpRequest, request: UpRequest): boolean {
  return (
    withoutPolicy(former.template) === withoutPolicy(request.template) &&
    JSON.stringify(former.parameters) === JSON.stringify(request.parameters)
  );
}

/** Of a template of ours, which is JSON and has its policies in its metadata. */
function withoutPolicy(template: string): string {
  if (!template.startsWith('{')) return template;
  try {
    return JSON.stringify(JSON.parse(template), (key, value: unknown) =>
      key === 'Onsil' ? { ...Object(value), policy: undefined } : value,
    );
  } catch {
    // Broken JSON, or YAML in braces: whoever reads it says so.
    return template;
  }
}

/** `Key=Value` words. */
export function parametersOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new UsageError(
        `--param ${JSON.stringify(word)} has no value: write --param Key=Value.`,
      );
    }),
  );
}
