import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-secrets-'));
  vi.stubEnv('ONSIL_CACHE', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('secrets that are asked for at once are all made, and stay what they are', async () => {
  const { ensureSecrets } = await import('./secrets.ts');
  const names = ['a', 'b', 'c', 'd'];
  const made = await Promise.all(names.map((name) => ensureSecrets('lab', [name])));
  const kept = await ensureSecrets('lab', names);
  expect(names.map((name, index) => made[index]?.get(name))).toEqual([...kept.values()]);
  expect(new Set(kept.values()).size).toBe(4);
});
