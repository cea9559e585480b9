/** The control socket, and the client at its other end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, events, isDaemon, NoDaemonError, readStatus } from './client.ts';
import { type Handler, serveControl } from './control.ts';

const place = vi.hoisted(() => ({ root: '' }));
vi.mock('../layout.ts', () => ({
  labFolders: (lab: string) => ({
    run: `${place.root}/${lab}`,
    socket: `${place.root}/${lab}/daemon.sock`,
  }),
}));

let closings: (() => Promise<void>)[] = [];
let socket = '';

beforeEach(async () => {
  place.root = await mkdtemp(join(tmpdir(), 'onsil-control-'));
  await mkdir(join(place.root, 'shop'));
  socket = join(place.root, 'shop', 'daemon.sock');
});
afterEach(async () => {
  for (const close of closings) await close();
  closings = [];
  await rm(place.root, { recursive: true });
});

async function serve(routes: Readonly<Record<string, Handler>>): Promise<void> {
  closings.push(await serveControl(socket, routes));
}

describe('a request', () => {
  test('is answered by the handler of its method and path, with its body', async () => {
    await serve({
      'POST /echo': async (body, respond) => respond.json({ body }),
      'GET /echo': async (body, respond) => respond.json({ none: body === undefined }),
    });
    expect(await ask('shop', 'POST /echo', { text: '온실' })).toEqual({ body: { text: '온실' } });
    expect(await ask('shop', 'GET /echo')).toEqual({ none: true });
  });
  test('that fails gives the message of the failure', async () => {
    await serve({
      'GET /fails': async () => {
        throw new Error('There is no instance "x".');
      },
    });
    await expect(ask('shop', 'GET /fails')).rejects.toThrow(/^There is no instance "x"\.$/);
  });
  test('for which there is no handler fails', async () => {
    await serve({ 'GET /status': async (_body, respond) => respond.json({}) });
    await expect(ask('shop', 'GET /other')).rejects.toThrow('GET /other failed.');
    await expect(ask('shop', 'POST /status')).rejects.toThrow('POST /status failed.');
  });
  test('to a lab that is not up is a NoDaemonError, whatever a dead daemon left', async () => {
    await expect(ask('shop', 'GET /status')).rejects.toThrow(NoDaemonError);
    // A socket file without a listener.
    const bind = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await once(spawn(process.execPath, ['-e', bind]), 'exit');
    expect((await stat(socket)).isSocket()).toBe(true);
    const error: unknown = await ask('shop', 'GET /status').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoDaemonError);
    expect(error).toMatchObject({
      ...{ message: 'No lab shop is up.', cause: { code: 'ECONNREFUSED' } },
    });
    // The next daemon takes its place.
    await serve({ 'GET /status': async (_body, respond) => respond.json('new') });
    expect(await ask('shop', 'GET /status')).toBe('new');
  });
});

test('only root may connect', async () => {
  await serve({});
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
});

describe('a stream of events', () => {
  async function* streamed(): AsyncGenerator<unknown> {
    yield* events('shop');
  }

  test('gives each event as it comes, to its end', async () => {
    const opened = Promise.withResolvers<ServerResponse>();
    await serve({ 'GET /events': async (_body, respond) => opened.resolve(respond.stream()) });
    const iterator = streamed();
    const first = iterator.next();
    const stream = await opened.promise;
    stream.write('{"kind":"step","at":1}\n{"kind":"war');
    expect((await first).value).toEqual({ kind: 'step', at: 1 });
    stream.end('ning","at":2}\n');
    expect((await iterator.next()).value).toEqual({ kind: 'warning', at: 2 });
    expect((await iterator.next()).done).toBe(true);
  });
  test('that is cut off is no end', async () => {
    await serve({ 'GET /events': async (_body, respond) => void respond.stream().write('{}\n') });
    const iterator = streamed();
    await iterator.next();
    const rest = iterator.next();
    rest.catch(() => {});
    for (const close of closings.splice(0)) await close();
    await expect(rest).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
  test('of a handler that fails on the way is cut off', async () => {
    await serve({
      'GET /events': async (_body, respond) => {
        respond.stream().write('{}\n');
        throw new Error('too late to say');
      },
    });
    const iterator = streamed();
    await expect(iterator.next().then(() => iterator.next())).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});

describe('the status in a file', () => {
  let child: ChildProcess;
  /** A process that looks like the daemon of the lab `shop` in the kernel's list. */
  async function likeDaemon(): Promise<number> {
    const script = 'echo ready; read line';
    child = spawn('/bin/sh', ['-c', script, '/opt/onsil/src/lab/daemon/main.ts', 'shop']);
    if (child.stdout !== null) await once(child.stdout, 'data');
    return child.pid ?? 0;
  }
  const write = (text: string) => writeFile(join(place.root, 'shop', 'status.json'), text);

  test('counts while its daemon lives', async () => {
    const pid = await likeDaemon();
    await write(JSON.stringify({ lab: 'shop', pid }));
    expect(await readStatus('shop')).toEqual({ lab: 'shop', pid });
    const gone = once(child, 'close');
    child.stdin?.end();
    await gone;
    expect(await readStatus('shop')).toBeUndefined();
  });
  test('of another process that got the same id does not', async () => {
    await write(JSON.stringify({ lab: 'shop', pid: process.pid }));
    expect(await readStatus('shop')).toBeUndefined();
  });
  test('is none where no file is', async () => {
    expect(await readStatus('shop')).toBeUndefined();
  });
  test("another lab's daemon is not this one's", async () => {
    const pid = await likeDaemon();
    expect(await isDaemon(pid, 'shop')).toBe(true);
    expect(await isDaemon(pid, 'sho')).toBe(false);
    expect(await isDaemon(pid, 'other')).toBe(false);
    child.stdin?.end();
  });
});
