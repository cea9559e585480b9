/** What `up` was asked for: of a configuration or of a template. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Service } from '../config/service.ts';
import type { Asset, UpRequest } from '../lab/daemon/request.ts';
import { cacheFolders } from '../lab/layout.ts';
import type { AppOptions } from './cdk-app.ts';
import { placed } from './cdk-assets.ts';
import { UsageError } from './errors.ts';
import { withNestedTemplates } from './nested-templates.ts';
import { assertLabName, knownLabs, labOfTemplate, requireProject } from './project.ts';

export interface UpOptions {
  readonly lab?: string;
  readonly template?: string;
  readonly param: readonly string[];
  readonly region?: string;
  /** One of the configuration's stages. */
  readonly stage?: string;
  /** A CDK app: its command line, or the folder of its cloud assembly; true: as cdk.json says. */
  readonly app?: string | true;
  /** One of the app's stacks. */
  readonly stack?: string;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

const DEFAULT_REGION = 'ap-northeast-2';

/**
 * The request, and the service where there is a configuration.
 * @param startedAt milliseconds since 1970
 * @param keepAssets whether a lab is to be made of it, which needs the files of a CDK app
 */
export async function requestOf(
  options: UpOptions,
  startedAt: number,
  keepAssets = false,
): Promise<{ readonly request: UpRequest; readonly service?: Service }> {
  const common = {
    startedAt,
    parameters: parametersOf(options.param),
    fresh: options.fresh === true,
  };
  if (options.stack !== undefined && options.app === undefined) {
    throw new UsageError(`--stack ${options.stack} is one of a CDK app: give --app as well.`);
  }
  if (options.app !== undefined) return requestOfApp(options, options.app, common, keepAssets);
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
      request: await withNestedTemplates({
        ...common,
        lab: assertLabName(options.lab ?? labOfTemplate(file)),
        project: file,
        region: options.region ?? DEFAULT_REGION,
        template,
        templateFile: options.template,
      }),
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

async function requestOfApp(
  options: UpOptions,
  app: string | true,
  common: Pick<UpRequest, 'startedAt' | 'parameters' | 'fresh'>,
  keepAssets: boolean,
): Promise<{ readonly request: UpRequest }> {
  for (const [name, value] of [
    ['--template', options.template],
    ['--stage', options.stage],
    ['--port', options.port],
  ] as const) {
    if (value !== undefined) throw new UsageError(`${name} ${value} does not go with --app.`);
  }
  const { appStacks } = await import('./cdk-app.ts');
  const lookUp = await lookUpIn(options.lab);
  const found = await appStacks({
    app,
    region: options.region ?? DEFAULT_REGION,
    ...(options.stack === undefined ? {} : { stack: options.stack }),
    ...(lookUp === undefined ? {} : { lookUp }),
    ...(keepAssets ? { cache: cacheFolders.assets } : {}),
  });
  const stack = found.at(-1);
  if (stack === undefined) throw new Error('An app without a stack was taken for one with.');
  const region = options.region ?? stack.region ?? DEFAULT_REGION;
  const elsewhere = found.find((each) => (each.region ?? region) !== region);
  if (elsewhere !== undefined) {
    throw new UsageError(
      `The stack ${elsewhere.name} is for ${elsewhere.region}, ${stack.name} for ${region}: ` +
        'a lab is one region. Choose with --stack and --region.',
    );
  }
  const unmade = found.flatMap((each) => each.unmade);
  if (keepAssets && unmade.length > 0) {
    console.error(
      `warning  Not made for the lab: ${unmade.join(', ')}. Docker images and other assets that a ` +
        'program makes are not built by `up`: what needs them finds nothing.',
    );
  }
  const assets = new Map<string, Asset>();
  for (const asset of found.flatMap((each) => each.assets)) {
    const [bucket, key] = [placed(asset.bucket, region), placed(asset.key, region)];
    assets.set(`${bucket}/${key}`, { ...asset, bucket, key });
  }
  const staging = new Set(
    found.flatMap(({ buckets }) => buckets.map((bucket) => placed(bucket, region))),
  );
  const before = found
    .slice(0, -1)
    .map(({ name, template, templateFile }) => ({ name, template, templateFile }));
  const request = {
    ...common,
    lab: assertLabName(options.lab ?? labOfTemplate(stack.name)),
    project: resolve(app === true ? 'cdk.json' : `${process.cwd()}#${app}`),
    region,
    template: stack.template,
    templateFile: stack.templateFile,
    ...(before.length === 0 ? {} : { before }),
    ...(staging.size === 0 ? {} : { staging: [...staging] }),
    ...(assets.size === 0 ? {} : { assets: [...assets.values()] }),
  };
  const nested = Object.assign({}, ...found.map((each) => each.nested));
  return { request: await withNestedTemplates(request, nested) };
}

/** Lookups are asked of the lab that is named where that is up, or else of the only one that is. */
async function lookUpIn(named: string | undefined): Promise<AppOptions['lookUp']> {
  if (process.getuid?.() !== 0) return undefined;
  const { readStatus } = await import('../lab/daemon/client.ts');
  const isUp = async (each: string): Promise<boolean> => (await readStatus(each)) !== undefined;
  const labs: string[] = [];
  for (const each of await knownLabs()) if (await isUp(each)) labs.push(each);
  const lab = labs.find((each) => each === named) ?? (labs.length === 1 ? labs[0] : undefined);
  if (lab === undefined) return undefined;
  return async (app, outdir) => {
    const [{ endpointOf, variablesOf }, { labEnvironment }, { synthesizeWithLookups }] =
      await Promise.all([
        import('./commands/env.ts'),
        import('../aws/environment.ts'),
        import('../aws/cdk-lookup.ts'),
      ]);
    const endpoint = await endpointOf(lab);
    labEnvironment(lab, endpoint.region, variablesOf(endpoint));
    await synthesizeWithLookups(app, outdir);
  };
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'does not exist. Check the path.';
  if (code === 'EISDIR') return 'is a folder. Name the file of the template in it.';
  if (code === 'EACCES') return 'may not be read by you. Check its permissions.';
  return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** Whether a lab of the one is a lab of the other: policies and usage are no matter of a lab. */
export function asksForSameLab(former: UpRequest, request: UpRequest): boolean {
  return (
    withoutPolicy(former.template) === withoutPolicy(request.template) &&
    JSON.stringify(former.nestedTemplates) === JSON.stringify(request.nestedTemplates) &&
    JSON.stringify(former.before ?? []) === JSON.stringify(request.before ?? []) &&
    contentsOf(former) === contentsOf(request) &&
    JSON.stringify(former.parameters) === JSON.stringify(request.parameters)
  );
}

/** Wherever the files are kept. */
const contentsOf = ({ assets = [] }: UpRequest): string =>
  JSON.stringify(assets.map(({ bucket, key, hash }) => [bucket, key, hash]));

/** Of a template of ours, which is JSON and has its policies in its metadata. */
function withoutPolicy(template: string): string {
  if (!template.startsWith('{')) return template;
  try {
    return JSON.stringify(JSON.parse(template), (key, value: unknown) =>
      key === 'Onsil' ? { ...Object(value), policy: undefined, usage: undefined } : value,
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
