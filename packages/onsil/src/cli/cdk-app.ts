/** Somebody's own app of the AWS CDK: synthesized, and its stacks found in the cloud assembly. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestedTemplate } from '../cloudformation/nested-stack.ts';
import type { Asset } from '../lab/daemon/request.ts';
import { ACCOUNT } from '../region/region.ts';
import { assetsIn, keepAssets, type StackAssets } from './cdk-assets.ts';
import {
  commandOfProject,
  contextOfProject,
  isAssembly,
  type SynthesisInput,
  synthesize,
} from './cdk-synthesis.ts';
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
    throw new UsageError(
      `The app has several stacks: name one with --stack NAME. ${namesOf(matching)}`,
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
