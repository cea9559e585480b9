/** Ends machines, and finds what is left of them by the lab's name alone. */
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { labFolders } from '../layout.ts';
import { run } from '../process.ts';
import { endCgroup, hierarchies } from './cgroup.ts';
import type { MachinePlan } from './plan.ts';
import { lockOf, outsideMachines, removeTraces } from './traces.ts';
import { until } from './until.ts';

/** Ends a machine at once, as a power cut would, and lets go of its mounts and loop devices. */
export async function cutPower(plan: MachinePlan): Promise<void> {
  await endCgroup(plan.cgroup);
  const lock = await lockOf(plan.root);
  const points = await mountsOf(dirname(plan.root));
  // Not lazily: what the guest wrote to its volumes is on the disk when this returns.
  if (points.length > 0) await run('umount', points);
  const files = new Set(plan.volumes.map((volume) => volume.file));
  await detachLoops((file) => files.has(file));
  await removeTraces(plan.instanceId, lock);
}

/** Removes every machine of a lab: processes, cgroups, mounts, loop devices, disks. */
export async function removeMachines(lab: string): Promise<void> {
  await endCgroup(join('onsil', lab));
  const { run: runFolder, state } = labFolders(lab);
  const machines = await machinesOf(runFolder);
  const points = await mountsOf(runFolder);
  if (points.length > 0) await run('umount', ['--lazy', ...points]);
  await detachLoops((file) => file.startsWith(`${state}/`));
  await Promise.all([
    ...machines.map(({ name, lock }) => removeTraces(name, lock)),
    ...(await outsideMachines(lab)).map((name) => removeTraces(name, undefined)),
    rm(join(runFolder, 'machines'), { recursive: true, force: true }),
    rm(state, { recursive: true, force: true }),
  ]);
  // The parent of all labs goes with the last one.
  for (const root of await hierarchies()) await rmdir(join(root, 'onsil')).catch(() => {});
}

async function machinesOf(runFolder: string) {
  const folder = join(runFolder, 'machines');
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.map(async (name) => ({ name, lock: await lockOf(join(folder, name, 'root')) })),
  );
}

/** Labs of which cgroups are left. */
export async function labsWithMachines(): Promise<readonly string[]> {
  const lists = await Promise.all(
    (await hierarchies()).map((root) =>
      readdir(join(root, 'onsil'), { withFileTypes: true }).catch(() => []),
    ),
  );
  return [...new Set(lists.flat().flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))];
}

/** Mount points below a folder, the innermost first. */
export function mountsBelow(mountinfo: string, folder: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '))
    .filter((path) => path.startsWith(`${folder}/`))
    .toReversed();
}

async function mountsOf(folder: string): Promise<readonly string[]> {
  return mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), folder);
}

/**
 * A device that is still open is detached when the last one closes it, e.g. another machine
 * that is starting and has not yet let go of the host's mounts. Until then the file must not get
 * a second device, nor be taken for written.
 */
async function detachLoops(ours: (file: string) => boolean): Promise<void> {
  const loops = await loopsOf(ours);
  if (loops.length === 0) return;
  await run('losetup', ['--detach', ...loops]);
  await until(
    async () => (await loopsOf(ours)).length === 0,
    `${loops.join(', ')} to be closed by every process`,
  );
}

async function loopsOf(ours: (file: string) => boolean): Promise<readonly string[]> {
  const { stdout } = await run('losetup', [
    ...['--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE'],
  ]);
  return stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, file]) => file !== undefined && ours(file))
    .map(([name]) => name ?? '');
}
