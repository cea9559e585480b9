import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { App } from './app.ts';
import { build, type Release } from './build.ts';
import { ReleaseError } from './error.ts';

let folder = '';
let cache = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsil-release-'));
  cache = join(folder, 'cache');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A build that counts how often it ran, in a file beside the source folder. */
const BUILD =
  'const fs = require("node:fs"); fs.mkdirSync("dist/public", { recursive: true });' +
  'fs.writeFileSync("dist/server.mjs", fs.readFileSync("server.txt"));' +
  'fs.writeFileSync("dist/public/a.txt", "a"); fs.appendFileSync("../builds", "x");';

function source(files: Readonly<Record<string, string>> = {}): string {
  return write('source', {
    'package.json': '{"scripts":{"build":"node build.cjs"}}',
    'build.cjs': BUILD,
    'server.txt': 'hello',
    ...files,
  });
}

function write(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

const app = (path: string): App => ({ id: 'api', source: path, runtime: 'node' });
const builds = () => readFileSync(join(folder, 'builds'), 'utf8').length;

async function contents({ path }: Release): Promise<Record<string, string>> {
  const entries = await unpackTar(zstdDecompressSync(readFileSync(path)));
  return Object.fromEntries(
    entries.map(({ header, data }) => [header.name, String(Buffer.from(data ?? []))]),
  );
}

test('a release holds dist, package.json and what it is', async () => {
  const release = await build(app(source()), { cache });
  const files = await contents(release);
  expect(Object.keys(files)).toEqual([
    'dist/public/a.txt',
    'dist/server.mjs',
    'package.json',
    'release.json',
  ]);
  expect(files['dist/server.mjs']).toBe('hello');
  const about = JSON.parse(files['release.json'] ?? '');
  expect(about).toMatchObject({ app: 'api', id: release.id });
  expect(about).not.toHaveProperty('gitSha');
  const digest = createHash('sha256').update('hello').digest('hex');
  expect(about.files['dist/server.mjs']).toBe(digest);
  const whole = createHash('sha256').update(readFileSync(release.path)).digest('hex');
  expect(release).toMatchObject({ sha256: whole, size: readFileSync(release.path).byteLength });
});

test('GNU tar reads it; nothing in it tells when or by whom it was made', async () => {
  const release = await build(app(source()), { cache });
  const tar = zstdDecompressSync(readFileSync(release.path));
  const listing = execFileSync('tar', ['tvf', '-', '--utc'], { input: tar, encoding: 'utf8' });
  const lines = listing.trim().split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).toMatch(/^-rw-r--r-- root\/root +\d+ 1970-01-01 00:00 /);
});

test('equal files make equal archives, wherever they are built', async () => {
  const first = await build(app(source()), { cache });
  const elsewhere = join(folder, 'elsewhere');
  cpSync(join(folder, 'source'), elsewhere, { recursive: true });
  const second = await build(app(elsewhere), { cache: join(folder, 'other-cache') });
  expect(builds()).toBe(2);
  expect(second.sha256).toBe(first.sha256);
  expect(second.id).toBe(first.id);
});

test('unchanged sources are not built again, whatever their times', async () => {
  const path = source();
  const first = await build(app(path), { cache });
  expect(await build(app(path), { cache })).toEqual(first);
  utimesSync(join(path, 'server.txt'), 1, 1);
  mkdirSync(join(path, 'node_modules/x'), { recursive: true });
  writeFileSync(join(path, 'node_modules/x/index.js'), 'ignored');
  writeFileSync(join(path, 'dist/server.mjs'), 'edited by hand');
  expect(await build(app(path), { cache })).toEqual(first);
  expect(builds()).toBe(1);
});

test('a changed source is built, also where size and time of the file stay', async () => {
  const path = source();
  const first = await build(app(path), { cache });
  utimesSync(join(path, 'server.txt'), 1, 1);
  await build(app(path), { cache });
  writeFileSync(join(path, 'server.txt'), 'HELLO');
  utimesSync(join(path, 'server.txt'), 1, 1);
  const second = await build(app(path), { cache });
  expect(builds()).toBe(2);
  expect((await contents(second))['dist/server.mjs']).toBe('HELLO');
  expect(second.id).not.toBe(first.id);
});

test('so are a new file, a removed one, a changed lockfile and a lost archive', async () => {
  const path = source();
  write('.', { 'package-lock.json': '{}' });
  await build(app(path), { cache });
  writeFileSync(join(path, 'new.txt'), '');
  await build(app(path), { cache });
  expect(builds()).toBe(2);
  rmSync(join(path, 'new.txt'));
  await build(app(path), { cache });
  expect(builds()).toBe(3);
  appendFileSync(join(folder, 'package-lock.json'), '\n');
  const { path: archive } = await build(app(path), { cache });
  expect(builds()).toBe(4);
  writeFileSync(archive, 'cut off');
  await build(app(path), { cache });
  expect(builds()).toBe(5);
  expect(readdirSync(dirname(archive)).filter((name) => name.includes('partial'))).toEqual([]);
});

test('a failing build shows the end of what it printed', async () => {
  const script = 'for (let n = 0; n < 100; n += 1) console.log("line " + n + "."); process.exit(3)';
  const error = await build(app(source({ 'build.cjs': script })), { cache }).catch(
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ReleaseError);
  expect(error.message).toContain(
    `The build of api failed: npm run build in ${folder}/source exited with 3`,
  );
  expect(error.message).toContain('line 99.');
  expect(error.message).not.toContain('line 50.');
  expect(error.cause).toMatchObject({ exitCode: 3 });
});

test('no build script, no package.json, no server, no folder: each says what to do', async () => {
  const failure = (path: string) => build(app(path), { cache }).catch((error) => String(error));
  const bare = write('bare', { 'package.json': '{}' });
  expect(await failure(bare)).toMatch(
    /api has no build script: .*package.json names none. Add one/,
  );
  expect(await failure(write('none', { 'a.txt': '' }))).toMatch(/package.json does not exist/);
  const broken = write('broken', { 'package.json': '{' });
  expect(await failure(broken)).toMatch(/broken\/package.json is not JSON/);
  const idle = source({ 'build.cjs': '' });
  expect(await failure(idle)).toMatch(/made no dist\/server.mjs in .*source. Have `npm run build`/);
  expect(await failure(join(folder, 'gone'))).toMatch(/source of api cannot be read: ENOENT/);
});

test('a link in dist is refused rather than left out', async () => {
  const path = source();
  mkdirSync(join(path, 'dist'));
  symlinkSync('/etc/hostname', join(path, 'dist/link'));
  await expect(build(app(path), { cache })).rejects.toThrow(
    /dist\/link is neither a file nor a folder/,
  );
});

test('java: a jar as it is, or the one that a build makes', async () => {
  const jar = join(write('java', { 'service.jar': 'a jar' }), 'service.jar');
  const java = (path: string): App => ({ id: 'api', source: path, runtime: 'java' });
  const first = await build(java(jar), { cache });
  expect(await contents(first)).toMatchObject({ 'app.jar': 'a jar' });
  writeFileSync(jar, 'another');
  const second = await build(java(jar), { cache });
  expect(await contents(second)).toMatchObject({ 'app.jar': 'another' });
  const built = source({ 'build.cjs': `${BUILD} fs.writeFileSync("dist/app.jar", "made");` });
  const third = await build(java(built), { cache });
  expect(Object.keys(await contents(third))).toEqual(['app.jar', 'release.json']);
  const empty = write('empty', { 'package.json': '{}' });
  await expect(build(java(empty), { cache })).rejects.toThrow(/or name a jar as the source of api/);
});

test('the commit is told where the sources are exactly its', async () => {
  const path = source({ '.gitignore': 'dist\n' });
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-C', path, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args],
      {
        encoding: 'utf8',
      },
    );
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const about = async () =>
    JSON.parse((await contents(await build(app(path), { cache })))['release.json'] ?? '');
  expect((await about()).gitSha).toBe(git('rev-parse', 'HEAD').trim());
  writeFileSync(join(path, 'server.txt'), 'not committed');
  expect(await about()).not.toHaveProperty('gitSha');
});
