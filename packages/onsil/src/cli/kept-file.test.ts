import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepFile, keepZip, pruneKept } from './kept-file.ts';

let folder = '';
let cache = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-kept-'));
  cache = join(folder, 'cache');
});
afterEach(() => rm(folder, { recursive: true }));

/** A folder `source` of two files, of which one is to be run. */
async function source(name = 'source', time = new Date()): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, 'bin'), { recursive: true });
  await mkdir(join(path, 'empty'));
  for (const [file, text] of [
    ['bin/run', '#!/bin/sh\n'],
    ['.config', 'a: 1\n'],
  ] as const) {
    await writeFile(join(path, file), text);
    await chmod(join(path, file), file === 'bin/run' ? 0o755 : 0o644);
    await utimes(join(path, file), time, time);
  }
  return path;
}
/** Names in the central directory of a ZIP archive. */
const namesIn = (zip: Buffer): readonly string[] => {
  const names: string[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at !== -1; at = zip.indexOf('PK\x01\x02', at + 4)) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names;
};

describe('a file', () => {
  test('is copied once, by what is in it, and outlives its source', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'one');
    const first = await keepFile(path, cache);
    await writeFile(join(folder, 'b.txt'), 'one');
    expect(await keepFile(join(folder, 'b.txt'), cache)).toEqual(first);
    await writeFile(path, 'two');
    expect((await keepFile(path, cache)).hash).not.toBe(first.hash);
    expect(await readFile(first.file, 'utf8')).toBe('one');
    expect(await readdir(cache)).toHaveLength(2);
  });

  test('that is not there leaves nothing behind', async () => {
    await expect(keepFile(join(folder, 'none'), cache)).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a folder', () => {
  test('is an archive of its files: hidden ones too, empty folders not', async () => {
    const { file } = await keepZip(await source(), cache);
    expect(namesIn(await readFile(file))).toEqual(['.config', 'bin/run']);
  });

  test('gives the same bytes again, whenever and in whatever time zone', async () => {
    const { file, hash } = await keepZip(await source(), cache);
    const bytes = await readFile(file);
    await rm(cache, { recursive: true });
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Auckland';
    try {
      const other = await source('other', new Date('2001-02-03T04:05:06Z'));
      const again = await keepZip(other, cache);
      expect(again).toEqual({ file, hash });
      expect((await readFile(file)).equals(bytes)).toBe(true);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('is another one with another content, name or mode', async () => {
    const path = await source();
    const hashes = [(await keepZip(path, cache)).hash];
    await chmod(join(path, '.config'), 0o755);
    hashes.push((await keepZip(path, cache)).hash);
    await writeFile(join(path, '.config'), 'a: 2\n');
    hashes.push((await keepZip(path, cache)).hash);
    await writeFile(join(path, 'more'), '');
    hashes.push((await keepZip(path, cache)).hash);
    expect(new Set(hashes).size).toBe(4);
  });

  test('has what its links point to; one that leads back is refused', async () => {
    const path = await source();
    await symlink('../source/bin', join(path, 'linked'));
    const { file } = await keepZip(path, cache);
    expect(namesIn(await readFile(file))).toEqual(['.config', 'bin/run', 'linked/run']);
    await symlink('..', join(path, 'bin', 'up'));
    await expect(keepZip(path, cache)).rejects.toThrow(
      /bin\/up is a link to a folder that it is in itself/,
    );
    expect(await readdir(cache)).toHaveLength(1);
  });
});

test('what was not asked for in a month goes', async () => {
  await writeFile(join(folder, 'a'), 'a');
  await writeFile(join(folder, 'b'), 'b');
  const month = 31 * 24 * 3600 * 1000;
  const old = await keepFile(join(folder, 'a'), cache);
  const used = await keepFile(join(folder, 'b'), cache);
  const then = new Date(Date.now() - month);
  for (const { file } of [old, used]) await utimes(file, then, then);
  await keepFile(join(folder, 'b'), cache);
  await pruneKept(cache, Date.now());
  expect(await readdir(cache)).toEqual([used.hash]);
});
