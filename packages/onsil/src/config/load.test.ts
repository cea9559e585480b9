import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(text: string): Promise<void> {
  await writeFile(join(folder, 'onsil.config.ts'), text);
}

async function problemsOf(): Promise<ConfigError> {
  const error: unknown = await loadConfig(folder).catch((thrown: unknown) => thrown);
  if (error instanceof ConfigError) return error;
  throw new Error('no ConfigError was thrown', { cause: error });
}

const CONFIG = `export default { name: 'shop', domain: 'shop.example',
  web: { source: './web' }, api: { source: 'api' } };`;

test('sources are resolved against the folder of the config', async () => {
  await mkdir(join(folder, 'web'));
  await mkdir(join(folder, 'api'));
  await write(CONFIG);
  const service = await loadConfig(folder);
  expect(service.web.source).toBe(join(folder, 'web'));
  expect(service.api.source).toBe(join(folder, 'api'));
});

test('sources that do not exist or are files are named, beside other errors', async () => {
  await writeFile(join(folder, 'api'), '');
  await write(CONFIG.replace("'shop'", "'Shop'"));
  expect((await problemsOf()).issues).toMatchObject([
    { path: 'name', given: '"Shop"' },
    { path: 'web.source', given: `"./web": ${join(folder, 'web')} does not exist` },
    { path: 'api.source', given: `"api": ${join(folder, 'api')} is not a folder` },
  ]);
});

test('a jar is a source for java only', async () => {
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'app.jar'), '');
  const jar = CONFIG.replace("'api' }", "'app.jar', runtime: 'java' }");
  await write(jar);
  expect((await loadConfig(folder)).api).toMatchObject({ runtime: 'java' });
  await write(jar.replace("'java'", "'node'"));
  expect((await problemsOf()).issues).toMatchObject([{ path: 'api.source' }]);
});

test('no config says where it was looked for', async () => {
  expect((await problemsOf()).message).toContain(`no onsil.config.ts in ${folder}`);
});

test('a config that does not parse keeps its cause', async () => {
  await write('export default {');
  const error = await problemsOf();
  expect(error.message).toContain('a file that does not load');
  expect(error.cause).toBeInstanceOf(Error);
});
