/** The servers as they are deployed: what `npm run build` made, each in a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';

/** Starts a server, hands over its address, and sees that it ends well. */
async function withServer(app, use) {
  const port = await freePort();
  // A port where no database is.
  const env = { ...process.env, PORT: String(port), DATABASE_PORT: String(await freePort()) };
  const child = spawn(process.execPath, [`${app}/dist/server.mjs`], { env, stdio: 'pipe' });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
  }
  assert.deepEqual(await ended, [0, null]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const ask = (url, method = 'GET') => fetch(url, { method, headers: { connection: 'close' } });

await test('the API says that it cannot serve while there is no database', async () => {
  await withServer('api', async (api) => {
    const health = await ask(`${api}/api/health`);
    assert.equal(health.status, 503);
    assert.equal((await health.json()).status, 'database-unavailable');
    assert.equal((await ask(`${api}/api/nothing`)).status, 404);
  });
});

await test('the web server has the page, and nothing that lies beside it', async () => {
  await withServer('web', async (web) => {
    const page = await ask(`${web}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<h1>@NAME@<\/h1>/);
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    assert.equal((await ask(`${web}/page.js`)).status, 200);
    assert.equal((await ask(`${web}/server.mjs`)).status, 404);
    assert.equal((await ask(`${web}/`, 'POST')).status, 404);
  });
});
