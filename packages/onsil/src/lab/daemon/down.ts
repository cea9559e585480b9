/**
 * Removes a lab by its name alone: whoever made it may be long dead. The daemon and all it
 * started live in the lab's cgroup, so one write ends everything.
 */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { removeFabric } from '../fabric/remove.ts';
import { labFolders, runRoot, stateRoot } from '../layout.ts';
import { withLock } from '../lock.ts';
import { labsWithMachines, removeMachines } from '../machine/stop.ts';
import { forgetPutValues } from './put-values.ts';

/** Ends a lab and removes all of it. @returns whether there was anything to remove */
export function takeDown(lab: string): Promise<boolean> {
  return withLock(lab, async () => {
    await forgetPutValues(lab);
    return sweep(lab);
  });
}

/** Removes what runs, for who has the lab's lock; what calls put is for the lab that follows. */
export async function sweep(lab: string): Promise<boolean> {
  const found = (await leftOvers()).includes(lab);
  await removeMachines(lab);
  await removeFabric(lab);
  await rm(labFolders(lab).run, { recursive: true, force: true });
  // Shared parents go with the last lab.
  for (const folder of [runRoot, stateRoot]) await rmdir(folder).catch(() => {});
  return found;
}

/** Labs that have anything on this machine: up, half up, or left behind by a crash. */
export async function leftOvers(): Promise<readonly string[]> {
  const { findLabs } = await import('../fabric/remove.ts');
  const folders = await Promise.all(
    [runRoot, stateRoot].map((folder) => readdir(folder).catch(() => [])),
  );
  const labs = [...folders.flat(), ...(await labsWithMachines()), ...(await findLabs())];
  return [...new Set(labs)].toSorted();
}
