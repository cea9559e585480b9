/** The Ask view: what the command line answers is what it shows, and the lab says the same. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshots } from '../support/browser.ts';
import { onsil } from '../support/onsil.ts';
import { type Console, expectAccessible } from './console.ts';
import { drillsOf } from './drills.ts';

const heading = (tab: Page, name: string) => tab.getByRole('heading', { level: 2, name });
const field = (tab: Page, name: string) => tab.getByLabel(name, { exact: true });

/** As `onsil why` prints it, which exits with 1 where it is blocked. */
const why = async (...words: readonly string[]) => (await onsil(['why', ...words])).stdout;

/** Texts without the blanks that line columns up. */
async function linesOf(tab: Page, selector: string): Promise<readonly string[]> {
  const texts = await tab.locator(selector).allTextContents();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** Sends a packet. @returns how tall the page is before and after */
async function prove(tab: Page): Promise<readonly [before: unknown, after: unknown]> {
  const height = () => tab.evaluate('document.documentElement.scrollHeight');
  const before = await height();
  await tab.getByRole('button', { name: 'Send a packet in the lab' }).click();
  await tab.getByText('They agree.').waitFor();
  return [before, await height()];
}

export function askView(visit: () => Console): void {
  test('Ask: what is blocked has what blocks it and the smallest fix, and the lab agrees', async () => {
    const tab = await visit().page('/ask');
    await tab.getByRole('link', { name: 'internet → database tcp 3306' }).click();
    await heading(tab, 'Blocked internet → database tcp 3306').waitFor();
    expect(new URL(tab.url()).search).toBe('?from=internet&to=database&port=3306');

    const { outcomes, changes } = JSON.parse(await why('internet', 'database:3306', '--json'));
    await tab.locator('.ask-decides').getByText(outcomes[0].text, { exact: true }).waitFor();
    const texts = changes.map(({ text }: { readonly text: string }) => text);
    expect(await linesOf(tab, '.ask-fix li')).toEqual(texts);
    await tab.getByText('Proved: tried on a copy').waitFor();
    await tab.getByText('npx onsil why internet database:3306', { exact: true }).waitFor();

    const [before, after] = await prove(tab);
    expect(after).toBe(before);
    await tab.getByText('timeout: no answer').waitFor();
    await tab.getByText(/^10\.\d+\.\d+\.\d+ · 3\d{3} ms$/).waitFor();
    await tab.getByText(`npx onsil probe`).waitFor();
    await keepScreenshots(tab, 'console/ask-blocked');
    await expectAccessible(tab);
    await tab.close();
  });

  test('Ask: what is reachable has its way there and back, and the lab connects', async () => {
    const tab = await visit().page('/ask?from=api-1&to=database&port=3306');
    await heading(tab, 'Reachable api-1 → database tcp 3306').waitFor();
    const [there = '', back = ''] =
      (await why('api-1', 'database:3306')).split(/^ {2}there$/m)[1]?.split(/^ {2}back$/m) ?? [];
    const hops = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(hops(there).length).toBeGreaterThan(4);
    expect(await linesOf(tab, '[aria-label="There"] li')).toEqual(hops(there));
    expect(await linesOf(tab, '[aria-label="Back"] li')).toEqual(hops(back));
    expect(await linesOf(tab, '.is-decisive')).toEqual([
      'security group out app: everything to 0.0.0.0/0',
      'security group in database: tcp 3306 from app',
    ]);
    expect(await prove(tab)).toEqual([expect.anything(), expect.anything()]);
    await tab.getByText('connected: somebody answers there').waitFor();
    await keepScreenshots(tab, 'console/ask-reachable');
    await expectAccessible(tab);
    await tab.close();
  });

  test('Ask: it is asked by keyboard alone, and the address keeps the question', async () => {
    const tab = await visit().page('/ask');
    const isAt = (name: string) =>
      tab.evaluate(`document.activeElement.getAttribute('name') === '${name}'`);
    for (let presses = 0; presses < 20 && !(await isAt('from')); presses += 1) {
      await tab.keyboard.press('Tab');
    }
    await tab.keyboard.type('edge');
    for (const word of ['', 'web', '3000']) {
      await tab.keyboard.press('Tab');
      await tab.keyboard.type(word);
    }
    await tab.keyboard.press('Enter');
    await heading(tab, 'Reachable edge → web tcp 3000').waitFor();
    expect(await isAt('port')).toBe(true);
    await tab.reload();
    await heading(tab, 'Reachable edge → web tcp 3000').waitFor();
    expect(await field(tab, 'From').inputValue()).toBe('edge');

    await tab.getByRole('button', { name: 'Swap from and to' }).press('Enter');
    await heading(tab, 'Blocked web → edge tcp 3000').waitFor();
    await tab.goBack();
    await heading(tab, 'Reachable edge → web tcp 3000').waitFor();
    expect(await field(tab, 'To').inputValue()).toBe('web');
    await tab.close();
  });

  test('Ask: what cannot be asked is told beside the fields, and what cannot be sent is not', async () => {
    const tab = await visit().page('/ask?from=internet&to=edge');
    await heading(tab, 'Partly reachable internet → edge everything').waitFor();
    const send = tab.getByRole('button', { name: 'Send a packet in the lab' });
    expect(await send.isDisabled()).toBe(true);
    await tab.getByText('Name a TCP port: a connection is opened to one.').waitFor();
    await expectAccessible(tab);

    await field(tab, 'To').fill('databse');
    await field(tab, 'To').press('Enter');
    const alert = tab.getByRole('alert').filter({ hasText: /./ });
    await alert
      .filter({ hasText: 'There is nothing called "databse". There are: database.' })
      .waitFor();
    expect(await tab.evaluate('document.activeElement.name')).toBe('to');
    await field(tab, 'To').fill('database');
    await field(tab, 'Port').fill('70000');
    await field(tab, 'Port').press('Enter');
    await alert.filter({ hasText: 'A port is a number from 1 to 65535' }).waitFor();
    await field(tab, 'Port').fill('53');
    await tab.getByRole('combobox', { name: 'Protocol' }).selectOption('udp');
    await field(tab, 'Port').press('Enter');
    await heading(tab, 'Blocked internet → database udp 53').waitFor();
    expect(await alert.count()).toBe(0);
    await tab.getByText('A connection is opened by TCP only.').waitFor();
    await tab.close();
  });

  test('Ask: an answer is true after the region changed, and what the lab said before is gone', async () => {
    const tab = await visit().page('/ask?from=api-2&to=database&port=3306');
    await prove(tab);
    const drills = drillsOf(tab);
    try {
      await drills.begin(/inbound rule tcp 3306/);
      await heading(tab, 'Blocked api-2 → database tcp 3306').waitFor();
      await tab.getByText('The system has changed since').waitFor();
      await tab.getByText('They agree.').waitFor({ state: 'detached' });
    } finally {
      await drills.restore();
    }
    await heading(tab, 'Reachable api-2 → database tcp 3306').waitFor();
    await tab.close();
  });
}
