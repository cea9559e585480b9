/** Lookups of a CDK app, answered by whatever AWS this process talks to. */
import { cp } from 'node:fs/promises';
import { AwsError, messageOf } from './aws-error.ts';
import { toolkitFor } from './toolkit.ts';

/**
 * Synthesizes the app until nothing is missing. What was looked up is kept in memory only: a lab's
 * answers have no place in the app's cdk.context.json.
 * @param outdir becomes the cloud assembly
 */
export async function synthesizeWithLookups(
  app: {
    readonly command: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly context: Readonly<Record<string, unknown>>;
  },
  outdir: string,
): Promise<void> {
  const toolkit = await toolkitFor({ onResource: () => {}, onMessage: () => {} });
  const { MemoryContext } = await import('@aws-cdk/toolkit-lib');
  const source = await toolkit.fromCdkApp(app.command, {
    contextStore: new MemoryContext({ ...app.context }),
    env: { ...app.environment },
    outdir: `${outdir}.found`,
    disposeOutdir: true,
  });
  const assembly = await toolkit.synth(source).catch((cause: unknown) => {
    throw new AwsError(`The app's lookups failed: ${annotationsOf(cause).join('\n')}`, { cause });
  });
  try {
    await cp(assembly.cloudAssembly.directory, outdir, { recursive: true, force: true });
  } finally {
    await assembly.dispose();
  }
}

/** What a lookup failed with stands on the stacks, as an annotation. */
function annotationsOf(error: unknown): readonly string[] {
  const stacks = error instanceof Error && 'stacks' in error ? error.stacks : undefined;
  const said = (Array.isArray(stacks) ? stacks : []).flatMap(
    (stack: { readonly messages?: readonly Annotation[] }) =>
      (stack.messages ?? []).flatMap(({ level, entry }) =>
        level === 'error' ? [String(entry.data)] : [],
      ),
  );
  return said.length === 0 ? [messageOf(error)] : [...new Set(said)];
}

interface Annotation {
  readonly level: string;
  readonly entry: { readonly data?: unknown };
}
