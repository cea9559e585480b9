import { spawn } from 'node:child_process';
import { ask } from '../../lab/daemon/client.ts';
import { UsageError } from '../errors.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';

/** Runs a command on an instance, or on an outside host. @returns the command's exit code */
export async function exec(
  instance: string,
  words: readonly string[],
  options: { readonly lab?: string },
): Promise<number> {
  const command = words[0] === '--' ? words.slice(1) : words;
  if (command.length === 0) {
    throw new UsageError(`What shall run? For a shell: onsil exec ${instance} -- bash`);
  }
  requireRoot('exec');
  const lab = await resolveLab(options.lab);
  const { command: wrapped } = await ask<{ command: readonly string[] }>(lab, 'POST /command', {
    instance,
    command,
    terminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
  });
  return runAttached(wrapped);
}

/**
 * Runs a program on this terminal. @returns its exit code, 128 + n where signal n ended it
 * @param env by default that of this process
 */
export function runAttached(command: readonly string[], env?: NodeJS.ProcessEnv): Promise<number> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...(env === undefined ? {} : { env }) });
    // A terminal interrupts the program itself, and this process waits for its end; who tells
    // this process alone to end means the program.
    const ignore = (): void => {};
    const end = (): void => void child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', end);
    const release = (): void => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', end);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      release();
      resolve(code ?? (signal === null ? 1 : 128 + signalNumber(signal)));
    });
  });
}

const signalNumber = (signal: NodeJS.Signals): number =>
  ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 })[signal as string] ?? 1;
