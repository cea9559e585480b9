/**
 * What systemd-nspawn keeps of a machine in /run/systemd/nspawn. It stays there when nspawn is
 * killed, as every machine of a lab is in the end, and where /run is not a tmpfs also otherwise.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = '/run/systemd/nspawn';

/**
 * Removes the traces of a machine that is off.
 * @param machine its name, as given to systemd-nspawn
 * @param lock of lockOf, asked for while the root was still mounted
 */
export async function removeTraces(machine: string, lock: string | undefined): Promise<void> {
  await rm(join(FOLDER, 'propagate', machine), { recursive: true, force: true });
  if (lock !== undefined) await rm(lock, { force: true });
}

/** The file by which systemd-nspawn locks the root of a machine; none where there is no root. */
export async function lockOf(root: string): Promise<string | undefined> {
  const info = await stat(root).catch(() => undefined);
  return info === undefined ? undefined : join(FOLDER, 'locks', `inode-${info.dev}:${info.ino}`);
}

/** Names of the throw-away machines of a lab's outside hosts that left something. */
export async function outsideMachines(lab: string): Promise<readonly string[]> {
  const names = await readdir(join(FOLDER, 'propagate')).catch(() => []);
  return names.filter((name) => name.startsWith(outsideMachine(lab, '')));
}

/** The name of a throw-away machine: the lab's first, so that all of them are found by it. */
export function outsideMachine(lab: string, rest: string): string {
  // A dot is in no name of a lab.
  return `${lab}.outside-${rest}`;
}
