/**
 * The one seam through which onsil starts other programs: argument arrays only, no shell.
 * A failure carries the command, its exit code and what it printed.
 */
import { spawn } from 'node:child_process';

export interface RunOptions {
  /** Written to standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly command: readonly string[];
  /** Absent where the program could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly output: Output;

  constructor(
    command: readonly string[],
    exitCode: number | undefined,
    output: Output,
    options?: ErrorOptions,
  ) {
    const said = (output.stderr.trim() || output.stdout.trim()).split('\n').slice(-8).join('\n');
    const how = exitCode === undefined ? 'did not finish' : `exited with ${exitCode}`;
    super(`${command.map(quote).join(' ')} ${how}${said === '' ? '' : `:\n${said}`}`, options);
    this.command = command;
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** Runs a program to its end. Throws CommandError unless it exits with 0. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Output> {
  const command = [program, ...args];
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    signal: options.signal,
  });
  const stdout = collect(child.stdout, options.onLine);
  const stderr = collect(child.stderr, options.onLine);
  // A program may end before it has read all of its input: its exit code tells, not EPIPE.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    const output = () => ({ stdout: stdout(), stderr: stderr() });
    child.on('error', (cause) => {
      // Told to end: it is over when it has ended, and 'close' follows.
      if (cause.name === 'AbortError') return;
      reject(
        new CommandError(command, undefined, { stdout: '', stderr: cause.message }, { cause }),
      );
    });
    child.once('close', (code) => {
      if (code === 0) resolve(output());
      else reject(new CommandError(command, code ?? undefined, output()));
    });
  });
}

function collect(
  stream: NodeJS.ReadableStream | null,
  onLine: ((line: string) => void) | undefined,
): () => string {
  let text = '';
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text += chunk;
    if (onLine === undefined) return;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return () => {
    if (rest !== '') onLine?.(rest);
    return text;
  };
}

/** An argument as a shell would need it; for messages only. */
export function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
