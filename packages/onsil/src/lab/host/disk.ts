/** Space for images, layers and releases. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, failed, ok } from './check.ts';

/** Bytes: an image, its provisioned layers and a few releases. */
export const SPACE_NEEDED = 3 * 1024 ** 3;

/** The folder itself, or the nearest one above that exists. */
export function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** @param needed bytes that must be free for an ordinary user of the file system */
export async function diskSpace(cacheFolder: string, needed = SPACE_NEEDED): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(cacheFolder));
  const free = bavail * bsize;
  const said = `${gibibytes(free)} GiB free for ${cacheFolder}`;
  if (free >= needed) return ok(said);
  return failed(
    `${said}, ${gibibytes(needed)} GiB are needed`,
    'free some space, or: export ONSIL_CACHE=/a/folder/on/a/larger/disk',
  );
}

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
