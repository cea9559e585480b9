/**
 * `npm test`: everything, with the count of it as the very last line.
 *
 *     npm test                      format and lint, types, core, lab, e2e
 *     npm test -- core              one or several of: checks, core, lab, e2e
 *     npm test -- src/reach         test files whose path contains this, of every layer
 *     npm test -- lab nftables      both
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InstallError, installPackages } from '../packages/onsil/src/lab/host/install.ts';
import { missingPackages } from '../packages/onsil/src/lab/host/packages.ts';
import {
  add,
  type Counts,
  countsOf,
  NOTHING,
  type Part,
  parseArguments,
  summary,
} from './counts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules/.bin', name);

async function main(args: readonly string[]): Promise<number> {
  const { parts, filters } = parseArguments(args);
  await installTestPackages();
  let counts = NOTHING;
  for (const part of parts) {
    const more = part === 'checks' ? await checks() : await layer(part, filters);
    counts = add(counts, more);
  }
  const failed = counts.failures.length;
  const ran = counts.passed + failed;
  if (ran === 0) console.error('\nNo test ran.');
  console.log(`\n${summary(counts)}`);
  return failed === 0 && ran > 0 ? 0 : 1;
}

/** What cannot be installed is said; tests that need it then say so themselves. */
async function installTestPackages(): Promise<void> {
  const needs = missingPackages(['tests']);
  try {
    const interactive = process.stdin.isTTY && process.env['CI'] === undefined;
    await installPackages(needs, { say: (text) => console.log(text), interactive });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.error(`${error.message}\n`);
  }
}

/** Format and lint, and types: one test each. */
async function checks(): Promise<Counts> {
  const pages = ['packages/onsil/src/console/web', 'examples/everydaehwa/web'];
  const commands: readonly (readonly [title: string, ...command: string[]])[] = [
    ['format and lint', bin('biome'), 'check', '.'],
    ['promises', bin('oxlint'), '--type-aware'],
    ['types', bin('tsc'), '-p', '.'],
    ...pages.map((page) => [`types of ${page}`, bin('tsc'), '-p', page] as const),
  ];
  let counts = NOTHING;
  for (const [title, program, ...args] of commands) {
    console.log(`\n${title}: ${['npx', program?.split('/').at(-1), ...args].join(' ')}`);
    const passed = (await live(program ?? '', args)) === 0;
    counts = add(counts, passed ? { ...NOTHING, passed: 1 } : { ...NOTHING, failures: [title] });
  }
  return counts;
}

/** One project of vitest.config.ts. */
async function layer(part: Exclude<Part, 'checks'>, filters: readonly string[]): Promise<Counts> {
  const obstacle = part === 'core' ? undefined : obstacleToLab();
  if (obstacle !== undefined) {
    const files = globSync(`packages/onsil/test/${part}/**/*.test.ts`, { cwd: root });
    const skipped = files.filter((file) => matches(file, filters)).length;
    console.log(`\n${part}: not run, ${obstacle}; ${skipped} test files are counted as skipped.`);
    return { ...NOTHING, skipped };
  }
  const folder = mkdtempSync(join(tmpdir(), 'onsil-test-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = ['run', '--project', `${part}*`, '--passWithNoTests', ...reporters, ...filters];
    const code = await live(bin('vitest'), vitest);
    const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
    return countsOf(part, text === undefined ? undefined : JSON.parse(text), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const matches = (file: string, filters: readonly string[]) =>
  filters.length === 0 || filters.some((filter) => file.includes(filter));

/** Why tests that boot machines cannot run here; undefined where they can. */
function obstacleToLab(): string | undefined {
  if (process.platform !== 'linux')
    return `it needs a Linux kernel and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root (sudo npm test)';
  const missing = missingPackages(['lab']).map((need) => need.program);
  return missing.length === 0 ? undefined : `these are not installed: ${missing.join(', ')}`;
}

/** Runs a program on this terminal. @returns its exit code */
function live(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main(process.argv.slice(2));
