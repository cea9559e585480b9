import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { completed, type Lockfile, missingPackages } from './lockfile.ts';

const tool: Lockfile = {
  packages: {
    '': {},
    'node_modules/@tool/linux-x64': { version: '1.2.3', optional: true },
    'node_modules/tool': {
      version: '1.2.3',
      dev: true,
      optionalDependencies: { '@tool/linux-x64': '1.2.3', '@tool/linux-arm64-musl': '1.2.3' },
    },
  },
};

test('an optional package of another system that npm left out is put back, in order', () => {
  expect(missingPackages(tool)).toEqual({
    'node_modules/@tool/linux-arm64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
  });
  expect(Object.keys(completed(tool).packages)).toEqual([
    '',
    'node_modules/@tool/linux-arm64-musl',
    'node_modules/@tool/linux-x64',
    'node_modules/tool',
  ]);
  expect(missingPackages(completed(tool))).toEqual({});
});

test('package-lock.json is complete: `npm ci` accepts it (else run node scripts/lockfile.ts)', () => {
  const path = new URL('../package-lock.json', import.meta.url);
  const lockfile: Lockfile = JSON.parse(readFileSync(path, 'utf8'));
  expect(Object.keys(missingPackages(lockfile))).toEqual([]);
});
