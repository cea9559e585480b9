import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EdgeOptions } from './edge-agent.ts';
import { startForwarder } from './forwarder.ts';
import { listenLocal } from './port.ts';
import { type Identity, identify, openSite, type Site } from './test-site.ts';

const DOMAIN = 'shop.example';
const HOST = 'shop.localhost';

let identity: Identity;
let site: Site;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  identity = await identify(DOMAIN);
  site = await openSite(identity, (incoming, response) => handle(incoming, response));
  closing.push(site.close);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a forwarder to the site. @returns its port */
async function forward(options: Partial<EdgeOptions> = {}): Promise<number> {
  const { port, server } = await listenLocal(30_000 + (process.pid % 20_000));
  const forwarder = await startForwarder({
    name: 'shop',
    domain: DOMAIN,
    listener: server,
    resolve: () => '127.0.0.1',
    roots: () => [identity.root],
    port: site.port,
    timeout: 2_000,
    ...options,
  });
  closing.push(forwarder.close);
  return port;
}

interface Visit {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function visit(port: number, { path = '/', method = 'GET', headers = {}, body }: Visit = {}) {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { host: `${HOST}:${port}`, ...headers },
  });
  outgoing.end(body);
  const [response]: IncomingMessage[] = await once(outgoing, 'response');
  if (response === undefined) throw new Error('no response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

test('asks the site by its own name, and adds no header of its own', async () => {
  handle = (incoming, response) => response.end(JSON.stringify(incoming.headers));
  const port = await forward();
  const origin = `http://${HOST}:${port}`;
  const { body } = await visit(port, { headers: { origin, referer: `${origin}/login` } });
  expect(JSON.parse(body)).toEqual({
    host: DOMAIN,
    origin: `https://${DOMAIN}`,
    referer: `https://${DOMAIN}/login`,
    connection: expect.any(String),
  });
  expect(site.names).toEqual([DOMAIN]);
});

test('keeps its connection to the site', async () => {
  handle = (_, response) => response.end('ok');
  const port = await forward();
  for (let n = 0; n < 3; n += 1) expect((await visit(port)).body).toBe('ok');
  expect(site.names).toHaveLength(1);
});

test('translates redirects and cookies, and drops HSTS', async () => {
  handle = (_, response) => {
    response.writeHead(303, {
      location: `https://${DOMAIN}/me`,
      'strict-transport-security': 'max-age=1',
      'set-cookie': ['__Host-session=1; Secure; Path=/; HttpOnly', `a=2; Domain=${DOMAIN}`],
    });
    response.end();
  };
  const port = await forward();
  const { status, headers } = await visit(port, { method: 'POST', body: 'x' });
  expect(status).toBe(303);
  expect(headers.location).toBe(`http://${HOST}:${port}/me`);
  expect(headers['set-cookie']).toEqual(['__Host-session=1; Secure; Path=/; HttpOnly', 'a=2']);
  expect(headers).not.toHaveProperty('strict-transport-security');
});

test('streams both ways: each side sees a piece before the other has ended', async () => {
  handle = (incoming, response) => {
    incoming.on('data', (piece: Buffer) => response.write(`<${piece}>`));
    incoming.on('end', () => response.end('end'));
  };
  const port = await forward();
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', headers: { host: HOST } });
  outgoing.write('one');
  const [response]: IncomingMessage[] = await once(outgoing, 'response');
  if (response === undefined) throw new Error('no response');
  const [first]: Buffer[] = await once(response, 'data');
  expect(String(first)).toBe('<one>');
  outgoing.write('two');
  const [second]: Buffer[] = await once(response, 'data');
  expect(String(second)).toBe('<two>');
  outgoing.end();
  expect(await text(response)).toBe('end');
});

test('passes WebSockets', async () => {
  site.server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `X-Origin: ${incoming.headers.origin}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  const port = await forward();
  const outgoing = request({
    host: '127.0.0.1',
    port,
    headers: {
      host: `${HOST}:${port}`,
      origin: `http://${HOST}:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
    },
  });
  outgoing.end();
  const [response, socket]: [IncomingMessage, Socket] = (await once(outgoing, 'upgrade')) as [
    IncomingMessage,
    Socket,
  ];
  expect(response.headers['x-origin']).toBe(`https://${DOMAIN}`);
  socket.write('ping');
  const [echo]: Buffer[] = await once(socket, 'data');
  expect(String(echo)).toBe('ping');
  socket.destroy();
});

test.each([HOST, `${HOST}:1234`, 'SHOP.localhost', 'localhost:9', '127.0.0.1'])(
  'answers for %s',
  async (host) => {
    handle = (_, response) => response.end('ok');
    expect((await visit(await forward(), { headers: { host } })).status).toBe(200);
  },
);

test.each([
  'evil.example',
  'other.localhost',
  'shop.localhost.evil.example',
  DOMAIN,
  '127.0.0.1.evil',
])('refuses to answer for %s (DNS rebinding)', async (host) => {
  handle = (_, response) => response.end('secret');
  const port = await forward();
  const answer = await visit(port, { headers: { host } });
  expect(answer).toMatchObject({ status: 421, body: expect.stringContaining(host) });
  const upgrade = { host, connection: 'Upgrade', upgrade: 'websocket' };
  expect((await visit(port, { headers: upgrade })).status).toBe(421);
  expect(site.names).toEqual([]);
});

test('each hop that fails is named', async () => {
  handle = (incoming) => incoming.socket.destroy();
  const hop = async (options: Partial<EdgeOptions>) =>
    JSON.parse((await visit(await forward(options))).body);
  expect(await hop({ resolve: () => undefined })).toMatchObject({ hop: 'name' });
  const other = (await identify(DOMAIN)).root;
  expect(await hop({ roots: () => [other] })).toMatchObject({
    hop: 'certificate',
    message: expect.stringContaining(`cannot prove to be ${DOMAIN}`),
  });
  expect(await hop({ domain: 'other.example' })).toMatchObject({ hop: 'certificate' });
  expect(await hop({})).toMatchObject({ error: 'bad_gateway', hop: 'answer' });
  const { port } = site;
  await site.close();
  expect(await hop({ port })).toMatchObject({
    hop: 'connection',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
});

test('one who says nothing at all is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  closing.push(() => silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await visit(await forward({ port, timeout: 50 }));
  expect(JSON.parse(answer.body).message).toContain('no answer within 50 ms');
});

test('people get a page, WebSockets a 502', async () => {
  const port = await forward({ resolve: () => undefined });
  const page = await visit(port, { headers: { accept: 'text/html,*/*' } });
  expect(page).toMatchObject({
    status: 502,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: expect.stringContaining('Hop that failed: <strong>name</strong>'),
  });
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  expect(await visit(port, { headers: upgrade })).toMatchObject({ status: 502 });
});

test('new roots are taken up without a restart', async () => {
  handle = (_, response) => response.end('ok');
  let roots: readonly string[] = [];
  const port = await forward({ roots: () => roots });
  expect((await visit(port)).status).toBe(502);
  roots = [identity.root];
  expect((await visit(port)).status).toBe(200);
});

test('an answer that breaks off midway is not made to look whole', async () => {
  handle = (_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => response.destroy());
  };
  await expect(visit(await forward())).rejects.toThrow('aborted');
});

test('another process forwards from the socket that this one opened', async () => {
  const { port, server, fd } = await listenLocal(25_000 + (process.pid % 5_000));
  const script =
    `const { startForwarder } = await import('${new URL('./forwarder.ts', import.meta.url)}');` +
    `await startForwarder({ name: 'shop', domain: '${DOMAIN}', listener: { fd: 3 },` +
    ' resolve: () => undefined, roots: () => [] }); console.log("ready");';
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  closing.push(() => other.kill());
  server.close();
  if (other.stdout === null) throw new Error('no output');
  await once(other.stdout, 'data');
  expect(JSON.parse((await visit(port)).body)).toMatchObject({ hop: 'name' });
});
