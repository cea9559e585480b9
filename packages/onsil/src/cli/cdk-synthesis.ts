/** Runs an app of the AWS CDK as the CDK's own command line does it. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError, run } from '../lab/process.ts';
import { UsageError } from './errors.ts';

export interface SynthesisInput {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Runs the app, whose cloud assembly is in the folder then. Throws what it printed where it fails. */
export async function synthesize(input: SynthesisInput, outdir: string): Promise<void> {
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
        'Make one with `cdk synth`, or name the app: --app "node bin/app.js".',
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

/** As cdk.json says. */
export async function commandOfProject(): Promise<string> {
  const { app } = await jsonFile('cdk.json');
  if (typeof app === 'string' && app !== '') return app;
  throw new UsageError(
    'There is no cdk.json with an "app" here.\n' +
      'Go to the folder of the app, or give its command: --app "node bin/app.js".',
  );
}

/** Feature flags and remembered lookups, as the CDK's own command line reads them. */
export async function contextOfProject(): Promise<Readonly<Record<string, unknown>>> {
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

/** Whether a folder is a cloud assembly. */
export async function isAssembly(folder: string): Promise<boolean> {
  const info = await stat(join(folder, 'manifest.json')).catch(() => undefined);
  return info?.isFile() === true;
}
