/** The real command line, as a child process: whole labs, real packets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TimedEvent } from '../../../src/lab/daemon/events.ts';
import type { LabStatus } from '../../../src/lab/daemon/status.ts';

/** The clone's root, which stands for its example. */
export const ROOT = join(import.meta.dirname, '../../../../..');
const PROGRAM = join(ROOT, 'packages/onsil/bin/onsil.mjs');

/** In the environment of every process that a test's lab starts outside of its machines. */
export const MARK = `ONSIL_E2E=${process.pid}`;

export interface Ended {
  /** 128 + n where signal n ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  /** Default: the clone's root. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the program, e.g. `unshare --net`. */
  readonly within?: readonly string[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as its standard output has the text; rejects when it ends without. */
  prints(text: string): Promise<void>;
}

/** Where this machine's owner says so: the cache's place, and who vouches for package registries. */
const KEPT = ['ONSIL_CACHE', 'NODE_EXTRA_CA_CERTS'];

/** Starts a command line and returns at once. */
export function start(args: readonly string[], options: Options = {}): Running {
  const [program = '', ...words] = [...(options.within ?? []), process.execPath, PROGRAM, ...args];
  const [name = '', value = ''] = MARK.split('=');
  const own = Object.fromEntries(
    KEPT.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  );
  const child = spawn(program, words, {
    cwd: options.cwd ?? ROOT,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C.UTF-8' },
      ...own,
      [name]: value,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code: typeof code === 'number' ? code : 128 + (signal === 'SIGKILL' ? 9 : 15),
    ...text,
  }));
  return {
    child,
    ended,
    prints: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.stdout.includes(wanted)) resolve();
        };
        child.stdout?.on('data', look);
        look();
        void ended.then(({ stdout, stderr }) =>
          reject(new Error(`It ended without ${JSON.stringify(wanted)}:\n${stdout}${stderr}`)),
        );
      }),
  };
}

/** Runs a command line to its end, whatever its exit code. */
export function onsil(args: readonly string[], options?: Options): Promise<Ended> {
  return start(args, options).ended;
}

/** Runs a command line that must succeed. @returns what it printed */
export async function succeed(args: readonly string[], options?: Options): Promise<string> {
  const { code, stdout, stderr } = await onsil(args, options);
  if (code === 0) return stdout;
  throw new Error(`onsil ${args.join(' ')} exited with ${code}:\n${stdout}${stderr}`);
}

/** The events of `up --json`, and whatever else it printed as JSON. */
export function parseEvents(stdout: string): readonly TimedEvent[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TimedEvent);
}

/** What `status --json` prints. */
export type PublicStatus = Pick<
  LabStatus,
  'lab' | 'ready' | 'seconds' | 'site' | 'instances' | 'managed'
>;

export async function statusOf(lab: string): Promise<PublicStatus> {
  return JSON.parse((await onsil(['status', '--lab', lab, '--json'])).stdout);
}

/** One lab's commands. */
export function labCommands(lab: string) {
  const of = (command: string, instance: string, words: readonly string[]) => [
    ...[command, '--lab', lab, instance, '--'],
    ...words,
  ];
  return {
    /** Runs a command as root on an instance, or on an outside host. */
    exec: (instance: string, ...words: readonly string[]) => onsil(of('exec', instance, words)),
    ssh: (instance: string, ...words: readonly string[]) => onsil(of('ssh', instance, words)),
    stop: (instance: string) => succeed(['stop', '--lab', lab, instance]),
    start: (instance: string) => succeed(['start', '--lab', lab, instance]),
    down: () => succeed(['down', '--lab', lab]),
  };
}
