import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servePage } from './static.ts';

let around = '';
/** What is not built: there is no folder. */
let isBuilt = true;
const server = createServer(({ url = '' }, response) => {
  const folder = join(around, isBuilt ? 'dist' : 'none');
  void servePage(response, url, folder);
});

beforeAll(async () => {
  around = await mkdtemp(join(tmpdir(), 'onsil-page-'));
  await mkdir(join(around, 'dist/assets'), { recursive: true });
  const files = {
    'secret.json': 'secret',
    'dist/.sources': 'secret',
    'dist/index.html': 'the page',
    'dist/favicon.svg': 'a picture',
    'dist/assets/index-a_B1.js': 'a script',
    'dist/assets/style.css': 'a style',
    'dist/assets/style.css.map': 'secret',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(around, name), text);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(around, { recursive: true });
});

/** The path goes to the server as it is: fetch takes `..` out of it. */
async function get(path: string): Promise<readonly [number, string, string]> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (each: string) => {
        text += each;
      });
      const type = response.headers['content-type'] ?? '';
      response.once('end', () => resolve([response.statusCode ?? 0, type, text]));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

const PAGE = [200, 'text/html; charset=utf-8', 'the page'];

test.each([
  ['/assets/index-a_B1.js', 'text/javascript; charset=utf-8', 'a script'],
  ['/assets/style.css', 'text/css; charset=utf-8', 'a style'],
  ['/favicon.svg', 'image/svg+xml', 'a picture'],
])('%s is served as what it is', async (path, type, text) => {
  expect(await get(path)).toEqual([200, type, text]);
});

test.each(['/', '/index.html', '/hosts/api-1', '/hosts/10.0.0.1', '/flow', '/no/such/view'])(
  '%s is the page, which knows its views',
  async (path) => {
    expect(await get(path)).toEqual(PAGE);
  },
);

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/assets/..%2f..%2fsecret.json',
  '/%2e%2e/secret.json',
  '//secret.json',
  '/.sources',
  '/assets/style.css.map',
])('%s gives nothing but the page', async (path) => {
  expect(await get(path)).toEqual(PAGE);
});

test('what Vite has not made is not there, rather than the page in its place', async () => {
  expect((await get('/assets/gone.js')).slice(0, 2)).toEqual([404, 'text/plain; charset=utf-8']);
});

test('without a page, how to build it is told', async () => {
  isBuilt = false;
  const [status, , text] = await get('/hosts/api-1');
  isBuilt = true;
  expect([status, text]).toEqual([404, expect.stringContaining('npx onsil console')]);
});
