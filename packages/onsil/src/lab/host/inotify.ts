/**
 * The one setting of the host that a lab changes: systemd uses several inotify instances per
 * machine, and the default of 128 for all of root's stops at about 14 machines.
 */
import { readFile, writeFile } from 'node:fs/promises';

const FILE = '/proc/sys/fs/inotify/max_user_instances';
/** Every machine's systemd takes several: enough for hundreds of machines. */
export const INOTIFY_INSTANCES = 8192;

/** Raises fs.inotify.max_user_instances to 8192 unless it is that high; it is not lowered again. */
export async function raiseInotifyLimit(): Promise<void> {
  const now = Number(await readFile(FILE, 'utf8'));
  if (now < INOTIFY_INSTANCES) await writeFile(FILE, String(INOTIFY_INSTANCES));
}
