/** Somebody's own app of the AWS CDK: synthesized, and its stacks found in the cloud assembly. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { NestedTemplate } from '../cloudformation/nested-stack.ts';
import { CommandError, run } from '../lab/process.ts';
import { UsageError } from './errors.ts';

export interface AppStack {
  readonly name: string;
  /** `ap-northeast-2`; absent where the app leaves it open. */
  readonly region?: string;
  /** JSON. */
  readonly template: string;
  readonly templateFile: string;
  /** Files and images that the template names in the CDK's bucket and repository. */
  readonly assets: number;
  /** Templates of nested stacks, by their name in the CDK's bucket; they are no `assets`. */
  readonly nested: Readonly<Record<string, NestedTemplate>>;
}

export interface AppOptions {
  /** A command line, or the folder of a cloud assembly; `true`: as cdk.json says. */
  readonly app: string | true;
  /** By its name or its place in the app. */
  readonly stack?: string;
  /** For stacks that leave it open, and lookups. */
  readonly region: string;
  /** Answers lookups from a running lab. Absent: there is none. */
  readonly lookUp?: (app: SynthesisInput, outdir: string) => Promise<void>;
}

export interface SynthesisInput {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** The account that labs stand for. */
const ACCOUNT = '123456789012';

/**
 * The stack that is asked for, after those that it depends on.
 * Throws UsageError where it is not clear which one, and what the app printed where it fails.
 */
export async function appStacks(options: AppOptions): Promise<readonly AppStack[]> {
  const command = options.app === true ? await commandOfProject() : options.app;
  if (await isAssembly(command)) return chosen(await stacksIn(command), options.stack);
  const outdir = await mkdtemp(join(tmpdir(), 'onsil-cdk-'));
  try {
    const input = {
      command,
      environment: {
        ...{ CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: options.region },
        // The CDK's own check of every template takes longer than all else; a deploy has its own.
        CDK_VALIDATION: 'false',
      },
      context: await contextOfProject(),
    };
    await synthesize(input, outdir);
    const missing = await missingIn(outdir);
    if (missing.length > 0) {
      if (options.lookUp === undefined) throw noLookup(missing);
      await options.lookUp(input, outdir);
    }
    return chosen(await stacksIn(outdir), options.stack);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function synthesize(input: SynthesisInput, outdir: string): Promise<void> {
  try {
    // The one place with a shell: an app's command line is written for one, as in cdk.json.
    await run('/bin/sh', ['-c', input.command], {
      env: {
        ...input.environment,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ ...DEFAULT_CONTEXT, ...input.context }),
      },
    });
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const printed = cause.output.stderr.trim() || cause.output.stdout.trim();
    const said = printed === '' ? '' : `:\n${printed.split('\n').slice(0, 12).join('\n')}`;
    const how = cause.exitCode === undefined ? 'was ended' : `exited with ${cause.exitCode}`;
    throw new Error(`The app \`${input.command}\` does not synthesize: it ${how}${said}`, {
      cause,
    });
  }
  if (await isAssembly(outdir)) return;
  throw new UsageError(
    `\`${input.command}\` ended without a cloud assembly. It must make an App of aws-cdk-lib and ` +
      'call app.synth().',
  );
}

/** What the CDK's own command line adds: paths of constructs say where a resource comes from. */
const DEFAULT_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:disable-version-reporting': true,
};

async function commandOfProject(): Promise<string> {
  const { app } = await jsonFile('cdk.json');
  if (typeof app === 'string' && app !== '') return app;
  throw new UsageError(
    'There is no cdk.json with an "app" here. Give its command: --app "node bin/app.js".',
  );
}

/** Feature flags and remembered lookups, as the CDK's own command line reads them. */
async function contextOfProject(): Promise<Readonly<Record<string, unknown>>> {
  const { context } = await jsonFile('cdk.json');
  return { ...Object(context), ...(await jsonFile('cdk.context.json')) };
}

async function jsonFile(name: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(resolve(name), 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${name} is no JSON: ${what}`, { cause });
  }
}

async function isAssembly(folder: string): Promise<boolean> {
  const info = await stat(join(folder, 'manifest.json')).catch(() => undefined);
  return info?.isFile() === true;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
  readonly missing?: readonly Missing[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
  };
}

interface Missing {
  readonly provider: string;
  readonly props: Readonly<Record<string, unknown>>;
}

interface FoundStack {
  readonly id: string;
  readonly displayName: string;
  readonly dependencies: readonly string[];
  readonly stack: AppStack;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));

/** With those of nested assemblies: an app's stages. */
async function stacksIn(folder: string): Promise<readonly FoundStack[]> {
  const { artifacts = {} } = await manifestOf(folder);
  const found = await Promise.all(
    Object.entries(artifacts).map(async ([id, artifact]) => {
      const { type, properties = {} } = artifact;
      if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined) {
        return stacksIn(join(folder, properties.directoryName));
      }
      if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
      const { displayName = id, dependencies = [], environment = '' } = artifact;
      const name = properties.stackName ?? id;
      const region = /^aws:\/\/[^/]*\/([a-z0-9-]+)$/.exec(environment)?.[1];
      const known = region === undefined || region === 'unknown-region' ? {} : { region };
      const template = await readFile(join(folder, properties.templateFile), 'utf8');
      const own = await assetsOf(folder, artifacts, dependencies, properties.templateFile);
      const stack: AppStack = {
        ...{ name, template, templateFile: properties.templateFile, ...own },
        ...known,
      };
      return [{ id, displayName, dependencies, stack }];
    }),
  );
  return found.flat();
}

/** Without the template itself, which the CDK's command line publishes as one. */
async function assetsOf(
  folder: string,
  artifacts: Readonly<Record<string, Artifact>>,
  dependencies: readonly string[],
  templateFile: string,
): Promise<Pick<AppStack, 'assets' | 'nested'>> {
  const files = dependencies.flatMap((id) =>
    artifacts[id]?.type === 'cdk:asset-manifest' ? (artifacts[id].properties?.file ?? []) : [],
  );
  const manifests = await Promise.all(
    files.map(
      async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as AssetManifest,
    ),
  );
  const all = manifests
    .flatMap(({ files: own = {} }) => Object.values(own))
    .filter(({ source }) => source.path !== templateFile);
  const templates = all.filter(({ source }) => source.path?.endsWith(NESTED) === true);
  const nested = await Promise.all(
    templates.flatMap(({ source: { path = '' }, destinations = {} }) =>
      Object.values(destinations).map(async ({ objectKey }) => {
        const body = await readFile(join(folder, path), 'utf8');
        return [objectKey, { body, fileName: path }] as const;
      }),
    ),
  );
  const images = manifests.flatMap(({ dockerImages = {} }) => Object.keys(dockerImages));
  return {
    assets: all.length - templates.length + images.length,
    nested: Object.fromEntries(nested),
  };
}

/** How the CDK calls the template of a NestedStack. */
const NESTED = '.nested.template.json';

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations?: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: object;
}

/** The one that is asked for, after what it depends on. */
function chosen(found: readonly FoundStack[], wanted: string | undefined): readonly AppStack[] {
  const names = found.map(({ displayName }) => displayName).join(', ');
  if (found.length === 0) throw new UsageError('The app has no stack.');
  const matching = found.filter(
    ({ id, displayName, stack }) =>
      wanted === undefined || [id, displayName, stack.name].includes(wanted),
  );
  const [only] = matching;
  if (only === undefined) {
    throw new UsageError(`--stack ${wanted}: the app has no such stack. It has: ${names}.`);
  }
  // What nothing else depends on stands for the whole app, where there is one such stack.
  const tops = matching.filter(
    ({ id }) => !matching.some(({ dependencies }) => dependencies.includes(id)),
  );
  const [top] = tops;
  if (top === undefined || tops.length > 1) {
    throw new UsageError(`The app has several stacks: name one with --stack. It has: ${names}.`);
  }
  const order: FoundStack[] = [];
  const visit = (each: FoundStack): void => {
    if (order.includes(each)) return;
    for (const id of each.dependencies) {
      const before = found.find((other) => other.id === id);
      if (before !== undefined) visit(before);
    }
    order.push(each);
  };
  visit(top);
  return order.map(({ stack }) => stack);
}

/** Of nested assemblies too: the outermost manifest has them all. */
const missingIn = async (folder: string): Promise<readonly Missing[]> =>
  (await manifestOf(folder)).missing ?? [];

function noLookup(missing: readonly Missing[]): UsageError {
  const [first] = missing;
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  return new UsageError(
    `The app looks something up in an account (${first?.provider}${more}), and no lab is up to ` +
      'answer. Start one that has it and name it with --lab NAME, or keep the answers of your ' +
      'account in cdk.context.json: `cdk context` shows them.',
  );
}
