import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const LOCKFILE = JSON.stringify({
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true, os: ['plan9'] },
    'node_modules/c': { link: true },
  },
});
/** An npm that takes its time, notes each call, and leaves what npm leaves. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls', process.argv.slice(2, 3) + '\\n');
if (fs.existsSync('broken')) { console.error('npm error network'); process.exit(4); }
setTimeout(() => {
  fs.mkdirSync('node_modules', { recursive: true });
  fs.writeFileSync('node_modules/.package-lock.json', fs.readFileSync('package-lock.json'));
}, 200);
`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onsil-install-'));
  writeFileSync(join(root, 'package-lock.json'), LOCKFILE);
  writeFileSync(join(root, 'npm.cjs'), NPM);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const calls = () =>
  existsSync(join(root, 'calls'))
    ? readFileSync(join(root, 'calls'), 'utf8').split('\n').length - 1
    : 0;

async function ensure(): Promise<{ readonly answer: string; readonly said: string }> {
  const module = new URL('./install.mjs', import.meta.url).href;
  const script = `console.log(await (await import('${module}')).ensurePackages(process.argv[1]))`;
  const env = {
    ...process.env,
    npm_execpath: join(root, 'npm.cjs'),
    npm_node_execpath: process.execPath,
  };
  return ended(
    spawn(process.execPath, ['--input-type=module', '-e', script, root], { env, stdio: 'pipe' }),
  );
}

function ended(child: ChildProcess): Promise<{ readonly answer: string; readonly said: string }> {
  let [answer, said] = ['', ''];
  child.stdout?.on('data', (text) => {
    answer += text;
  });
  child.stderr?.on('data', (text) => {
    said += text;
  });
  return new Promise((resolve) =>
    child.once('close', () => resolve({ answer: answer.trim(), said })),
  );
}

test('installs once, in one line, and then not again', async () => {
  const first = await ensure();
  expect(first.answer).toBe('true');
  expect(first.said).toMatch(/^installing 1 packages … done in [\d.]+ s\n$/);
  expect(await ensure()).toEqual({ answer: 'true', said: '' });
  expect(calls()).toBe(1);
});

test('two at once: one installs, the other waits for it', async () => {
  const both = await Promise.all([ensure(), ensure()]);
  expect(both.map(({ answer }) => answer)).toEqual(['true', 'true']);
  expect(calls()).toBe(1);
  expect(both.filter(({ said }) => said.startsWith('installing'))).toHaveLength(1);
});

test('another lockfile is installed; what is there already needs nothing', async () => {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules/.package-lock.json'), LOCKFILE);
  await ensure();
  expect(calls()).toBe(0);
  writeFileSync(join(root, 'package-lock.json'), LOCKFILE.replace('1.0.0', '1.0.1'));
  await ensure();
  expect(calls()).toBe(1);
});

test('a failure shows what npm said and what to do, and nothing counts as installed', async () => {
  writeFileSync(join(root, 'broken'), '');
  const failure = await ensure();
  expect(failure.answer).toBe('false');
  expect(failure.said).toMatch(/failed\nnpm error network\n\nnpm ci failed in .* \(exit code 4\)/);
  rmSync(join(root, 'broken'));
  expect((await ensure()).answer).toBe('true');
});

test('the program that is run in place gives its exit code and its signal', async () => {
  const module = new URL('../packages/onsil/bin/node24.mjs', import.meta.url).href;
  const outcome = (body: string, signal?: NodeJS.Signals) =>
    new Promise((resolve) => {
      const script = `process.exitCode = await (await import('${module}')).runInPlace(process.execPath, ['-e', ${JSON.stringify(body)}])`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (signal !== undefined) child.stdout?.once('data', () => child.kill(signal));
      child.once('exit', (code, by) => resolve(by ?? code));
    });
  expect(await outcome('process.exit(7)')).toBe(7);
  expect(await outcome('process.kill(process.pid, "SIGKILL")')).toBe('SIGKILL');
  const careful =
    'process.on("SIGTERM", () => process.exit(9)); console.log("up"); setInterval(() => {}, 1e6)';
  expect(await outcome(careful, 'SIGTERM')).toBe(9);
});
