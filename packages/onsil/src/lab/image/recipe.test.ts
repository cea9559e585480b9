import { describe, expect, test } from 'vitest';
import { aptSources, imageKey, imageRecipe } from './recipe.ts';

const recipe = imageRecipe('PEM', 'deb http://mirror.example/debian bookworm main\n');
const fileOf = (path: string) => recipe.files.find((file) => file.path === path);

describe('the key of an image', () => {
  const KEY = imageKey(recipe, 'x64');

  test('is the same for equal recipes', () => {
    expect(KEY).toMatch(/^[0-9a-f]{16}$/);
    const again = imageRecipe('PEM', 'deb http://mirror.example/debian bookworm main\n');
    expect(imageKey(again, 'x64')).toBe(KEY);
  });
  test.each([
    ['architecture', recipe, 'arm64'],
    ['authority', imageRecipe('OTHER', fileOf('etc/apt/sources.list')?.content ?? ''), 'x64'],
    ['mirror', imageRecipe('PEM', ''), 'x64'],
    ['package', { ...recipe, packages: [...recipe.packages, 'vim'] }, 'x64'],
    ['masked unit', { ...recipe, masked: recipe.masked.slice(1) }, 'x64'],
    ['removed file', { ...recipe, removed: [] }, 'x64'],
    [
      'mode of a file',
      { ...recipe, files: recipe.files.map((file) => ({ ...file, mode: 0o755 })) },
      'x64',
    ],
  ])('is another one for another %s', (_what, other, architecture) => {
    expect(imageKey(other, architecture)).not.toBe(KEY);
  });
});

describe('the recipe', () => {
  test('trusts the authority, and installs from the mirror', () => {
    expect(fileOf('usr/local/share/ca-certificates/onsil-lab.crt')?.content).toBe('PEM');
    expect(fileOf('etc/apt/sources.list')?.content).toContain('mirror.example');
  });
  test('keeps no identity that machines would share', () => {
    expect(fileOf('etc/machine-id')?.content).toBe('');
  });
  test('has a unit file for each unit that it wants early, and wants none that it masks', () => {
    expect(recipe.early.length).toBeGreaterThan(0);
    for (const unit of recipe.early) {
      const content = fileOf(`etc/systemd/system/${unit}`)?.content;
      expect(content).toContain('WantedBy=sysinit.target');
      expect(content).toContain('DefaultDependencies=no');
      expect(recipe.masked).not.toContain(unit);
    }
  });
  test('mounts by helpers that can be run', () => {
    for (const type of ['ext4', 'xfs']) expect(fileOf(`sbin/mount.${type}`)?.mode).toBe(0o755);
  });
  test('paths are relative, so that none is written outside the image', () => {
    const paths = [...recipe.files.map(({ path }) => path), ...recipe.removed];
    expect(paths.filter((path) => path.startsWith('/') || path.includes('..'))).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe('package sources', () => {
  test('of a mirror with security updates', () => {
    expect(aptSources({ archive: 'http://m.example/debian', security: 'http://s.example' })).toBe(
      'deb http://m.example/debian bookworm main\n' +
        'deb http://m.example/debian bookworm-updates main\n' +
        'deb http://s.example bookworm-security main\n',
    );
  });
  test('of a mirror without', () => {
    expect(aptSources({ archive: 'http://m.example/debian' })).toBe(
      'deb http://m.example/debian bookworm main\n' +
        'deb http://m.example/debian bookworm-updates main\n',
    );
  });
  test('are left to mmdebstrap where there is none', () => {
    expect(aptSources(undefined)).toBe('');
  });
});
