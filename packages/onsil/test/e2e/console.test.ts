/** The console's server on a lab of two booted machines: what it shows is what really happens. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Calls, DrillState, Live, LogLine } from '../../src/console/api.ts';
import { ask } from '../../src/lab/daemon/client.ts';
import type { Region } from '../../src/region/region.ts';
import { tracesOf } from './support/host-state.ts';
import { labCommands, onsil, statusOf, succeed } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';
import { smallTemplate } from './support/templates.ts';
import { until } from './support/until.ts';

const LAB = 'e2e-console';
const { exec, down } = labCommands(LAB);
let folder: Folder;
let base = '';
let cookie = '';

async function call<Route extends keyof Calls>(
  route: Route,
  given: { readonly query?: string; readonly body?: unknown } = {},
): Promise<Calls[Route]['answer'] & { readonly message?: string }> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${base}${path}${given.query ?? ''}`, {
    method,
    headers: { cookie, origin: base, 'x-onsil-console': '1' },
    ...(method === 'POST' ? { body: JSON.stringify(given.body ?? {}) } : {}),
  });
  return response.json() as Promise<Calls[Route]['answer'] & { readonly message?: string }>;
}

/** Reads a stream until an event is as wanted. @returns all of them */
async function events<T>(
  path: string,
  isLast: (event: T) => boolean,
  begin: (count: number) => Promise<unknown> = async () => {},
): Promise<readonly T[]> {
  const stop = new AbortController();
  const response = await fetch(`${base}${path}`, { headers: { cookie }, signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const seen: T[] = [];
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event: T = JSON.parse(part.replace(/^data: /, ''));
        seen.push(event);
        if (isLast(event)) return seen;
        await begin(seen.length);
      }
    }
  } finally {
    stop.abort();
  }
  throw new Error(`The stream ended: ${JSON.stringify(seen.at(-1))}`);
}

const regionNow = (): Promise<Region> => ask<Region>(LAB, 'GET /region');

beforeAll(async () => {
  folder = await folderWith({});
  await down();
  const file = join(folder.path, 'template.json');
  await writeFile(file, smallTemplate([{ name: 'one' }, { name: 'two' }]));
  await succeed(['up', '--lab', LAB, '--template', file, '--json']);
  const { url } = JSON.parse(await succeed(['console', '--lab', LAB, '--json']));
  base = new URL(url).origin;
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(303);
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  await down();
  expect(await tracesOf([LAB])).toEqual([]);
  await folder[Symbol.asyncDispose]();
});

test('status names it; its address is good once, and without a session there is nothing', async () => {
  const status = JSON.parse((await onsil(['status', '--lab', LAB, '--json'])).stdout);
  expect(status.console).toBe(base);
  expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const path of ['/', '/api/state', '/api/live', '/api/logs?hosts=one']) {
    expect((await fetch(`${base}${path}`)).status).toBe(401);
  }
  const { url } = JSON.parse(await succeed(['console', '--lab', LAB, '--json']));
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);
});

test('the state has the machines, their groups as tables, and who reaches whom', async () => {
  const state = await call('GET /api/state');
  expect(state.commands).toEqual([`npx onsil status --lab ${LAB}`]);
  const own = Object.fromEntries((await statusOf(LAB)).instances.map((each) => [each.name, each]));
  expect(
    state.machines.map(({ name, privateIp, publicIp }) => [name, privateIp, publicIp]),
  ).toEqual(['one', 'two'].map((name) => [name, own[name]?.privateIp, own[name]?.publicIp]));
  expect(state.groups.find(({ members }) => members.includes('one'))?.ingress).toMatchObject([
    { peer: '0.0.0.0/0', service: 'tcp 22', why: '' },
  ]);
  expect(state.arrows).toContainEqual({
    from: 'one',
    to: 'two',
    family: 'ipv4',
    services: 'tcp 22',
  });
  const host = await call('GET /api/host', { query: '?name=two' });
  expect(host.reachedBy.find(({ from }) => from === 'one')?.decidedBy).toContainEqual(
    expect.stringContaining('tcp 22 from 0.0.0.0/0'),
  );
});

test('each second tells which packets were accepted and rejected, by pair and by rule', async () => {
  const probe = (to: string) =>
    onsil(['probe', '--lab', LAB, '--timeout', '500', '--json', 'one', to]);
  const isDone = ({ pairs }: Live) => pairs.some(({ rejected }) => rejected > 0);
  const seen = await events<Live>('/api/live', isDone, async (count) => {
    // The first one has come: from now on everything is counted.
    if (count === 1) await probe('two:22').then(() => probe('two:23'));
  });
  const sum = (of: 'accepted' | 'rejected'): number =>
    seen
      .flatMap(({ pairs }) => pairs.filter(({ from, to }) => from === 'one' && to === 'two'))
      .reduce((all, pair) => all + pair[of], 0);
  expect(sum('accepted')).toBe(1);
  expect(sum('rejected')).toBeGreaterThan(0);
  expect(seen[0]?.machines.map(({ name, state }) => [name, state])).toEqual([
    ['one', 'running'],
    ['two', 'running'],
  ]);
  const rules = seen.flatMap((each) => each.rules.map(({ text }) => text));
  expect(rules).toContain('tcp 22 from 0.0.0.0/0');
});

test('an answer of the model, and the packet that proves it', async () => {
  const good = { from: 'one', to: 'two', port: 22 };
  const answer = await call('POST /api/ask', { body: good });
  expect(answer.verdict).toBe('reachable');
  expect(answer.commands[0]).toMatch(/^npx onsil why one two:22 --template .*template\.json$/);
  const printed = await succeed([
    'why',
    '--json',
    ...(answer.commands[0] ?? '').split(' ').slice(3),
  ]);
  expect(JSON.parse(printed).verdict).toBe('reachable');
  expect(await call('POST /api/prove', { body: good })).toMatchObject({
    ...{ model: 'reachable', lab: { reached: true, outcome: 'connected' }, agree: true },
  });
  const bad = { from: 'one', to: 'two', port: 23 };
  expect(await call('POST /api/prove', { body: bad })).toMatchObject({
    ...{ model: 'blocked', lab: { reached: false, outcome: 'timeout' }, agree: true },
  });
  expect(await call('POST /api/ask', { body: { from: 'nobody', to: 'two' } })).toEqual({
    message: expect.stringContaining('There is nothing called "nobody"'),
  });
});

test('a terminal is a shell on the machine, of the size of the page', async () => {
  const socket = new WebSocket(
    `${base.replace('http', 'ws')}/api/terminal?host=two&columns=100&rows=30`,
    {
      headers: { cookie, origin: base },
    },
  );
  let text = '';
  const exit = Promise.withResolvers<unknown>();
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) text += data.toString('utf8');
    else exit.resolve(JSON.parse(data.toString('utf8')));
  });
  socket.once('error', exit.reject);
  const says = (wanted: RegExp) =>
    until(
      `${wanted}`,
      async () => text,
      (now) => wanted.test(now),
    );
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(Buffer.from('echo "[$(hostname)] $(stty size)"\n'));
  await says(/\] 30 100\r/);
  socket.send(JSON.stringify({ columns: 120, rows: 40 }));
  socket.send(Buffer.from('stty size; echo $TERM; id -u; exit 4\n'));
  expect(await exit.promise).toEqual({ exitCode: 4 });
  expect(text).toMatch(/40 120\r\nxterm-256color\r\n0\r\n/);
});

test('journals of several machines come as one', async () => {
  const log = (name: string) => exec(name, 'logger', `needle in ${name}`);
  await log('one');
  const isLast = ({ host }: LogLine) => host === 'two';
  // The line that is there comes first; then one that is written while it is followed.
  const path = '/api/logs?hosts=one,two&match=NEEDLE&lines=50';
  const seen = await events<LogLine>(path, isLast, () => log('two'));
  expect(seen).toMatchObject([
    { host: 'one', text: 'needle in one' },
    { host: 'two', text: 'needle in two' },
  ]);
});

test('a machine is stopped, started and restarted', async () => {
  const boot = async () => (await exec('two', 'cat', '/proc/sys/kernel/random/boot_id')).stdout;
  const before = await boot();
  expect(await call('POST /api/power', { body: { host: 'two', action: 'stop' } })).toMatchObject({
    commands: [`npx onsil stop --lab ${LAB} two`],
  });
  expect((await statusOf(LAB)).instances.map(({ state }) => state)).toEqual(['running', 'stopped']);
  expect(await call('POST /api/power', { body: { host: 'two', action: 'restart' } })).toEqual({
    message: 'two does not run.',
  });
  await call('POST /api/power', { body: { host: 'two', action: 'start' } });
  expect((await statusOf(LAB)).instances.map(({ state }) => state)).toEqual(['running', 'running']);
  expect(await boot()).not.toBe(before);
});

test('what a drill breaks is seen, by packets too, and comes back exactly as it was', async () => {
  const before = await regionNow();
  const { offers, done, broken: already } = await call('GET /api/drill');
  expect(done).toEqual([]);
  // Not those of the default VPC, in which nothing stands.
  const tables = (await call('GET /api/state')).routeTables.map(({ id }) => id);
  expect(
    offers.flatMap(({ request }) => (request.kind === 'cut-route' ? [request.routeTableId] : [])),
  ).toSatisfy((ids: readonly string[]) => ids.length > 0 && ids.every((id) => tables.includes(id)));
  const find = (text: RegExp) => {
    const offer = offers.find((each) => text.test(each.text));
    if (offer === undefined)
      throw new Error(`${text} is not among ${offers.map((each) => each.text)}`);
    return offer.request;
  };
  const ssh = { from: 'one', to: 'two', port: 22 };
  const broken = await call('POST /api/drill', { body: find(/^revoke inbound rule tcp 22/) });
  expect(broken.broken).toContainEqual({
    ...{ kind: 'path', text: 'one → two: tcp 22 before, nothing now' },
  });
  expect(broken.commands[0]).toContain('ec2 revoke-security-group-ingress');
  expect(await call('POST /api/prove', { body: ssh })).toMatchObject({
    ...{ model: 'blocked', lab: { reached: false }, agree: true },
  });
  await call('POST /api/drill', { body: find(/^cut route 0\.0\.0\.0\/0/) });
  const last = await call('POST /api/drill', { body: find(/^stop one$/) });
  expect(last.done.map(({ text }) => text)).toHaveLength(3);
  expect(last.broken).toContainEqual({ kind: 'machine', text: 'one is stopped' });
  expect(await regionNow()).not.toEqual(before);
  const restored: DrillState & { readonly commands?: readonly string[] } =
    await call('POST /api/drill/restore');
  expect(restored).toMatchObject({ done: [], broken: already });
  expect(restored.commands).toHaveLength(3);
  expect(await regionNow()).toEqual(before);
  expect(await call('POST /api/prove', { body: ssh })).toMatchObject({
    ...{ lab: { outcome: 'connected' }, agree: true },
  });
});
