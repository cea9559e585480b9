import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../process.ts';

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  /** File for what it prints. */
  readonly log: string;
  /** Of 127.0.0.1; it is ready when it accepts connections at each. */
  readonly ports: readonly number[];
  /** Milliseconds until it must be ready. */
  readonly timeout: number;
  /** It ended, asked for or not. */
  readonly onEnd: () => void;
}

export interface ChildProgram {
  readonly pid: number;
  /** Ends it, by force after two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a program that stays, as `lab/process.ts` starts those that end: an argument array,
 * no shell. What it prints goes to a file; memory stays bounded however long it runs.
 * Throws CommandError where it ends, or takes too long, before it is ready.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ChildProgram> {
  const log = await open(options.log, 'w');
  const child = spawn(program, args, {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const write = log.createWriteStream();
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      write.end();
      options.onEnd();
      resolve();
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(force);
  };
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      write.write(`${line}\n`);
      said = `${said}${line}\n`.slice(-8_192);
    });
  }
  const settled = new AbortController();
  const failure = new Promise<never>((_resolve, reject) => {
    const failed = (what: string, cause?: unknown) => {
      const output = { stdout: said, stderr: what };
      const code = child.exitCode ?? undefined;
      const why = cause === undefined ? undefined : { cause };
      reject(new CommandError([program, ...args], code, output, why));
    };
    child.once('error', (cause) => failed(cause.message, cause));
    child.once('close', () => failed(said));
    sleep(options.timeout, undefined, { signal: settled.signal }).then(
      () => failed(`${said}it is not ready after ${options.timeout} ms`),
      () => {},
    );
  });
  try {
    const ready = options.ports.map((port) => untilAccepts(port, settled.signal));
    await Promise.race([Promise.all(ready), failure]);
  } catch (cause) {
    if (child.pid === undefined) write.end();
    else await stop();
    throw cause;
  } finally {
    settled.abort();
  }
  // The daemon does not stay because of it.
  child.unref();
  return { pid: child.pid ?? 0, stop };
}

/** A program says that it listens before it does: asked again until it takes a connection. */
async function untilAccepts(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await accepts(port))) await sleep(10);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
