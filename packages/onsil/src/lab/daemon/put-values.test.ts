/** What calls put, over the ends of daemons. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

const cache = vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  const folder = fs.mkdtempSync(`${os.tmpdir()}/onsil-put-`);
  process.env['ONSIL_CACHE'] = folder;
  return folder;
});
const { forgetPutValues, putValues } = await import('./put-values.ts');

afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
});

const file = join(cache, 'labs', 'shop', 'put.json');
const OWN = [{ name: '/own', type: 'SecureString' as const, value: 'made' }];
const open = (region = 'ap-northeast-2') => putValues('shop', region, OWN);
const parameter = (name: string, value: string) => ({
  ...{ name, value, type: 'SecureString' as const, version: 1, lastModified: 5 },
});
const secret = (name: string) => ({
  ...{ name, arn: `arn:${name}`, tags: { a: 'b' }, createdAt: 1, changedAt: 2 },
  versions: [
    { id: 'v2', binary: new Uint8Array([0, 255]), createdAt: 2 },
    { id: 'v1', text: 'x', createdAt: 1 },
  ],
});

test('what the administrator put is there again, as it was; for root alone', async () => {
  const first = await open();
  await first.parameters.put(parameter('/a', 'one'), true);
  await first.parameters.put(parameter('/own', 'two'), true);
  await first.secrets.put(secret('s'), true);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
  const again = await open();
  expect([...again.parameters.list()]).toEqual([parameter('/own', 'two'), parameter('/a', 'one')]);
  expect([...again.secrets.list()]).toEqual([secret('s')]);
});

test('what an instance put goes with the daemon, but for what changes a value that lasts', async () => {
  const first = await open();
  await first.parameters.put(parameter('/theirs', 'x'), false);
  await first.secrets.put(secret('theirs'));
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  await first.parameters.put(parameter('/a', 'one'), true);
  await first.parameters.put(parameter('/a', 'two'), false);
  const again = await open();
  expect(again.parameters.get('/theirs')).toBeUndefined();
  expect(again.secrets.get('theirs')).toBeUndefined();
  expect(again.parameters.get('/a')?.value).toBe('two');
  expect(again.parameters.get('/own')?.value).toBe('made');
});

test('what is deleted does not come back', async () => {
  const first = await open();
  await first.parameters.put(parameter('/a', 'one'), true);
  await first.secrets.put(secret('s'), true);
  expect(await (await open()).parameters.delete('/a')).toBe(true);
  const again = await open();
  expect(again.parameters.get('/a')).toBeUndefined();
  expect(await again.secrets.delete('s')).toBe(true);
  expect(await again.secrets.delete('s')).toBe(false);
  expect([...(await open()).secrets.list()]).toEqual([]);
});

test('many at once are all written', async () => {
  const first = await open();
  const names = Array.from({ length: 20 }, (_, index) => `/p${index}`);
  await Promise.all(names.map(async (name) => first.parameters.put(parameter(name, name), true)));
  const again = await open();
  expect(names.every((name) => again.parameters.get(name)?.value === name)).toBe(true);
});

test('it is of one region, and goes with `down`', async () => {
  const first = await open();
  await first.parameters.put(parameter('/a', 'one'), true);
  expect((await open('eu-west-1')).parameters.get('/a')).toBeUndefined();
  await forgetPutValues('shop');
  await forgetPutValues('shop');
  expect((await open()).parameters.get('/a')).toBeUndefined();
});
