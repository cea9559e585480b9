/** Runs commands inside a machine as its root, which is nobody outside. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Output, type RunOptions, run } from '../process.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The argument array that runs a command in the machine whose process 1 is `leader`. */
export function guestCommand(leader: number, command: readonly string[]): readonly string[] {
  return [
    'nsenter',
    `--target=${leader}`,
    ...['--user', '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'],
    ...['--setuid=0', '--setgid=0', '--'],
    // In the machine's process namespace it is a child of nsenter's, and outlived it.
    ...['/usr/bin/setpriv', '--pdeathsig', 'HUP', '--'],
    ...['/usr/bin/env', '-i', `PATH=${PATH}`, 'HOME=/root', 'LANG=C.UTF-8', 'TERM=dumb'],
    ...command,
  ];
}

/** Runs a command in a machine to its end. Throws CommandError unless it exits with 0. */
export function runInGuest(
  leader: number,
  command: readonly string[],
  options: RunOptions = {},
): Promise<Output> {
  const [program = '', ...args] = guestCommand(leader, command);
  return run(program, args, options);
}

/** How long to wait before the next look, after `waited` ms: what takes long is looked at seldom. */
export const pauseAfter = (waited: number): number => Math.min(200, Math.max(5, waited / 10));

/**
 * Waits until there is a file of that path in a machine. Looks from outside: a hundred machines
 * that each start a program to look, many times a second, have no time for anything else.
 * Rejects when the machine is off.
 */
export async function appears(
  { leader, ended }: { readonly leader: number; readonly ended: Promise<void> },
  path: string,
): Promise<void> {
  const began = performance.now();
  let isOff = false;
  void ended.then(() => {
    isOff = true;
  });
  // Not what a link leads to: seen from here, that is ours.
  const isThere = (): Promise<boolean> =>
    lstat(join('/proc', String(leader), 'root', path)).then(
      () => true,
      () => false,
    );
  while (!(await isThere())) {
    if (isOff) throw new Error(`The machine was switched off before there was ${path}.`);
    await sleep(pauseAfter(performance.now() - began));
  }
}
