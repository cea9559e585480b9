/** Somebody's own app of the AWS CDK: synthesized, and its stacks found in the cloud assembly. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { NestedTemplate } from '../cloudformation/nested-stack.ts';
import type { Asset } from '../lab/daemon/request.ts';
import { CommandError, run } from '../lab/process.ts';
import { ACCOUNT } from '../region/region.ts';
import { assetsIn, keepAssets, type StackAssets } from './cdk-assets.ts';
import { UsageError } from './errors.ts';

export interface AppStack {
  readonly name: string;
  /** `ap-northeast-2`; absent where the app leaves it open. */
  readonly region?: string;
  /** JSON. */
  readonly template: string;
  readonly templateFile: string;
  /** Files that it wants in the CDK's buckets; none where they are not to be kept. */
  readonly assets: readonly Asset[];
  /** Those buckets. Names of buckets and keys may have placeholders of account and region. */
  readonly buckets: readonly string[];
  /** Templates of nested stacks, by the last part of their key. */
  readonly nested: Readonly<Record<string, NestedTemplate>>;
  /** Docker images, and whatever else only a program makes: they are not made. */
  readonly unmade: readonly string[];
}

export interface AppOptions {
  /** A command line, or the folder of a cloud assembly; `true`: as cdk.json says. */
  readonly app: string | true;
  /** By its name or its place in the app. */
  readonly stack?: string;
  /** For stacks that leave it open, and lookups. */
  readonly region: string;
  /** The folder that files of the app are kept in. Absent: they are not kept. */
  readonly cache?: string;
  /** Answers lookups from a running lab. Absent: there is none. */
  readonly lookUp?: (app: SynthesisInput, outdir: string) => Promise<void>;
}

export interface SynthesisInput {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * The stack that is asked for, after those that it depends on.
 * Throws UsageError where it is not clear which one, and what the app printed where it fails.
 */
export async function appStacks(options: AppOptions): Promise<readonly AppStack[]> {
  const command = options.app === true ? await commandOfProject() : options.app;
  if (await isAssembly(command)) return stacksOf(command, options);
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
    return await stacksOf(outdir, options);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** What is in a folder that may be gone a moment later. */
async function stacksOf(
  folder: string,
  { stack: wanted, cache }: AppOptions,
): Promise<readonly AppStack[]> {
  const stacks: AppStack[] = [];
  for (const { sources, ...stack } of chosen(await stacksIn(folder), wanted)) {
    const assets = cache === undefined ? [] : await keepAssets(sources, cache);
    stacks.push({ ...stack, assets });
  }
  return stacks;
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
    throw await noSynthesis(input.command, cause);
  }
  if (await isAssembly(outdir)) return;
  throw new UsageError(
    `\`${input.command}\` ended without a cloud assembly.\n` +
      'It must make an App of aws-cdk-lib and call app.synth().',
  );
}

async function noSynthesis(command: string, cause: CommandError): Promise<Error> {
  const info = await stat(command).catch(() => undefined);
  if (info?.isDirectory() === true) {
    return new UsageError(
      `The folder ${command} has no manifest.json, so it is no cloud assembly.\n` +
        'Make one with `cdk synth`, or give the command of the app: --app "node bin/app.js".',
      { cause },
    );
  }
  const lines = (cause.output.stderr.trim() || cause.output.stdout.trim()).split('\n');
  const more = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more lines.`] : [];
  const how = cause.exitCode === undefined ? 'was ended' : `exited with ${cause.exitCode}`;
  const next =
    cause.exitCode === 127
      ? 'The shell did not find a program of it: check --app, or "app" in cdk.json.'
      : 'Run it by itself, or `cdk synth`, until it ends well; then try again.';
  return new Error(
    [
      `The app \`${command}\` does not synthesize: it ${how}:`,
      ...lines.slice(0, SHOWN),
      ...[...more, next],
    ].join('\n'),
    { cause },
  );
}

/** Lines of what an app printed when it failed: the error stands above its stack trace. */
const SHOWN = 12;

/** What the CDK's own command line adds: paths of constructs say where a resource comes from. */
const DEFAULT_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:disable-version-reporting': true,
};

async function commandOfProject(): Promise<string> {
  const { app } = await jsonFile('cdk.json');
  if (typeof app === 'string' && app !== '') return app;
  throw new UsageError(
    'There is no cdk.json with an "app" here.\n' +
      'Go to the folder of the app, or give its command: --app "node bin/app.js".',
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
  readonly stack: Omit<AppStack, 'assets'> & StackAssets;
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
      const manifests = dependencies.flatMap((each) =>
        artifacts[each]?.type === 'cdk:asset-manifest'
          ? (artifacts[each].properties?.file ?? [])
          : [],
      );
      const { templateFile } = properties;
      const assets = await assetsIn(folder, manifests, templateFile);
      const stack = { ...{ name, template, templateFile }, ...assets, ...known };
      return [{ id, displayName, dependencies, stack }];
    }),
  );
  return found.flat();
}

/** The one that is asked for, after what it depends on. */
function chosen(
  found: readonly FoundStack[],
  wanted: string | undefined,
): readonly FoundStack['stack'][] {
  if (found.length === 0) {
    throw new UsageError(
      'The app has no stack.\nMake one in it: new Stack(app, "Network"); then try again.',
    );
  }
  const matching = found.filter(
    ({ id, displayName, stack }) =>
      wanted === undefined || [id, displayName, stack.name].includes(wanted),
  );
  const [only] = matching;
  if (only === undefined) {
    throw new UsageError(`--stack ${wanted}: the app has no such stack. ${namesOf(found)}`);
  }
  // What nothing else depends on stands for the whole app, where there is one such stack.
  const tops = matching.filter(
    ({ id }) => !matching.some(({ dependencies }) => dependencies.includes(id)),
  );
  const [top] = tops;
  if (top === undefined || tops.length > 1) {
    const choice = tops.length === 0 ? matching : tops;
    throw new UsageError(
      'The app has several stacks that no other one needs: name one with --stack NAME.\n' +
        namesOf(choice),
    );
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

/** One a line: they may be many, and long. */
const namesOf = (found: readonly FoundStack[]): string =>
  ['It has:', ...found.map(({ displayName }) => `  ${displayName}`)].join('\n');

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
