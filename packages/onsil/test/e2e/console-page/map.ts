/** The map: all that is there and who reaches whom, priced, by keyboard too. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { keepScreenshots } from '../support/browser.ts';
import { statusOf, succeed } from '../support/onsil.ts';
import { type Console, expectAccessible, LAB } from './console.ts';
import { arrow, card } from './map-page.ts';

const opacity = (of: Locator): Promise<number> =>
  of.evaluate((element) =>
    Number(element.ownerDocument.defaultView?.getComputedStyle(element).opacity),
  );

export function mapView(visit: () => Console): void {
  test('map: every machine, and every pair of the proof, in the picture and in tables', async () => {
    const tab = await visit().page('/');
    await tab.getByRole('button', { name: 'Table' }).click();
    expect(new URL(tab.url()).search).toBe('?table=1');
    const { instances } = await statusOf(LAB);
    for (const { name, privateIp } of instances) {
      await tab
        .getByRole('link', { name: new RegExp(`^${name} .*running ${privateIp} `) })
        .waitFor();
    }
    const rows = (name: string) =>
      tab
        .getByRole('table', { name })
        .locator('tbody tr')
        .evaluateAll((all) =>
          all.map((row) =>
            [...row.querySelectorAll('th, td')].map((cell) => cell.firstChild?.textContent),
          ),
        );
    expect((await rows('Machines')).map(([name]) => name)).toEqual(
      instances.map(({ name }) => name),
    );
    const proof: readonly Row[] = JSON.parse(await succeed(['reach', '--json']));
    const known = proof.filter(({ unknown }) => unknown === undefined);
    const shown = (await rows('Arrows')).map(([from, to, services]) => `${from} ${to} ${services}`);
    expect(shown.toSorted()).toEqual(
      known.map(({ from, to, services }) => `${from} ${to} ${services}`).toSorted(),
    );
    expect(await tab.locator('.arrow').count()).toBe(known.length);
    await tab.close();
  });

  test('map: the bill is what onsil cost says; it opens and closes by keyboard', async () => {
    const { total } = JSON.parse(await succeed(['cost', '--json']));
    const tab = await visit().page('/');
    const price = tab.getByRole('button', { name: `$${total.toFixed(2)} a month` });
    await price.focus();
    await tab.keyboard.press('Enter');
    const bill = tab.getByRole('dialog', { name: 'The bill' });
    await bill.getByRole('row', { name: `Total $${total.toFixed(2)}` }).waitFor();
    await bill.getByText('npx onsil cost').waitFor();
    await tab.keyboard.press('Escape');
    await bill.waitFor({ state: 'detached' });
    await price.and(tab.locator(':focus')).waitFor();
    await tab.close();
  });

  test('map: a path stands out, and is in the address', async () => {
    const tab = await visit().page('/');
    await tab.getByRole('radio', { name: 'All' }).focus();
    await tab.keyboard.press('ArrowRight');
    expect(new URL(tab.url()).search).toBe('?path=request');
    await tab.reload();
    await tab.getByRole('radio', { name: 'Request', checked: true }).waitFor();
    await card(tab, 'edge').waitFor();
    const lit = [arrow(tab, 'edge', 'gateway'), card(tab, 'gateway')];
    const dim = [arrow(tab, 'bastion', 'gateway'), card(tab, 'bastion')];
    expect(await Promise.all(lit.map(opacity))).toEqual([1, 1]);
    expect((await Promise.all(dim.map(opacity))).every((each) => each < 0.5)).toBe(true);
    await tab.close();
  });

  test('map: an arrow and a node lead on, without a mouse', async () => {
    const tab = await visit().page('/');
    const first = tab.locator('.arrow[tabindex="0"]');
    await first.focus();
    const before = await first.getAttribute('data-id');
    await tab.keyboard.press('ArrowDown');
    const second = tab.locator('.arrow:focus');
    expect(await second.getAttribute('data-id')).not.toBe(before);
    expect(await second.getAttribute('class')).toContain('lit');
    const [ends = ''] = ((await second.getAttribute('aria-label')) ?? '').split(', ');
    await tab.keyboard.press('Enter');
    const panel = tab.getByRole('dialog', { name: ends });
    expect(
      await panel
        .getByRole('link', { name: /^Ask: / })
        .first()
        .getAttribute('href'),
    ).toMatch(/^\/ask\?from=.*&to=/);
    await tab.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await card(tab, 'api-1').focus();
    await tab.keyboard.press('Enter');
    expect(new URL(tab.url()).pathname).toBe('/hosts/api-1');
    await tab.close();
  });

  test('map: at both widths, light and dark', async () => {
    const tab = await visit().page('/');
    await card(tab, 'api-1').getByText('running', { exact: true }).waitFor();
    await keepScreenshots(tab, 'console/map');
    await expectAccessible(tab);
    await tab.close();
  });
}

interface Row {
  readonly from: string;
  readonly to: string;
  readonly services: string;
  readonly unknown?: string;
}
