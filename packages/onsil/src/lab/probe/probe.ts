import { join } from 'node:path';
import { type NamespaceReference, referenceFile } from '../fabric/namespace.ts';
import { run } from '../process.ts';
import type { ProbeResult, Target } from './connect.ts';

export type { Outcome, ProbeResult, Target } from './connect.ts';

/**
 * Makes one real TCP connection to each target, all at once, from inside a network namespace.
 * Results are in the order of the targets. Throws CommandError where the namespace is not there.
 */
export async function probeFrom(
  from: NamespaceReference,
  targets: readonly Target[],
): Promise<readonly ProbeResult[]> {
  const { stdout } = await run(
    'nsenter',
    [
      `--net=${referenceFile(from)}`,
      '--',
      process.execPath,
      '--no-warnings',
      join(import.meta.dirname, 'connect.ts'),
    ],
    { input: JSON.stringify(targets) },
  );
  return JSON.parse(stdout);
}
