import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createObjectStore, type ObjectStore } from './object-store.ts';

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objects-'));
  store = createObjectStore(folder, () => 1_500);
});
afterEach(() => rm(folder, { recursive: true }));

async function read(key: string): Promise<string | undefined> {
  const found = await store.get('releases', key);
  return found && (await buffer(found.stream())).toString();
}

test('an object comes back as it was put', async () => {
  const stored = await store.put('releases', 'web/1.tar', 'hello', {
    headers: { 'content-type': 'text/plain' },
  });
  expect(stored).toEqual({
    key: 'web/1.tar',
    size: 5,
    etag: '5d41402abc4b2a76b9719d911017c592',
    sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    lastModified: 1_000,
    headers: { 'content-type': 'text/plain' },
  });
  expect(await store.head('releases', 'web/1.tar')).toEqual(stored);
  expect(await read('web/1.tar')).toBe('hello');
  expect(await createObjectStore(folder).list('releases')).toEqual([stored]);
});

test('an upload that fails leaves what was there, and no file', async () => {
  await store.put('releases', 'key', 'before');
  const files = await readdir(join(folder, 'releases'));
  async function* broken() {
    yield Buffer.from('after');
    throw new Error('cut');
  }
  await expect(store.put('releases', 'key', broken())).rejects.toThrow('cut');
  const check = () => {
    throw new Error('refused');
  };
  await expect(store.put('releases', 'key', 'after', { check })).rejects.toThrow('refused');
  expect(await read('key')).toBe('before');
  expect(await readdir(join(folder, 'releases'))).toEqual(files);
});

test('many writers of one key leave one content, and readers never see a part', async () => {
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
  await store.put('releases', 'key', contents[0] ?? '');
  const reads = Array.from({ length: 20 }, () => read('key'));
  await Promise.all(contents.map((content) => store.put('releases', 'key', content)));
  for (const content of await Promise.all(reads)) expect(contents).toContain(content);
  expect(contents).toContain(await read('key'));
  expect(await readdir(join(folder, 'releases'))).toHaveLength(2);
});

test('a reader keeps its content when the object goes', async () => {
  await store.put('releases', 'key', 'hello');
  const found = await store.get('releases', 'key');
  expect(await store.delete('releases', 'key')).toBe(true);
  expect(await store.delete('releases', 'key')).toBe(false);
  expect(found && (await buffer(found.stream())).toString()).toBe('hello');
  expect(await read('key')).toBeUndefined();
  expect(await readdir(join(folder, 'releases'))).toEqual([]);
});

test('any key is an object of its own inside the folder', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('../a', '/', '..', 'a/../b', 'a\0b')),
        { minLength: 1, maxLength: 6 },
      ),
      async (keys) => {
        for (const key of keys) await store.put('fuzzed', key, key);
        const listed = (await store.list('fuzzed')).map(({ key }) => key);
        expect(listed).toEqual(
          keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        for (const key of keys) await store.delete('fuzzed', key);
        expect(await readdir(join(folder, 'fuzzed'))).toEqual([]);
      },
    ),
    { numRuns: 30 },
  );
  expect(await readdir(folder)).toEqual(['fuzzed']);
  for (const bucket of ['..', '.', 'a/b', '', 'UPPER', 'ab']) {
    await expect(store.put(bucket, 'key', 'x')).rejects.toThrow('is not the name of a bucket');
  }
});

test('the digest tells contents and keys under a prefix, and nothing else', async () => {
  await store.put('releases', 'web/1', 'one');
  await store.put('releases', 'api/1', 'one');
  const before = await store.digest('releases', 'web/');
  await store.put('releases', 'api/1', 'two');
  await store.put('releases', 'web/1', 'one');
  expect(await store.digest('releases', 'web/')).toBe(before);
  await store.put('releases', 'web/1', 'two');
  expect(await store.digest('releases', 'web/')).not.toBe(before);
  expect(await store.digest('nothing-here', '')).toBe(await store.digest('releases', 'none/'));
});
