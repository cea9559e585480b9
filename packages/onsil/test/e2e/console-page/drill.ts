/** The Drill view: what is broken on purpose breaks what it should, and comes back as it was. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../../src/lab/daemon/client.ts';
import type { Region } from '../../../src/region/region.ts';
import { keepScreenshots } from '../support/browser.ts';
import { statusOf } from '../support/onsil.ts';
import { type Console, exec, expectAccessible, LAB } from './console.ts';

const regionNow = (): Promise<Region> => ask<Region>(LAB, 'GET /region');

const NOTHING = 'Nothing: machines run, policies are kept, and the paths are those from before.';

const END_CONNECTIONS = `mariadb --skip-column-names -e "
  select concat('kill ', id, ';') from information_schema.processlist
  where user not in ('root', 'system user')" | mariadb`;

/** What the panel of that heading says. */
const panel = (tab: Page, name: RegExp) => tab.getByRole('region', { name });
const broken = (tab: Page) => panel(tab, /^Does not work now/);
const site = (tab: Page) => panel(tab, /^The site/);

async function restore(tab: Page, count: number): Promise<void> {
  await tab.getByRole('button', { name: 'Put everything back' }).click();
  await tab.getByText(`${count} put back.`).waitFor({ timeout: 60_000 });
  await broken(tab).getByText(NOTHING).waitFor({ timeout: 60_000 });
  await site(tab).getByText('The site answers: HTTP 200').waitFor({ timeout: 60_000 });
}

export function drillView(visit: () => Console): void {
  let open: Page | undefined;
  const drill = async (): Promise<Page> => {
    open = await visit().page('/drill');
    await broken(open).getByText(NOTHING).waitFor();
    return open;
  };
  afterEach(async () => {
    // Also where a test failed in the middle: all share one lab.
    await open?.evaluate(() =>
      fetch('/api/drill/restore', {
        method: 'POST',
        body: '{}',
        headers: { 'x-onsil-console': '1' },
      }),
    );
    await open?.close();
    open = undefined;
  });

  test('drill: the most instructive comes first, and nothing is to be put back', async () => {
    const tab = await drill();
    const stops = tab.getByRole('button', { name: /^Stop / });
    expect((await stops.allTextContents()).slice(0, 4)).toEqual(
      ['nat', 'api-1', 'api-2', 'edge'].map((name) => `Stop ${name}: stop ${name}`),
    );
    expect(await tab.getByRole('button', { name: 'Put everything back' }).isDisabled()).toBe(true);
    await site(tab).getByText('The site answers: HTTP 200').waitFor();
    await tab.getByRole('searchbox').fill('database 3306');
    expect(await tab.getByRole('button', { name: /^Stop / }).count()).toBe(0);
    expect(await tab.getByRole('button', { name: /^Revoke this rule/ }).count()).toBe(1);
  });

  test('drill: the NAT instance is stopped, what that breaks is told, and it comes back', async () => {
    const before = await regionNow();
    const tab = await drill();
    await tab.getByRole('button', { name: /^Stop nat/ }).click();
    await broken(tab).getByText('nat is stopped').waitFor({ timeout: 60_000 });
    await panel(tab, /^Broken on purpose/)
      .getByText(`npx onsil stop --lab ${LAB} nat`)
      .waitFor();
    await tab.getByRole('link', { name: '1 broken on purpose' }).waitFor();
    expect((await statusOf(LAB)).instances.find(({ name }) => name === 'nat')?.state).toBe(
      'stopped',
    );
    // It does not run: there is nothing to stop any more.
    expect(await tab.getByRole('button', { name: /^Stop nat/ }).count()).toBe(0);
    await restore(tab, 1);
    expect((await statusOf(LAB)).instances.map(({ state }) => state)).not.toContain('stopped');
    expect(await regionNow()).toEqual(before);
  });

  test('drill: a route is cut, and is in its place again afterwards', async () => {
    const before = await regionNow();
    const tab = await drill();
    await tab.getByRole('searchbox').fill('route nat app');
    await tab.getByRole('button', { name: /^Cut this route/ }).click();
    await broken(tab)
      .getByText(/^api-1 → internet: .* before, nothing now$/)
      .waitFor();
    expect(await regionNow()).not.toEqual(before);
    await restore(tab, 1);
    expect(await regionNow()).toEqual(before);
  });

  test('drill: without the rule of its database the site fails, and answers again with it', async () => {
    const before = await regionNow();
    const tab = await drill();
    await tab.getByRole('searchbox').fill('3306 database');
    await tab.getByRole('button', { name: /^Revoke this rule/ }).click();
    await broken(tab).getByText('api-1 → database: tcp 3306 before, nothing now').waitFor();
    await broken(tab)
      .getByText(/^api-1.* must reach database on tcp 3306$/)
      .waitFor();
    // What is open stays open, as on AWS: the database ends what the APIs have open.
    const ended = await exec('database', 'sh', '-c', END_CONNECTIONS);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    await site(tab)
      .getByText(/^The site fails: /)
      .waitFor({ timeout: 60_000 });
    await broken(tab)
      .getByText(/^https:.*\/api\/health: /)
      .waitFor({ timeout: 60_000 });
    await keepScreenshots(tab, 'console/drill');
    await expectAccessible(tab);
    await restore(tab, 1);
    expect(await regionNow()).toEqual(before);
    const page = await exec('internet', 'curl', '-sS', 'https://everydaehwa.net/api/health');
    expect(page.code).toBe(0);
  });
}
