import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';

const index = '<!doctype html><title>에브리 대화</title>';
const script = 'console.log("안녕하세요")';
const entries: Readonly<Record<string, unknown>>[] = [];
let root: string;
let draining = false;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'everydaehwa-web-'));
  await mkdir(join(root, 'client/assets'), { recursive: true });
  await writeFile(join(root, 'secret'), 'not for the world');
  await writeFile(join(root, 'client/index.html'), index);
  await writeFile(join(root, 'client/favicon.svg'), '<svg/>');
  await writeFile(join(root, 'client/assets/app-abc.js'), script);
  await writeFile(join(root, 'client/assets/app-abc.js.gz'), gzipSync(script));
});
afterAll(() => rm(root, { recursive: true }));

function get(path: string, headers: Record<string, string> = {}) {
  const app = createApp({
    root: join(root, 'client'),
    instance: 'web',
    isDraining: () => draining,
    log: (entry) => entries.push(entry),
  });
  return app.request(path, { headers });
}

describe('the server of the page', () => {
  it.each(['/', '/signup'])(
    'answers the page %s with index.html, to be revalidated',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(index);
      expect(response.headers.get('Content-Type')).toMatch(/^text\/html; charset=utf-8/i);
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
    },
  );

  it('lets hashed files be kept for ever, and sends them compressed', async () => {
    const response = await get('/assets/app-abc.js', { 'Accept-Encoding': 'gzip' });
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('Content-Type')).toMatch(/^text\/javascript/);
    expect(response.headers.get('Content-Encoding')).toBe('gzip');
    expect(response.headers.get('Vary')).toBe('Accept-Encoding');
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(script);
    expect(await (await get('/assets/app-abc.js')).text()).toBe(script);
    expect((await get('/favicon.svg')).headers.get('Cache-Control')).toBe('no-cache');
  });

  it.each(['/assets/app-old.js', '/assets/none', '/robots.txt', '/assets/'])(
    'has no page for the missing file %s, not even for a browser',
    async (path) => {
      const response = await get(path, { Accept: 'text/html' });
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('Not found\n');
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
    },
  );

  it('answers a mistyped page with the page, but says 404', async () => {
    const response = await get('/singup', { Accept: 'text/html,*/*' });
    expect([response.status, await response.text()]).toEqual([404, index]);
    expect((await get('/singup', { Accept: '*/*' })).headers.get('Content-Type')).toMatch(/plain/);
  });

  it.each(['/../secret', '/assets/../../secret', '/%2e%2e/secret', '/assets/..%2f..%2fsecret'])(
    'leads to nothing outside its folder: %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('world');
    },
  );

  it('sends the security headers with everything, without a hole for inline code', async () => {
    for (const path of ['/', '/assets/app-abc.js', '/healthz', '/nothing']) {
      const { headers } = await get(path);
      expect(headers.get('Content-Security-Policy')).toContain(
        "script-src 'self'; style-src 'self'",
      );
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
    }
  });

  it('says whether it is healthy, and closes connections while it drains', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok', instance: 'web' });
    draining = true;
    const response = await get('/healthz');
    draining = false;
    expect(response.status).toBe(503);
    expect(response.headers.get('Connection')).toBe('close');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('logs each request without its query', async () => {
    await get('/signup?token=secret', { 'X-Request-Id': 'edge-0123' });
    expect(entries.at(-1)).toMatchObject({ requestId: 'edge-0123', path: '/signup', status: 200 });
    expect(JSON.stringify(entries)).not.toContain('secret?');
    expect(JSON.stringify(entries)).not.toContain('token');
  });
});
