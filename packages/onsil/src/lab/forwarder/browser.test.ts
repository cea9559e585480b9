/** What only a real browser can tell: which cookies it keeps on plain http://*.localhost. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { findProgram } from '../host/programs.ts';
import { startForwarder } from './forwarder.ts';
import { listenLocal } from './port.ts';
import { identify, openSite } from './test-site.ts';

const executablePath = findProgram('chromium');
const DOMAIN = 'shop.example';
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test.skipIf(executablePath === undefined)(
  'Chromium keeps Secure and __Host- cookies, and its Origin passes for the site’s',
  async () => {
    const identity = await identify(DOMAIN);
    const site = await openSite(identity, (incoming, response) => {
      if (incoming.method === 'POST') {
        response.writeHead(303, {
          location: `https://${DOMAIN}/me`,
          'strict-transport-security': 'max-age=31536000; includeSubDomains',
          'content-security-policy': "default-src 'self'; upgrade-insecure-requests",
          'x-origin': String(incoming.headers.origin),
          'set-cookie': [
            '__Host-session=s; Path=/; Secure; HttpOnly; SameSite=Lax',
            `plain=${incoming.headers.origin}; Path=/; Secure; Domain=${DOMAIN}`,
          ],
        });
        response.end();
        return;
      }
      response.setHeader('content-type', 'text/html');
      const form = '<form method="post" action="/login"><button>log in</button></form>';
      response.end(`<p>${incoming.headers.cookie ?? 'none'}</p>${form}`);
    });
    closing.push(site.close);
    const { port, server } = await listenLocal(45_000 + (process.pid % 10_000));
    const forwarder = await startForwarder({
      name: 'shop',
      domain: DOMAIN,
      listener: server,
      resolve: () => '127.0.0.1',
      roots: () => [identity.root],
      port: site.port,
    });
    closing.push(forwarder.close);
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const browser: Browser = await chromium.launch({ executablePath: executablePath ?? '', args });
    closing.push(() => browser.close());

    const page = await browser.newPage();
    await page.goto(`http://shop.localhost:${port}/`);
    expect(await page.locator('p').textContent()).toBe('none');
    await page.getByRole('button').click();
    await page.waitForURL('**/me');
    expect(page.url()).toBe(`http://shop.localhost:${port}/me`);
    const cookies = `__Host-session=s; plain=https://${DOMAIN}`;
    expect(await page.locator('p').textContent()).toBe(cookies);
    // Had HSTS been kept, this would ask for HTTPS.
    await page.reload();
    expect(page.url()).toBe(`http://shop.localhost:${port}/me`);
    expect(await page.locator('p').textContent()).toBe(cookies);
  },
);
