/** The picture as a page and as a PNG, in Chromium: no lab is asked. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { succeed } from './support/onsil.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-diagram-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a PNG is the picture at twice its size', async () => {
  const file = join(folder, 'system.png');
  await succeed(['diagram', '-o', file]);
  const scene = JSON.parse(await succeed(['diagram', '--json']));
  const bytes = await readFile(file);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBe(2 * scene.width);
  expect(bytes.readUInt32BE(20)).toBeGreaterThan(2 * scene.height);
  // An empty page of that size is much smaller.
  expect(bytes.length).toBeGreaterThan(60_000);
});

test('a page shows the path that is chosen, in the colours that the reader prefers', async () => {
  const file = join(folder, 'system.html');
  await succeed(['diagram', '-o', file, '--cost']);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(pathToFileURL(file).href);
    const shown = () => page.locator('.picture:visible').getAttribute('aria-label');
    expect(await shown()).toBe('Everything');
    await page.getByLabel('Requests', { exact: true }).first().check();
    expect(await shown()).toBe('Requests');
    const fill = () =>
      page.evaluate("getComputedStyle(document.querySelector('.picture.request .ground')).fill");
    const dark = await fill();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await fill()).toBe('rgb(255, 255, 255)');
    expect(dark).toBe('rgb(15, 19, 25)');
    await page.locator('summary').click();
    const pairs = await page.getByRole('row').count();
    const rows = JSON.parse(await succeed(['reach', '--json']));
    expect(pairs - 1).toBe(rows.length);
  } finally {
    await browser.close();
  }
});
