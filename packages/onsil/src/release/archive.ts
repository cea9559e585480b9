/** Archives that are equal, byte for byte, wherever and whenever they are made of equal files. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { packTar } from 'modern-tar';

export interface ArchiveFile {
  /** With slashes, relative. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

const compress = promisify(zstdCompress);

/** Sorted, without times and owners; compressed by zstd for speed rather than for size. */
export async function archive(files: readonly ArchiveFile[], level = 3): Promise<Uint8Array> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const tar = await packTar(
    sorted.map(({ path, content, executable }) => ({
      header: {
        name: path,
        size: content.byteLength,
        mode: executable === true ? 0o755 : 0o644,
        mtime: new Date(0),
        uid: 0,
        gid: 0,
        uname: 'root',
        gname: 'root',
        type: 'file' as const,
      },
      body: content,
    })),
  );
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
  return compress(tar, { params });
}

export const sha256 = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex');

/** Writes a file whole or not at all, whoever else writes it at the same time. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial-${randomUUID()}`;
  try {
    await writeFile(partial, content, { flag: 'wx' });
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** True where there is a file of this size: what was written whole and not cut off since. */
export async function isWhole(path: string, size: number): Promise<boolean> {
  try {
    return (await stat(path)).size === size;
  } catch {
    return false;
  }
}
