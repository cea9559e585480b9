/** Drills by the page's own session, for views that show what they break. */
import type { Page } from 'playwright-core';
import type { DrillState } from '../../../src/console/api.ts';

export function drillsOf(tab: Page) {
  const call = (path: string, body?: unknown): Promise<DrillState> =>
    tab.evaluate(callInPage, [path, body] as const);
  return {
    /** Does the first one on offer that is called so. */
    begin: async (name: RegExp): Promise<void> => {
      const { offers } = await call('/api/drill');
      const offer = offers.find(({ text }) => name.test(text));
      if (offer === undefined) {
        throw new Error(`${name} is not among ${offers.map(({ text }) => text).join(', ')}.`);
      }
      await call('/api/drill', offer.request);
    },
    /** Puts everything back. */
    restore: (): Promise<DrillState> => call('/api/drill/restore', {}),
  };
}

async function callInPage([path, body]: readonly [path: string, body?: unknown]) {
  const headers = { 'x-onsil-console': '1', 'content-type': 'application/json' };
  const given = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(path, { headers, ...given });
  const answer: DrillState = JSON.parse(await response.text());
  return answer;
}
