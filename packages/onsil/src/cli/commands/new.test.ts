import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runMain } from '../testing.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-new-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a folder with everything, named after itself; what was taken is said', async () => {
  const target = join(folder, 'deep/My Shop');
  const { exitCode, stdout, stderr } = await runMain('new', target, '--no-install', '--apis', '3');
  expect(exitCode).toBe(0);
  expect(stderr).toBe(
    'Nothing was asked; taken is --name my-shop --domain my-shop.example --region ap-northeast-2\n',
  );
  expect(stdout).toContain('npm install');
  expect((await readdir(target)).toSorted()).toEqual([
    ...['.gitignore', 'README.md', 'api', 'onsil.config.ts', 'package.json'],
    ...['rolldown.config.mjs', 'test', 'web'],
  ]);
  const read = (file: string) => readFile(join(target, file), 'utf8');
  expect(await read('onsil.config.ts')).toContain("api: { source: './api', instances: 3 }");
  expect(await read('api/src/server.ts')).toContain("?? 'my_shop'");
  const names = await readdir(target, { recursive: true, withFileTypes: true });
  for (const entry of names.filter((each) => each.isFile())) {
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    expect(text, entry.name).not.toMatch(/@[A-Z]+@/);
  }
  // As any other folder that is made here.
  await mkdir(join(folder, 'other'));
  const [made, other] = [await stat(target), await stat(join(folder, 'other'))];
  expect(made.mode).toBe(other.mode);
  expect(await readdir(join(folder, 'deep'))).toEqual(['My Shop']);
});

test('an empty folder is filled', async () => {
  const target = join(folder, 'empty');
  await mkdir(target);
  const { exitCode, stdout } = await runMain('new', target, '--no-install', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ folder: target, name: 'empty', installed: false });
  expect(await readdir(target)).toContain('onsil.config.ts');
});

test.each([
  ['a folder with something in it', 'full', 'full is not empty: mine'],
  ['a file', 'full/mine', 'mine is a file'],
])('%s is refused, and stays as it is', async (_what, path, text) => {
  await mkdir(join(folder, 'full'), { recursive: true });
  await writeFile(join(folder, 'full/mine'), 'mine');
  const { exitCode, stderr } = await runMain('new', join(folder, path), '--no-install');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(text);
  expect(await readdir(join(folder, 'full'))).toEqual(['mine']);
  expect(await readFile(join(folder, 'full/mine'), 'utf8')).toBe('mine');
});

test.each([
  [['--name', 'My Shop'], 'name'],
  [['--domain', 'https://shop.example/'], 'domain'],
  [['--region', 'seoul'], 'region'],
])('%j is refused as the configuration would refuse it', async (words, field) => {
  const target = join(folder, 'refused/shop');
  const { exitCode, stderr } = await runMain('new', target, '--no-install', ...words);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`  ${field}\n    given: `);
  expect(await readdir(folder)).not.toContain('refused');
});

test('an install that fails leaves nothing, and says what npm said', async () => {
  // A registry at which nobody answers.
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  vi.stubEnv('npm_config_fetch_retries', '0');
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
  const { exitCode, stderr } = await runMain('new', join(folder, 'half/made'));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('npm install failed, and nothing was made. It says:');
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).toContain('With --no-install');
  expect(await readdir(folder)).not.toContain('half');
});
