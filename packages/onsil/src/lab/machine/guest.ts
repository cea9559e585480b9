/** Runs commands inside a machine as its root, which is nobody outside. */
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
