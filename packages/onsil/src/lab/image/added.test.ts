/** Images that were added, as the cache has them. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

const cache = vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  const folder = fs.mkdtempSync(`${os.tmpdir()}/onsil-added-`);
  process.env['ONSIL_CACHE'] = folder;
  return folder;
});
const { findAddedImages } = await import('./added.ts');
const { cacheFolders } = await import('../layout.ts');

afterAll(() => rm(cache, { recursive: true, force: true }));

test('an image that is being removed is none any more, and the others are there', async () => {
  const folder = cacheFolders.addedImages;
  expect(folder.startsWith(cache)).toBe(true);
  await mkdir(join(folder, 'going', 'root'), { recursive: true });
  await mkdir(join(folder, 'there', 'root'), { recursive: true });
  const about = JSON.stringify({ key: '1', system: 'debian-12' });
  await writeFile(join(folder, 'there', 'image.json'), about);
  const whole = {
    name: 'there',
    key: '1',
    system: 'debian-12',
    folder: join(folder, 'there/root'),
  };
  expect(await findAddedImages()).toEqual([whole]);
});
