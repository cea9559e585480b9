/**
 * Each machine has a cgroup of its own in every hierarchy that systemd uses: without one, all
 * machines would share `/payload`, and in a user namespace systemd would exit at once.
 */
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../files.ts';
import { until } from './until.ts';

const ROOT = '/sys/fs/cgroup';

/** The mount points to use: one on a unified system, two where the old layout is mounted too. */
export async function hierarchies(): Promise<readonly string[]> {
  const unified = await exists(join(ROOT, 'cgroup.controllers'));
  if (unified) return [ROOT];
  const both = [join(ROOT, 'unified'), join(ROOT, 'systemd')];
  const there = await Promise.all(both.map(exists));
  return both.filter((_, index) => there[index]);
}

/** The hierarchy of version 2, which can end and freeze a whole group. */
async function unified(): Promise<string> {
  const [first] = await hierarchies();
  if (first === undefined) throw new Error(`No cgroup hierarchy is mounted below ${ROOT}.`);
  return first;
}

export async function makeCgroup(cgroup: string): Promise<readonly string[]> {
  const folders = (await hierarchies()).map((root) => join(root, cgroup));
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  return folders;
}

/** Enters cgroups, then becomes the program: the arguments are folders, `--`, the program. */
const ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec "$@"';

/** The argument array that runs a command as the first process of its cgroups. */
export function enterCgroup(
  folders: readonly string[],
  command: readonly string[],
): readonly string[] {
  return ['/bin/sh', '-c', ENTER, 'sh', ...folders, '--', ...command];
}

/** Process ids below a cgroup, in this process's view; empty when there is none. */
export async function processes(cgroup: string): Promise<readonly number[]> {
  const folder = join(await unified(), cgroup);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const lists = [
    folder,
    ...entries.filter((e) => e.isDirectory()).map((e) => join(e.parentPath, e.name)),
  ];
  const texts = await Promise.all(
    lists.map((list) => readFile(join(list, 'cgroup.procs'), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) => text.split('\n').filter(Boolean).map(Number));
}

/** Ends every process of a cgroup at once and removes the group. Harmless when there is none. */
export async function endCgroup(cgroup: string): Promise<void> {
  const folder = join(await unified(), cgroup);
  if (await exists(folder)) {
    await writeFile(join(folder, 'cgroup.freeze'), '0').catch(() => {});
    await writeFile(join(folder, 'cgroup.kill'), '1');
    await until(
      async () => (await processes(cgroup)).length === 0,
      `processes of ${cgroup} to end`,
    );
  }
  for (const root of await hierarchies()) await removeTree(join(root, cgroup));
}

/** Stops and continues all processes of a cgroup, so that its files hold still. */
export async function freeze(cgroup: string, frozen: boolean): Promise<void> {
  const folder = join(await unified(), cgroup);
  await writeFile(join(folder, 'cgroup.freeze'), frozen ? '1' : '0');
  const wanted = `frozen ${frozen ? 1 : 0}`;
  await until(
    async () => (await readFile(join(folder, 'cgroup.events'), 'utf8')).includes(wanted),
    `${cgroup} to be ${frozen ? 'frozen' : 'thawed'}`,
  );
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return;
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await until(
    () =>
      rmdir(folder).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
      ),
    `${folder} to be removable`,
  );
}
