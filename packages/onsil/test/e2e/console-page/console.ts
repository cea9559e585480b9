/** The console in a browser, on the example's lab: what the tests of all views share. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser, SIZES } from '../support/browser.ts';
import { labCommands, succeed } from '../support/onsil.ts';

/** Always the same: layers of provisioned machines are keyed on it. */
export const LAB = 'e2e-page';

export const { exec, stop, start, down } = labCommands(LAB);

/** A browser that the console let in. */
export class Console implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly base: string;
  /** What pages complained of since the last look. */
  #errors: string[] = [];

  private constructor(browser: Browser, context: BrowserContext, base: string) {
    this.#browser = browser;
    this.#context = context;
    this.base = base;
  }

  static async open(): Promise<Console> {
    const { url } = JSON.parse(await succeed(['console', '--lab', LAB, '--json']));
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: SIZES[1], locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(url);
    await page.close();
    return new Console(browser, context, new URL(url).origin);
  }

  /** A new tab at a view. */
  async page(path: string): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', ({ message }) => this.#errors.push(message));
    page.on('console', (message) => {
      // A failed call is told by the page itself, and the browser logs it once more.
      const isOwn = !message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && isOwn) this.#errors.push(message.text());
    });
    await page.goto(this.base + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  /** What went wrong in the pages; forgotten then. */
  errors(): readonly string[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  /** Those of a test that failed too: a browser has six connections to a server, streams among them. */
  async closeTabs(): Promise<void> {
    for (const page of this.#context.pages()) await page.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** No finding of axe that is serious or critical, at both widths, light and dark. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const found = await page.evaluate<readonly Finding[]>(
        `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => ({ id, at: nodes.map(({ target, failureSummary }) =>
            target + ': ' + failureSummary) })))`,
      );
      expect({ colorScheme, ...size, found }).toEqual({ colorScheme, ...size, found: [] });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

interface Finding {
  readonly id: string;
  readonly at: readonly string[];
}
