import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serviceOf } from '../blueprint/test-support.ts';

const { cache, made } = vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  const cache = fs.mkdtempSync(`${os.tmpdir()}/onsil-template-`);
  process.env['ONSIL_CACHE'] = cache;
  return { cache, made: [] as string[] };
});
vi.mock('../blueprint/synthesize.ts', () => ({
  synthesize: ({ name }: { name: string }) => {
    made.push(name);
    return { template: { Description: `${name} ${made.length}` } };
  },
}));

const { templateOf } = await import('./template.ts');
const folder = join(cache, 'templates');

beforeEach(() => {
  made.length = 0;
});
afterEach(async () => {
  await rm(cache, { recursive: true });
});

test('it is made once, kept, and the same text from then on', async () => {
  const service = serviceOf();
  const text = '{\n  "Description": "everydaehwa 1"\n}\n';
  expect(await templateOf(service)).toBe(text);
  expect(await templateOf(service)).toBe(text);
  expect(made).toEqual(['everydaehwa']);
  // No half-written file is left beside it.
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{24}\.json$/)]);
});

test('another configuration has another template', async () => {
  await templateOf(serviceOf());
  await templateOf(serviceOf({ name: 'shop' }));
  await templateOf(serviceOf({ region: 'us-east-1' }));
  expect(made).toEqual(['everydaehwa', 'shop', 'everydaehwa']);
  expect(await readdir(folder)).toHaveLength(3);
});

test('where nothing can be kept it is made again', async () => {
  await mkdir(cache, { recursive: true });
  await writeFile(folder, 'in the way');
  expect(await templateOf(serviceOf())).toContain('everydaehwa 1');
  expect(await templateOf(serviceOf())).toContain('everydaehwa 2');
});
