/** Finds and removes what labs left in the kernel, by names alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ipBatch } from './kernel.ts';
import { checkLabName, labOfNamespace } from './names.ts';
import { allNamespaces, namespacesOf } from './namespace.ts';
import { outsideProcesses } from './outside.ts';

/**
 * Removes every namespace of a lab, with the links in them, and ends its way out. Harmless where
 * there is nothing. A namespace lives on, without a name, while a process is in it: end those
 * first.
 */
export async function removeFabric(lab: string): Promise<void> {
  checkLabName(lab);
  const processes = (await outsideProcesses()).filter((each) => each.lab === lab);
  for (const { pid } of processes) end(pid);
  const namespaces = [...(await namespacesOf(lab))];
  await ipBatch(namespaces.map((name) => `netns del ${name}`));
  // slirp4netns holds its namespace until it is gone; it takes a few milliseconds.
  const deadline = Date.now() + 2000;
  while ((await outsideProcesses()).some((each) => each.lab === lab)) {
    if (Date.now() > deadline) {
      throw new Error(`slirp4netns of the lab ${lab} does not end: ${JSON.stringify(processes)}`);
    }
    await sleep(5);
  }
}

/** Labs that have anything left in the kernel, sorted. */
export async function findLabs(): Promise<readonly string[]> {
  const named = (await allNamespaces()).flatMap((name) => labOfNamespace(name) ?? []);
  const processes = (await outsideProcesses()).map(({ lab }) => lab);
  return [...new Set([...named, ...processes])].sort();
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
