/** The hosts' view: tables of rules, power, merged logs, terminals. */
import type { Locator, Page } from 'playwright-core';
import { expect, onTestFailed, test } from 'vitest';
import { keepScreenshots } from '../support/browser.ts';
import { onsil, succeed } from '../support/onsil.ts';
import { type Console, exec, expectAccessible, LAB } from './console.ts';

const APIS = ['api-1', 'api-2'] as const;

/** Machines boot, and what else takes a while on a busy machine. */
const BOOT = { timeout: 60_000 };
const SOON = { timeout: 30_000 };

export function hostView(visit: () => Console): void {
  test('all hosts are listed, and one is chosen from another at both widths', async () => {
    const tab = await visit().page('/hosts');
    const row = tab.getByRole('row').filter({ hasText: 'bastion' });
    await row.getByText('running', { exact: true }).waitFor();
    await row.getByRole('cell', { name: /^t4g\.nano \d+\.\d\d$/ }).waitFor();
    await row.getByRole('link', { name: 'bastion' }).click();
    await tab.getByRole('heading', { level: 1, name: 'bastion' }).waitFor();
    const side = tab.getByRole('navigation', { name: 'Hosts' });
    await side.getByRole('link', { name: 'nat' }).click();
    await tab.getByRole('heading', { level: 1, name: 'nat' }).waitFor();
    await tab.setViewportSize({ width: 390, height: 844 });
    await tab.getByRole('combobox', { name: 'Host' }).selectOption('database');
    await tab.getByRole('heading', { level: 1, name: 'database' }).waitFor();
    expect(new URL(tab.url()).pathname).toBe('/hosts/database');
    await tab.goto(`${visit().base}/hosts/nobody`);
    await tab.getByText('There is no host called nobody.').waitFor();
    await tab.close();
  });

  test('groups are tables of source, port and why, and count what each rule took', async () => {
    const tab = await visit().page('/hosts/database');
    const rule = tab
      .getByRole('table', { name: 'Inbound rules of database' })
      .getByRole('row')
      .filter({ hasText: 'tcp 3306' });
    await rule.getByRole('cell', { name: 'queries of the API' }).waitFor();
    await rule.getByRole('link', { name: 'api-1' }).waitFor();
    // The health check of the edge opens none: this does.
    await tab.getByText('running', { exact: true }).first().waitFor();
    const packets = rule.getByRole('cell').last();
    const before = Number(await packets.textContent());
    await succeed(['probe', '--lab', LAB, 'api-1', 'database:3306']);
    const after = async () => Number(await packets.textContent());
    await expect.poll(after, SOON).toBeGreaterThan(before);
    await rule.getByRole('link', { name: 'api-1' }).click();
    await tab.getByRole('heading', { level: 1, name: 'api-1' }).waitFor();
    await tab.close();
  });

  test('who may reach a host is told with the rules that let it, and can be asked', async () => {
    const tab = await visit().page('/hosts/database');
    const table = tab.getByRole('table', { name: 'Who may reach it' });
    const row = table.getByRole('row').filter({ has: tab.getByRole('link', { name: 'api-1' }) });
    await row.getByText(/^security group in\s+database: tcp 3306 from app$/).waitFor();
    expect(await row.getByRole('cell', { name: 'tcp 3306', exact: true }).count()).toBe(1);
    await tab.getByText('npx onsil reach --to database').waitFor();
    await row.getByRole('link', { name: 'Ask' }).click();
    const { pathname, searchParams } = new URL(tab.url());
    expect([pathname, Object.fromEntries(searchParams)]).toEqual([
      ...['/ask', { from: 'api-1', to: 'database', port: '3306' }],
    ]);
    await tab.close();
  });

  test('a machine is stopped and started again, and the page says so', async () => {
    // Whoever comes next needs it.
    onTestFailed(async () => void (await onsil(['start', '--lab', LAB, 'api-2'])));
    const tab = await visit().page('/hosts/api-2');
    const power = tab.getByRole('group', { name: 'Power of api-2' });
    const facts = tab.getByRole('definition');
    await facts.getByText('running', { exact: true }).waitFor();
    expect(await power.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await press(power.getByRole('button', { name: 'Stop' }));
    await facts.getByText('stopped', { exact: true }).waitFor(BOOT);
    await tab.getByText(`npx onsil stop --lab ${LAB} api-2`).waitFor(BOOT);
    expect(await tab.evaluate('document.activeElement.textContent')).toBe('Stop');
    await tab.getByText('Off, and so without new lines: api-2.').waitFor();
    expect(await tab.getByRole('button', { name: 'Open terminal' }).isDisabled()).toBe(true);
    await press(power.getByRole('button', { name: 'Start', exact: true }));
    await tab.getByText(`npx onsil start --lab ${LAB} api-2`).waitFor(BOOT);
    await facts.getByText('running', { exact: true }).waitFor(BOOT);
    await facts.getByText('done', { exact: true }).waitFor(BOOT);
    await tab.close();
  });

  test('lines of two machines come merged, and a text hides the others', async () => {
    const tab = await visit().page('/hosts?log=api-1&log=api-2');
    const lines = linesOf(tab);
    await lines.getByRole('listitem').first().waitFor();
    const word = `merged-${Date.now()}`;
    for (const name of APIS) await exec(name, 'logger', '-p', 'user.err', `${word} at ${name}`);
    for (const name of APIS) {
      const line = lines.getByRole('listitem').filter({ hasText: `${word} at ${name}` });
      await line.getByText('error', { exact: true }).waitFor();
      await line.getByText(name, { exact: true }).waitFor();
    }
    const filter = tab.getByRole('searchbox', { name: 'Lines with' });
    await filter.fill(`${word} at api-2`);
    await expect.poll(() => lines.getByRole('listitem').count(), SOON).toBe(1);
    expect(new URL(tab.url()).searchParams.get('match')).toBe(`${word} at api-2`);
    await tab.getByText('| grep -iF').waitFor();
    await filter.fill('');
    await lines.getByText(`${word} at api-1`).waitFor();
    await tab.getByRole('checkbox', { name: 'api-1' }).uncheck();
    await lines.getByText(`${word} at api-2`).waitFor();
    expect(await lines.getByText(`${word} at api-1`).count()).toBe(0);
    await tab.getByRole('button', { name: 'Pause' }).click();
    await exec('api-2', 'logger', `${word} later`);
    await tab.getByRole('button', { name: /^Follow \(\d+ new\)$/ }).click();
    await lines.getByText(`${word} later`).waitFor();
    await tab.close();
  });

  test('a terminal answers, is left by Shift+Tab, ends, and is opened again', async () => {
    const tab = await visit().page('/hosts/api-1');
    const hostname = await hostnameOn(tab);
    await openTerminal(tab);
    await answers(tab, 'hostname', hostname);
    await tab.keyboard.press('Shift+Tab');
    const opener = tab.getByRole('button', { name: 'Close terminal' });
    expect(await tab.evaluate('document.activeElement.textContent')).toBe('Close terminal');
    await tab.getByRole('textbox', { name: 'Terminal of api-1' }).focus();
    await tab.setViewportSize({ width: 390, height: 844 });
    await answers(tab, 'stty size', /^\d+ [345]\d$/m);
    await tab.keyboard.type('exit 7\n');
    await tab.getByText('The shell has ended with exit code 7.').waitFor();
    await tab.getByRole('button', { name: 'Open again' }).click();
    await screenOf(tab)
      .getByText(/[#$]\s*$/)
      .first()
      .waitFor();
    await answers(tab, 'echo again $((40 + 2))', /^again 42$/m);
    await opener.click();
    await tab.getByRole('button', { name: 'Open terminal' }).waitFor();
    await tab.close();
  });

  test.each([
    ['admin', 'hostname -I', /198\.51\.100\.10/],
    ['internet', 'echo $((40 + 2))', /^42$/m],
  ] as const)('%s, who is outside, has a shell too', async (name, line, answer) => {
    const tab = await visit().page(`/hosts/${name}`);
    await openTerminal(tab);
    await answers(tab, line, answer);
    expect(await tab.getByRole('heading', { name: 'Logs' }).count()).toBe(0);
    await tab.getByRole('table', { name: 'Whom it may reach' }).waitFor();
    await tab.close();
  });

  test('it is accessible, with an open terminal too', async () => {
    const tab = await visit().page('/hosts');
    await linesOf(tab).getByRole('listitem').first().waitFor();
    await keepScreenshots(tab, 'console/hosts');
    await expectAccessible(tab);
    await tab.goto(`${visit().base}/hosts/database`);
    await tab.getByRole('table', { name: 'Inbound rules of database' }).waitFor();
    await keepScreenshots(tab, 'console/host');
    await expectAccessible(tab);
    await openTerminal(tab);
    await answers(tab, 'hostname', await hostnameOn(tab));
    await keepScreenshots(tab, 'console/host-terminal');
    await expectAccessible(tab);
    await tab.close();
  });
}

/** By the keyboard, as somebody does who has no mouse. */
async function press(button: Locator): Promise<void> {
  // Waits until it can be pressed, and does not press.
  await button.click({ trial: true });
  await button.focus();
  await button.press('Enter');
}

const linesOf = (tab: Page): Locator => tab.getByRole('region', { name: 'Lines of the journals' });

const screenOf = (tab: Page): Locator => tab.locator('.xterm-rows');

async function openTerminal(tab: Page): Promise<void> {
  await press(tab.getByRole('button', { name: 'Open terminal' }));
  await screenOf(tab)
    .getByText(/[#$]\s*$/)
    .first()
    .waitFor();
}

/** As EC2 names a machine after its address, which the page shows. */
async function hostnameOn(tab: Page): Promise<RegExp> {
  const address = tab.getByRole('definition').filter({ hasText: /^10\.0\.\d+\.\d+$/ });
  const name = (await address.textContent())?.replaceAll('.', '-');
  return new RegExp(`^ip-${name}$`, 'm');
}

async function answers(tab: Page, line: string, wanted: RegExp): Promise<void> {
  await tab.keyboard.type(`${line}\n`);
  const shown = async () => (await screenOf(tab).locator('> div').allTextContents()).map(trimmed);
  await expect.poll(async () => (await shown()).join('\n'), SOON).toMatch(wanted);
}

const trimmed = (text: string): string => text.replaceAll('\u00a0', ' ').trimEnd();
