/** Files and folders of somebody else's, kept by what is in them: they may be gone a moment later. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface KeptFile {
  /** In the cache. */
  readonly file: string;
  /** SHA-256 of the file, or of all paths, modes and contents of the folder. Hexadecimal. */
  readonly hash: string;
}

interface Member {
  /** With slashes, from the folder. */
  readonly path: string;
  readonly source: string;
  /** Permission bits. */
  readonly mode: number;
}

/** How long what nobody asks for is kept. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * A copy of a file. Throws where there is none at that path.
 * @param cache the folder for it
 */
export async function keepFile(path: string, cache: string): Promise<KeptFile> {
  const hash = await sha256(path);
  return kept(join(cache, hash), hash, (partial) => copyFile(path, partial));
}

/**
 * A folder as a ZIP archive: the same bytes for the same files, whenever they were written.
 * Symbolic links are followed and empty folders left out, as the CDK's own command line does it.
 * Throws where the folder or what a link points to is not there.
 */
export async function keepZip(folder: string, cache: string): Promise<KeptFile> {
  const members = (await membersOf(folder)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const digest = createHash('sha256');
  for (const { path, source, mode } of members) {
    digest.update(`${JSON.stringify([path, mode, await sha256(source)])}\n`);
  }
  const hash = digest.digest('hex');
  return kept(join(cache, `${hash}.zip`), hash, (partial) => zip(members, partial));
}

/** Removes what was not asked for in a month. */
export async function pruneKept(cache: string, now: number): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  for (const name of names) {
    const path = join(cache, name);
    // Another command may be as far.
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && info.mtimeMs < now - UNUSED_MS) await rm(path, { force: true });
  }
}

async function kept(
  file: string,
  hash: string,
  make: (partial: string) => Promise<void>,
): Promise<KeptFile> {
  const now = new Date();
  // Its time says when it was last asked for.
  const there = await utimes(file, now, now).then(
    () => true,
    () => false,
  );
  if (there) return { file, hash };
  await mkdir(join(file, '..'), { recursive: true });
  const partial = `${file}.partial-${randomUUID()}`;
  try {
    await make(partial);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return { file, hash };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @param around the real paths of the folders that it is in: a link may lead back to one */
async function membersOf(
  folder: string,
  prefix = '',
  around: readonly string[] = [],
): Promise<readonly Member[]> {
  const here = await realpath(folder);
  if (around.includes(here)) {
    throw new Error(`${folder} is a link to a folder that it is in itself. Remove the link.`);
  }
  const members = await Promise.all(
    (await readdir(folder)).map(async (name): Promise<readonly Member[]> => {
      const source = join(folder, name);
      const path = `${prefix}${name}`;
      const info = await stat(source);
      if (info.isDirectory()) return membersOf(source, `${path}/`, [...around, here]);
      if (!info.isFile()) throw new Error(`${source} is neither a file nor a folder.`);
      return [{ path, source, mode: info.mode & 0o777 }];
    }),
  );
  return members.flat();
}

async function zip(members: readonly Member[], file: string): Promise<void> {
  const archive = new ZipFile();
  archive.on('error', (error) => archive.outputStream.destroy(error));
  for (const { path, source, mode } of members) {
    // The format has local times.
    archive.addFile(source, path, { mtime: new Date(2000, 0, 1), mode, forceDosTimestamp: true });
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(file));
}
