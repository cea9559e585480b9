/**
 * What a release is built from, and whether it changed. Contents decide; sizes and times of
 * files only save reading them again.
 */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { access, lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** Folders that are not sources, at any depth. */
const IGNORED = new Set(['node_modules', 'dist', '.git']);
const LOCKFILE = 'package-lock.json';

/** What is remembered of a file: while these stay the same, so does its content. */
export interface Remembered {
  /** Size, time of content, time of inode, inode; as the file system has them. */
  readonly stat: string;
  readonly sha256: string;
}

export interface Inputs {
  /** SHA-256 of every path and content, in order. */
  readonly digest: string;
  readonly files: Readonly<Record<string, Remembered>>;
}

/**
 * A file written within this time before a scan may change again without a change of its times:
 * it is not remembered (https://git-scm.com/docs/racy-git).
 */
const RACY_MILLISECONDS = 1_000;

/**
 * Looks at the sources of a folder and at the lockfile of its workspace, or at a single file.
 * @param known what an earlier scan remembered
 */
export async function scanInputs(source: string, known: Inputs['files'] = {}): Promise<Inputs> {
  const settledBefore = Date.now() - RACY_MILLISECONDS;
  const paths = (await lstat(source)).isFile() ? [source] : await pathsOf(source);
  const all = new Map<string, Remembered>();
  const remembered = new Map<string, Remembered>();
  await Promise.all(
    paths.map(async (path) => {
      const name = relative(source, path) || basename(path);
      const stats = await lstat(path, { bigint: true });
      const stat = fingerprint(stats);
      const before = known[name];
      const sha256 = before?.stat === stat ? before.sha256 : await digestOf(path, stats);
      all.set(name, { stat, sha256 });
      if (stats.mtimeMs < settledBefore) remembered.set(name, { stat, sha256 });
    }),
  );
  const hash = createHash('sha256');
  for (const name of [...all.keys()].sort()) {
    hash.update(`${name}\0${all.get(name)?.sha256}\n`);
  }
  return { digest: hash.digest('hex'), files: Object.fromEntries(remembered) };
}

const fingerprint = ({ size, mtimeNs, ctimeNs, ino, mode }: BigIntStats): string =>
  [size, mtimeNs, ctimeNs, ino, mode].join(' ');

/** What a file is: its content, whether it may be run, where a link points. */
async function digestOf(path: string, stats: BigIntStats): Promise<string> {
  const hash = createHash('sha256');
  if (stats.isSymbolicLink()) hash.update('link').update(await readlink(path));
  else hash.update((stats.mode & 0o100n) === 0n ? 'file' : 'program').update(await readFile(path));
  return hash.digest('hex');
}

async function pathsOf(folder: string): Promise<readonly string[]> {
  const lockfile = await findLockfile(folder);
  const all = await sources(folder);
  // The workspace's lockfile is above the folder; the folder's own is among its sources.
  return lockfile === undefined || all.includes(lockfile) ? all : [...all, lockfile];
}

async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : sources(path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    }),
  );
  return nested.flat();
}

/** The nearest lockfile, in the folder or above it. */
async function findLockfile(folder: string): Promise<string | undefined> {
  const path = join(folder, LOCKFILE);
  try {
    await access(path);
    return path;
  } catch {
    return dirname(folder) === folder ? undefined : findLockfile(dirname(folder));
  }
}
