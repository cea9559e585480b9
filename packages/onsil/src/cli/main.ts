/** The command line: the one place that prints and decides exit codes. */
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { UsageError } from './errors.ts';
import { buildProgram } from './program.ts';
import { style } from './render/style.ts';

/**
 * Runs one command line (without `node` and the script).
 * @returns the exit code: 0 success, 1 failure, 2 a wrong command line
 */
export async function main(argv: readonly string[]): Promise<number> {
  const result = { exitCode: 0 };
  // `onsil … | head` closes the pipe early: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await buildProgram(result).parseAsync([...argv], { from: 'user' });
    return result.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const wantsJson = argv.includes('--json');
    report(error, wantsJson);
    return error instanceof UsageError ? 2 : 1;
  }
}

function report(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
  process.stderr.write(`${style(process.stderr, 'red', 'error')}  ${message}\n`);
  if (process.env['ONSIL_DEBUG'] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
    if (error.cause !== undefined) process.stderr.write(`caused by: ${inspect(error.cause)}\n`);
  }
}
