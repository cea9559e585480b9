/**
 * Finds a Node that runs onsil's TypeScript, and runs programs with it. Plain JavaScript for
 * Node 20: this is what runs before anything newer is known to be there.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

const OLDEST_MAJOR = 24;

/** True where the running Node is new enough. */
export function isNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR;
}

/**
 * The program of a Node that is new enough: the one that npm installed, or the running one.
 * @param {string} from a file or URL from which packages are looked up
 * @returns {string | undefined} undefined where neither is there
 */
export function findNode(from) {
  try {
    const name = `node-${process.platform}-${process.arch}/package.json`;
    // Resolved links: the program outlives a node_modules that is laid anew.
    return realpathSync(join(dirname(createRequire(from).resolve(name)), 'bin', 'node'));
  } catch {
    return isNewEnough() ? process.execPath : undefined;
  }
}

/**
 * Runs a program on this terminal and ends as it does: same exit code, same signal.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function runInPlace(program, args, env = process.env) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  // A terminal sends these two to every process in front of it: the child has them already.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const pass = (signal) => child.kill(signal);
  const stay = () => {};
  const handlers = new Map([
    ['SIGINT', onTerminal ? stay : pass],
    ['SIGQUIT', onTerminal ? stay : pass],
    ['SIGTERM', pass],
    ['SIGHUP', pass],
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
