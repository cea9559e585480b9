/** Lookups of a CDK app, answered by whatever AWS this process talks to. */
import { cp } from 'node:fs/promises';
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
  const errors: string[] = [];
  const toolkit = await toolkitFor({
    onResource: () => {},
    onMessage: (level, message) => {
      if (level === 'error') errors.push(message);
    },
  });
  const { MemoryContext } = await import('@aws-cdk/toolkit-lib');
  const source = await toolkit.fromCdkApp(app.command, {
    contextStore: new MemoryContext({ ...app.context }),
    env: { ...app.environment },
    outdir: `${outdir}.found`,
    disposeOutdir: true,
  });
  const assembly = await toolkit.synth(source);
  try {
    await cp(assembly.cloudAssembly.directory, outdir, { recursive: true, force: true });
  } finally {
    await assembly.dispose();
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
}
