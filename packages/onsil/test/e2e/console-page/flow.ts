/** The Flow view: what the lab decides is told as it happens, with what decides. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshots } from '../support/browser.ts';
import { onsil } from '../support/onsil.ts';
import { type Console, expectAccessible, LAB } from './console.ts';

const probe = (from: string, to: string) =>
  onsil(['probe', '--lab', LAB, '--timeout', '500', from, to]);

/** Rows of connections of one pair, e.g. `api-1 → database`. */
const rowsOf = (tab: Page, kind: 'accepted' | 'rejected', pair: string) =>
  tab.locator(`tr.${kind}`).filter({ hasText: pair });

const cellsOf = (row: Locator): Promise<string[]> => row.locator('td').allTextContents();

/** The connections that rows tell of, `×3` being three. */
async function countOf(tab: Page, kind: 'accepted' | 'rejected'): Promise<number> {
  const counts = await tab.locator(`tr.${kind} td.count`).allTextContents();
  return counts.reduce((sum, each) => sum + Number(each.slice(1) || 1), 0);
}

/** Sends until it is told: the lab is watched some time after the view is there. */
async function sendUntil(tab: Page, seen: string, from: string, to: string): Promise<void> {
  const row = tab.locator('tbody tr').filter({ hasText: seen }).first();
  for (;;) {
    await probe(from, to);
    const isThere = await row.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
}

export function flowView(visit: () => Console): void {
  test('flow: accepted and rejected connections are told with what decides', async () => {
    const tab = await visit().page('/flow?host=database');
    await tab.getByText('Nothing has happened since this view was opened.').waitFor();
    await sendUntil(tab, 'api-1 → database', 'api-1', 'database:3306');
    const accepted = rowsOf(tab, 'accepted', 'api-1 → database').first();
    expect((await cellsOf(accepted)).slice(1, 4)).toEqual([
      ...['accepted', 'api-1 → database', 'tcp 3306'],
    ]);
    expect((await cellsOf(accepted)).at(-1)).toContain('tcp 3306 from app');
    // The sender's gate lets it out, the receiver's does not let it in: one connection, rejected.
    await probe('api-1', 'database:22');
    const rejected = rowsOf(tab, 'rejected', 'api-1 → database').first();
    await rejected.waitFor();
    expect((await cellsOf(rejected)).slice(1, 4)).toEqual([
      ...['rejected', 'api-1 → database', 'tcp 22'],
    ]);
    const because = (await cellsOf(rejected)).at(-1);
    expect(because).toContain('no inbound rule of database: tcp 22 from api-1');
    expect(because).toContain('let through before: sg app out');
    const counts = await tab.locator('.flow-counts dd').allTextContents();
    expect(counts.map(Number)).toEqual([
      await countOf(tab, 'accepted'),
      await countOf(tab, 'rejected'),
    ]);
    await keepScreenshots(tab, 'console/flow');
    await expectAccessible(tab);
    await rejected.getByRole('link', { name: /^why/ }).click();
    expect(new URL(tab.url()).pathname + new URL(tab.url()).search).toBe(
      '/ask?from=api-1&to=database&port=22',
    );
    await tab.close();
  });

  test('flow: whose and which are in the address and in the shell line', async () => {
    const tab = await visit().page('/flow');
    await sendUntil(tab, 'internet → edge', 'internet', 'edge:22');
    await rowsOf(tab, 'rejected', 'internet → edge')
      .filter({ hasText: 'tcp 22' })
      .first()
      .waitFor();
    await tab.getByLabel('Host').selectOption('database');
    await sendUntil(tab, 'web → database', 'web', 'database:3306');
    await sendUntil(tab, 'nat → database', 'nat', 'database:3306');
    await tab.getByLabel('Rejected').check();
    await rowsOf(tab, 'accepted', 'web → database').first().waitFor({ state: 'detached' });
    expect(await rowsOf(tab, 'rejected', 'nat → database').count()).toBeGreaterThan(0);
    expect(new URL(tab.url()).search).toBe('?host=database&only=rejected');
    await tab.getByText(`npx onsil flow --lab ${LAB} database --rejected`).waitFor();
    await tab.reload();
    await tab.getByLabel('Rejected').and(tab.locator(':checked')).waitFor({ state: 'attached' });
    expect(await tab.getByLabel('Host').inputValue()).toBe('database');
    await tab.close();
  });

  test('flow: what comes while it is paused is counted, and shown afterwards', async () => {
    const tab = await visit().page('/flow?host=database');
    await sendUntil(tab, 'api-2 → database', 'api-2', 'database:3306');
    await tab.getByRole('button', { name: 'Pause' }).click();
    await tab.getByText('paused', { exact: true }).waitFor();
    const before = await tab.locator('tbody').textContent();
    await probe('bastion', 'database:22');
    await tab.getByText(/^\d+ more since$/).waitFor();
    expect(await tab.locator('tbody').textContent()).toBe(before);
    await tab.getByRole('button', { name: 'Go on' }).click();
    await rowsOf(tab, 'accepted', 'bastion → database').first().waitFor();
    await tab.close();
  });

  test('flow: a connection that is rejected is sent from the view itself', async () => {
    const tab = await visit().page('/flow?only=rejected');
    await tab.getByText('Send a connection', { exact: true }).click();
    await tab.getByRole('button', { name: /is rejected$/ }).click();
    await tab.getByText('nat → database:3306: timeout').waitFor();
    await tab.getByText(`npx onsil probe --lab ${LAB} nat database:3306`).waitFor();
    await rowsOf(tab, 'rejected', 'nat → database').first().waitFor();
    await tab.close();
  });
}
