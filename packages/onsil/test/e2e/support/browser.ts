/** Chromium, as Debian packages it. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findProgram } from '../../../src/lab/host/programs.ts';
import { ROOT } from './onsil.ts';

const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A desk's and a phone's. */
export const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
] as const;

export function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram('chromium') ?? findProgram('chromium-browser') ?? '';
  return chromium.launch({ executablePath, args: ARGS });
}

/** Screenshots below `artifacts/e2e`, for people to look at; nothing may stick out sideways. */
export async function keepScreenshots(page: Page, name: string): Promise<void> {
  const path = join(ROOT, 'artifacts', 'e2e', name);
  await mkdir(dirname(path), { recursive: true });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.width);
    await page.screenshot({ path: `${path}-${size.width}.png` });
  }
}
