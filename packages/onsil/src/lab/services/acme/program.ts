import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { CommandError } from '../../process.ts';

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  /** File for what it prints. */
  readonly log: string;
  /** Of a line that says it is ready. */
  readonly ready: RegExp;
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
 * Throws CommandError where it ends, or says nothing, before it is ready.
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
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (what: string, cause?: Error) =>
        reject(
          new CommandError(
            [program, ...args],
            child.exitCode ?? undefined,
            {
              stdout: said,
              stderr: what,
            },
            cause === undefined ? undefined : { cause },
          ),
        );
      const timer = setTimeout(
        () => failed(`${said}it is not ready after ${options.timeout} ms`),
        options.timeout,
      );
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          write.write(`${line}\n`);
          said = `${said}${line}\n`.slice(-8_192);
          if (options.ready.test(line)) {
            clearTimeout(timer);
            resolve();
          }
        });
      }
      child.once('error', (cause) => {
        clearTimeout(timer);
        failed(cause.message, cause);
      });
      child.once('close', () => {
        clearTimeout(timer);
        failed(said);
      });
    });
  } catch (cause) {
    if (child.pid === undefined) write.end();
    else await stop();
    throw cause;
  }
  // The daemon does not stay because of it.
  child.unref();
  return { pid: child.pid ?? 0, stop };
}
