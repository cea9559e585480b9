/** What of the map tests look for. */
import type { Locator, Page } from 'playwright-core';

export const card = (tab: Page, name: string): Locator =>
  tab.getByRole('link', { name: new RegExp(`^${name} `) });
export const arrow = (tab: Page, from: string, to: string): Locator =>
  tab.locator(`.arrow[aria-label^="${from} → ${to}, "]`);
export const pair = (tab: Page, from: string, to: string): Locator =>
  tab
    .getByRole('table', { name: 'Arrows' })
    .getByRole('row')
    .filter({ has: tab.getByRole('link', { name: `Ask: ${from} → ${to}`, exact: true }) });
