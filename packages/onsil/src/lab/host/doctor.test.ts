import { describe, expect, test } from 'vitest';
import { diskSpace } from './disk.ts';
import { clock, nodeVersion, programs, runChecks } from './doctor.ts';
import { cgroupLayout, cgroups, inotify } from './kernel.ts';

const UNIFIED = 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n';
const HYBRID =
  'tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0\n' +
  'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n';
const LEGACY = 'cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0\n';

test('tells the layouts of control groups apart', () => {
  expect([UNIFIED, HYBRID, LEGACY, ''].map(cgroupLayout)).toEqual([
    'unified',
    'hybrid',
    'legacy',
    'none',
  ]);
  expect(cgroups(HYBRID).state).toBe('ok');
  expect(cgroups(LEGACY)).toMatchObject({ state: 'failed', fix: expect.any(String) });
});

test('a small limit of inotify is a warning, since up raises it', () => {
  expect(inotify(128)).toMatchObject({ state: 'warning', fix: expect.stringContaining('=8192') });
  expect(inotify(8192).state).toBe('ok');
});

test('too little space says how much there is and how much is needed', async () => {
  const finding = await diskSpace('/tmp/not/there', 2 ** 60);
  expect(finding.state).toBe('failed');
  expect(finding.detail).toMatch(/^[\d.]+ GiB free for \/tmp\/not\/there, [\d.]+ GiB are needed$/);
  expect((await diskSpace('/tmp', 1)).state).toBe('ok');
});

test('a clock before the installation, or far after it, is wrong', () => {
  const installed = new Date('2026-11-01T00:00:00Z');
  expect(clock(new Date('1970-01-02'), installed).state).toBe('failed');
  expect(clock(new Date('2027-01-01'), installed).state).toBe('ok');
  expect(clock(new Date('2099-01-01'), installed).state).toBe('failed');
});

test('Node and programs', () => {
  expect(nodeVersion('24.0.0').state).toBe('ok');
  expect(nodeVersion('20.20.2')).toMatchObject({ state: 'failed', fix: 'npm ci' });
  const without = programs(['lab'], (name) => (name === 'nft' ? undefined : `/bin/${name}`));
  expect(without.detail).toContain('missing: nft ');
  expect(without.fix).toBe('apt-get install --no-install-recommends nftables');
});

describe.skipIf(process.platform !== 'linux')('on this host', () => {
  test('everything is answered, and whatever is not ok has a fix', {
    timeout: 60_000,
  }, async () => {
    const checks = await runChecks({
      leftOvers: async () => ['network namespace onsil-old'],
      now: new Date(0),
    });
    expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
    expect(checks.length).toBeGreaterThan(12);
    const unmended = checks.filter((check) => check.state !== 'ok' && check.fix === undefined);
    expect(unmended).toEqual([]);
    const states = Object.fromEntries(checks.map((check) => [check.id, check.state]));
    expect(states).toMatchObject({ node: 'ok', clock: 'failed', 'left-overs': 'warning' });
  });
});
