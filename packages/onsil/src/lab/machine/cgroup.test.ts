import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../process.ts';
import { enterCgroup } from './cgroup.ts';
import { until } from './until.ts';

test('a program is in all its cgroups before it runs, as the same process, with its arguments', async () => {
  const folders = await Promise.all(
    ['unified a', 'systemd'].map((name) => mkdtemp(join(tmpdir(), `onsil-${name}-`))),
  );
  try {
    const command = ['/bin/sh', '-c', 'echo $$; printf "<%s>" "$@"', 'sh', '--', 'a b', '$x'];
    const [program = '', ...args] = enterCgroup(folders, command);
    const [pid, words] = (await run(program, args)).stdout.split('\n');
    for (const folder of folders) {
      expect(await readFile(join(folder, 'cgroup.procs'), 'utf8')).toBe(`${pid}\n`);
    }
    expect(words).toBe('<--><a b><$x>');
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true });
  }
});

test('without a cgroup to enter it just runs', async () => {
  const [program = '', ...args] = enterCgroup([], ['echo', 'here']);
  expect((await run(program, args)).stdout).toBe('here\n');
});

test('looking for something ends when it is there', async () => {
  let looks = 0;
  await until(async () => {
    looks += 1;
    return looks === 3;
  }, 'the third look');
  expect(looks).toBe(3);
});
