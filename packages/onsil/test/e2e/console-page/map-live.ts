/** The map follows what really happens in the lab. */
import { expect, test } from 'vitest';
import { onsil, statusOf } from '../support/onsil.ts';
import { ask } from '../support/site.ts';
import { type Console, LAB, start, stop } from './console.ts';
import { arrow, card, pair } from './map-page.ts';

/** Requests of the site, one after the other, until something is to be seen. */
async function whileAsked(path: string, seen: () => Promise<unknown>): Promise<void> {
  const { site } = await statusOf(LAB);
  let isSeen = false;
  const asking = (async () => {
    while (!isSeen) expect((await ask(site ?? '', path)).status).toBe(200);
  })();
  try {
    await seen();
  } finally {
    isSeen = true;
    await asking;
  }
}

export function mapLive(visit: () => Console): void {
  test('map: a machine that stops says so on its node, and comes back', async () => {
    const tab = await visit().page('/');
    await card(tab, 'api-2').getByText('running', { exact: true }).waitFor();
    await stop('api-2');
    try {
      await card(tab, 'api-2').getByText('stopped', { exact: true }).waitFor();
      await tab.getByRole('link', { name: /^api-2 instance stopped / }).waitFor();
      const { instances } = await statusOf(LAB);
      await tab.getByText(`${instances.length - 1}/${instances.length}`, { exact: true }).waitFor();
    } finally {
      await start('api-2');
    }
    await card(tab, 'api-2').getByText('running', { exact: true }).waitFor();
    await tab.close();
  });

  test('map: requests light their arrows, and are counted each second', async () => {
    const tab = await visit().page('/?table=1');
    await pair(tab, 'edge', 'gateway').waitFor();
    await whileAsked('/api/health', async () => {
      await arrow(tab, 'Internet', 'edge').and(tab.locator('[data-accepted]')).waitFor();
      await arrow(tab, 'edge', 'gateway').and(tab.locator('[data-accepted]')).waitFor();
      await pair(tab, 'edge', 'gateway').locator('td.number.good').first().waitFor();
      const requests = tab.locator('.vitals div').filter({ hasText: 'requests/s' }).locator('dd');
      await requests.filter({ hasText: /^[1-9]/ }).waitFor();
    });
    await tab.close();
  });

  test('map: rejected packets are seen on their arrow, or between two that have none', async () => {
    const tab = await visit().page('/?table=1');
    // From now on packets are told.
    await card(tab, 'bastion').getByText('running', { exact: true }).waitFor();
    const rejected = async (from: string, to: string) => {
      const { code } = await onsil(['probe', '--lab', LAB, '--timeout', '500', from, to]);
      expect(code).toBe(1);
    };
    await Promise.all([
      rejected('internet', 'bastion:22'),
      tab.getByRole('img', { name: 'rejected: internet to bastion' }).waitFor(),
    ]);
    await tab
      .getByRole('img', { name: 'rejected: internet to bastion' })
      .waitFor({ state: 'detached' });
    await Promise.all([
      rejected('bastion', 'database:3306'),
      arrow(tab, 'bastion', 'database').and(tab.locator('[data-rejected]')).waitFor(),
    ]);
    await pair(tab, 'bastion', 'database')
      .getByTitle(/^0 accepted, [1-9]\d* rejected$/)
      .waitFor();
    await tab.close();
  });
}
