import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Release } from './build.ts';
import { currentManifest, publish } from './publish.ts';
import { NODE_VERSION, type Runtime } from './runtime.ts';

const release: Release = {
  app: 'api',
  runtime: 'node',
  id: 'r1',
  path: '/r',
  sha256: 'aa',
  size: 1,
};
const runtime = (architecture: Runtime['architecture']): Runtime => ({
  id: `node-${NODE_VERSION}-${architecture}`,
  architecture,
  path: `/${architecture}`,
  sha256: architecture === 'x86_64' ? 'bb' : 'cc',
  size: 1,
});

function store(...there: string[]) {
  const puts: string[] = [];
  return {
    puts,
    has: async (key: string) => there.includes(key),
    put: async (key: string) => puts.push(key),
  };
}

test('the manifest names the archive of the release and of each runtime', () => {
  expect(currentManifest(release, [runtime('x86_64'), runtime('aarch64')])).toEqual({
    release: 'r1',
    key: 'releases/api/aa.tar.zst',
    sha256: 'aa',
    runtime: {
      aarch64: { key: 'runtimes/cc.tar.zst', sha256: 'cc', id: `node-${NODE_VERSION}-aarch64` },
      x86_64: { key: 'runtimes/bb.tar.zst', sha256: 'bb', id: `node-${NODE_VERSION}-x86_64` },
    },
  });
  expect(currentManifest({ ...release, runtime: 'java' }, []).runtime).toBeNull();
});

test('stores what is missing, and the manifest last', async () => {
  const empty = store();
  await publish(empty, release, [runtime('x86_64')]);
  expect(empty.puts.slice(0, 2).sort()).toEqual(['releases/api/aa.tar.zst', 'runtimes/bb.tar.zst']);
  expect(empty.puts[2]).toBe('releases/api/current.json');
  const full = store('releases/api/aa.tar.zst', 'runtimes/bb.tar.zst');
  await publish(full, release, [runtime('x86_64')]);
  expect(full.puts).toEqual(['releases/api/current.json']);
});

test('a store that fails leaves the current release as it was', async () => {
  const puts: string[] = [];
  const failing = {
    has: async () => false,
    put: async (key: string) => {
      if (key.startsWith('runtimes/')) throw new Error('no space');
      puts.push(key);
    },
  };
  await expect(publish(failing, release, [runtime('x86_64')])).rejects.toThrow('no space');
  expect(puts).not.toContain('releases/api/current.json');
});

test('the runtime is the Node that npm installs here', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  );
  expect(Object.values(manifest.optionalDependencies)).toEqual([NODE_VERSION, NODE_VERSION]);
});
