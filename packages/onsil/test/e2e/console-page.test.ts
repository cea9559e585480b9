/** The console's page on the example's lab, in Chromium: each view, at both widths. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askView } from './console-page/ask.ts';
import { Console, down, expectAccessible, LAB } from './console-page/console.ts';
import { drillView } from './console-page/drill.ts';
import { flowView } from './console-page/flow.ts';
import { hostView } from './console-page/host.ts';
import { mapView } from './console-page/map.ts';
import { mapLive } from './console-page/map-live.ts';
import { matrixView } from './console-page/matrix.ts';
import { keepScreenshots } from './support/browser.ts';
import { tracesOf } from './support/host-state.ts';
import { succeed } from './support/onsil.ts';

let page: Console;
const visit = (): Console => page;

beforeAll(async () => {
  await down();
  await succeed(['up', '--lab', LAB, '--json']);
  page = await Console.open();
});
afterEach(async () => {
  await page.closeTabs();
  expect(page.errors()).toEqual([]);
});
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await down();
  expect(await tracesOf([LAB])).toEqual([]);
});

test('the frame names the lab and its views, in English and Korean', async () => {
  const tab = await visit().page('/');
  await tab.getByText('ready', { exact: true }).waitFor();
  await tab.getByRole('button', { name: '한국어' }).click();
  await tab.getByRole('link', { name: '훈련' }).click();
  expect(new URL(tab.url()).pathname).toBe('/drill');
  expect(await tab.getAttribute('html', 'lang')).toBe('ko');
  await tab.getByRole('button', { name: 'English' }).click();
  await tab.goBack();
  await tab.getByRole('link', { name: 'Map' }).and(tab.locator('[aria-current=page]')).waitFor();
  await keepScreenshots(tab, 'console/frame');
  await expectAccessible(tab);
  await tab.close();
});

hostView(visit);
flowView(visit);
drillView(visit);
askView(visit);
matrixView(visit);
mapView(visit);
mapLive(visit);
