/** The Matrix view: all that `reach`, `check` and `check --unused` print, and nothing else. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshots, SIZES } from '../support/browser.ts';
import { onsil, succeed } from '../support/onsil.ts';
import { type Console, expectAccessible, LAB } from './console.ts';

interface Row {
  readonly from: string;
  readonly to: string;
  readonly services: string;
}

const [NARROW, WIDE] = SIZES;
const GRID = '.matrix-grid .pair:visible';
const LIST = '.matrix-list .pair:visible';

const reach = async (): Promise<readonly Row[]> => JSON.parse(await succeed(['reach', '--json']));
const textOf = ({ from, to, services }: Row): string => `${from} → ${to}: ${services}`;

/** What is shown, by the links' names. */
async function pairsOf(tab: Page, selector: string): Promise<readonly string[]> {
  await tab.locator(selector).first().waitFor();
  const links = await tab.locator(selector).all();
  const names = await Promise.all(links.map((link) => link.getAttribute('aria-label')));
  return names.map(String).sort();
}

/** The heads of each filled cell's row and column. */
const PLACES = `[...document.querySelectorAll('.matrix-grid td .pair')].map((pair) => {
  const cell = pair.closest('td');
  const table = cell.closest('table');
  return cell.parentElement.cells[0].textContent + ' → ' +
    table.rows[0].cells[cell.cellIndex].textContent;
})`;

export function matrixView(visit: () => Console): void {
  test('Matrix: every pair of reach is in the grid and in the list, and no other', async () => {
    const tab = await visit().page('/matrix');
    const rows = await reach();
    const wanted = rows.map(textOf).sort();
    expect(wanted.length).toBeGreaterThan(40);
    await tab.setViewportSize(WIDE);
    expect(await pairsOf(tab, GRID)).toEqual(wanted);
    const places: unknown = await tab.evaluate(PLACES);
    expect(places).toEqual(expect.arrayContaining(rows.map(({ from, to }) => `${from} → ${to}`)));
    expect(places).toHaveLength(rows.length);
    expect(await tab.locator(LIST).count()).toBe(0);
    await tab.setViewportSize(NARROW);
    expect(await pairsOf(tab, LIST)).toEqual(wanted);
    expect(await tab.locator(GRID).count()).toBe(0);

    const internet = tab.getByRole('table', { name: 'What the Internet can reach' });
    expect(await internet.getByRole('link').count()).toBe(
      rows.filter(({ from }) => from === 'internet').length,
    );
    await keepScreenshots(tab, 'console/matrix');
    await expectAccessible(tab);
    await tab.close();
  });

  test('Matrix: a filter is kept in the address, and a cell leads to Ask', async () => {
    const tab = await visit().page('/matrix');
    await tab.setViewportSize(WIDE);
    await tab.getByLabel('Name or port').fill('3306 database');
    const wanted = (await reach())
      .filter(({ to, services }) => to === 'database' && /\b3306\b/.test(services))
      .map(textOf);
    await tab.getByText(new RegExp(`^${wanted.length} of \\d+ pairs$`)).waitFor();
    expect(await pairsOf(tab, GRID)).toEqual(wanted.toSorted());
    expect(new URL(tab.url()).searchParams.get('filter')).toBe('3306 database');
    await tab.reload();
    expect(await pairsOf(tab, GRID)).toEqual(wanted.toSorted());
    await tab
      .locator(GRID)
      .and(tab.getByRole('link', { name: 'api-1 → database' }))
      .click();
    expect(new URL(tab.url()).search).toBe('?from=api-1&to=database&port=3306');
    await tab.getByRole('heading', { name: 'Reachable api-1 → database tcp 3306' }).waitFor();
    await tab.goBack();
    await tab.getByLabel('Name or port').fill('nobody');
    await tab.getByText('No pair has that name or port.').waitFor();
    await tab.close();
  });

  test('Matrix: policies and rules that can go are those of check', async () => {
    const tab = await visit().page('/matrix');
    const { policies, removable } = JSON.parse((await onsil(['check', '--json'])).stdout);
    const shown = tab.locator('.matrix-policies summary');
    await shown.first().waitFor();
    const texts = await shown.allInnerTexts();
    const verdicts = policies.map((each: Judged) => [each.verdict, each.text].join('\n'));
    expect(texts.map((text) => text.split('\n').slice(0, 2).join('\n')).sort()).toEqual(
      verdicts.sort(),
    );
    const first = tab.locator('.matrix-policies details').filter({ hasText: policies[0].text });
    await first.locator('summary').press('Enter');
    await first.getByText(`Why: ${policies[0].policy.why}`).waitFor();

    const rules = [...removable.needless, ...removable.unwanted].map(({ text }: Judged) => text);
    expect(rules.length).toBeGreaterThan(0);
    const summaries = tab.locator('.matrix-rules summary');
    expect(await summaries.allTextContents()).toEqual(rules);
    await summaries.first().press('Enter');
    const [{ proof }] = [...removable.needless, ...removable.unwanted];
    for (const line of proof) await tab.getByText(line).waitFor();
    await keepScreenshots(tab, 'console/matrix-open');
    await expectAccessible(tab);
    await tab.close();
  });

  test('Matrix: rules without a packet are those of check --unused', async () => {
    const tab = await visit().page('/matrix');
    const unused = async (): Promise<readonly string[]> => {
      const rules: readonly Unused[] = JSON.parse(
        await succeed(['check', '--unused', '--json', '--lab', LAB]),
      );
      return rules.map(({ of, text, inForce }) => `${of} | ${text} | ${inForce ? 'yes' : 'no'}`);
    };
    // Packets pass meanwhile: a rule that is used stays used.
    const before = await unused();
    const button = tab.getByRole('button', { name: 'Read the counters again' });
    await button.click();
    await button.and(tab.locator(':enabled')).waitFor();
    const rows = tab.getByRole('table', { name: 'Rules without a packet' }).locator('tbody tr');
    const shown = (await rows.allInnerTexts()).map((text) => text.split('\t').join(' | '));
    const after = await unused();
    expect(after.length).toBeGreaterThan(0);
    expect(before).toEqual(expect.arrayContaining(shown));
    expect(shown).toEqual(expect.arrayContaining([...after]));
    // Rules of two groups may read alike: none of them is missing.
    expect(shown.length).toBeGreaterThanOrEqual(after.length);
    expect(shown.length).toBeLessThanOrEqual(before.length);
    await tab.close();
  });
}

interface Judged {
  readonly verdict: string;
  readonly text: string;
}
interface Unused {
  readonly of: string;
  readonly text: string;
  readonly inForce: boolean;
}
