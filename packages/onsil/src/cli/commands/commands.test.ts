/** Commands against a daemon that answers as it is told, over a real socket. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serveControl } from '../../lab/daemon/control.ts';
import type { FlowEvent, FlowLoss } from '../../lab/daemon/flow.ts';
import type { LabStatus } from '../../lab/daemon/status.ts';
import type { Usage } from '../../lab/daemon/usage.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';
import { runMain } from '../testing.ts';

const place = vi.hoisted(() => ({ root: '' }));
vi.mock('../../lab/layout.ts', async (original) => ({
  ...(await original<typeof import('../../lab/layout.ts')>()),
  labFolders: (lab: string) => ({
    run: `${place.root}/${lab}`,
    state: `${place.root}/state/${lab}`,
    socket: `${place.root}/${lab}/daemon.sock`,
    log: `${place.root}/${lab}/daemon.log`,
  }),
}));

const STATUS: LabStatus = {
  ...{ lab: 'shop', project: '/shop', service: 'shop', ready: true, phase: 'ready', seconds: 4 },
  ...{ site: null, endpoint: null, console: null, managed: [], pid: process.pid },
  instances: [
    {
      ...{ name: 'api-1', id: 'i-1', state: 'running', setup: 'done', privateIp: '10.0.0.5' },
      ...{ publicIp: null, subnet: 'app', securityGroups: ['app'], purpose: 'answers' },
      reason: null,
      image: { ami: 'ami-1', name: null, os: null, runs: 'debian-12', standsIn: true },
    },
  ],
};

const { region: REGION } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24')
  .group('app', 'vpc-1', [rule('tcp 8080', 'app')], [])
  .instance('api-1', { subnet: 'subnet-1', ip: '10.0.0.5', groups: ['app'] })
  .instance('api-2', { subnet: 'subnet-1', ip: '10.0.0.6', groups: ['app'] });

const IN: Usage['decider'] = {
  kind: 'security-group',
  direction: 'ingress',
  rule: { groupId: 'app', ruleId: 'sgr-tcp 8080-app' },
};
const USAGE: readonly Usage[] = [{ decider: IN, inForce: true, packets: 0, bytes: 0 }];
const PACKET = { protocol: 6, source: '10.0.0.5', destination: '10.0.0.6', bytes: 60 };
const EVENTS: readonly FlowEvent[] = [
  {
    ...{ time: 0, decider: IN, accepted: true, from: 'eni-api-1', to: 'eni-api-2' },
    packet: { ...PACKET, sourcePort: 40_000, destinationPort: 8080 },
  },
  {
    ...{ time: 0, decider: { kind: 'address' }, accepted: false, from: 'eni-api-1' },
    packet: { ...PACKET, destination: '10.0.0.9', sourcePort: 40_000, destinationPort: 22 },
  },
];

let close: () => Promise<void>;
/** What else the lab tells of its packets, behind the first event. */
let losses: readonly FlowLoss[] = [];
/** Requests that came, in order. */
let asked: unknown[] = [];

beforeEach(async () => {
  place.root = await mkdtemp(join(tmpdir(), 'onsil-commands-'));
  await mkdir(join(place.root, 'shop'));
  asked = [];
  losses = [];
  const answer = (value: unknown) => async (body: unknown, respond: { json(v: unknown): void }) => {
    asked.push(body);
    respond.json(value);
  };
  close = await serveControl(join(place.root, 'shop', 'daemon.sock'), {
    'GET /status': async (_body, respond) => respond.json(STATUS),
    'GET /region': async (_body, respond) => respond.json(REGION),
    'GET /counters': async (_body, respond) => respond.json(USAGE),
    'GET /flow': async (_body, respond) => {
      const told = [...EVENTS.slice(0, 1), ...losses, ...EVENTS.slice(1)];
      respond.stream().end(told.map((event) => `${JSON.stringify(event)}\n`).join(''));
    },
    'POST /command': answer({ command: ['/bin/sh', '-c', 'exit 3'] }),
    'POST /ssh': answer({ command: ['/bin/sh', '-c', 'kill -9 $$'] }),
    'POST /stop': answer({}),
    'POST /probe': async (body, respond) => {
      asked.push(body);
      const { from, targets } = body as { from: string; targets: { to: string; port: number }[] };
      const outcome = targets[0]?.to === 'database' ? 'timeout' : 'connected';
      respond.json([{ from, ...targets[0], outcome, ms: 12, address: '10.0.0.7' }]);
    },
  });
  vi.spyOn(process, 'getuid').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
  await rm(place.root, { recursive: true });
});

test.each([
  [['api-1', '--', 'ls', '--lab', '-n']],
  // From the first word that is no option of ours on, all belongs to the command.
  [['api-1', 'ls', '--lab', '-n']],
])('exec %j hands over the command, and ends as it does', async (words) => {
  const { exitCode } = await runMain('exec', '--lab', 'shop', ...words);
  expect(exitCode).toBe(3);
  expect(asked).toMatchObject([{ instance: 'api-1', command: ['ls', '--lab', '-n'] }]);
});

test('ssh needs no command; one that a signal ended gives 128 and its number', async () => {
  expect((await runMain('ssh', '--lab', 'shop', 'api-1')).exitCode).toBe(128 + 9);
  expect(asked).toEqual([{ instance: 'api-1', command: [] }]);
});

test.each([
  [['api-1'], ['--lines=100', '--output=short-iso']],
  [
    ['api-1', '-n', '5', '-f', '--json'],
    ['--lines=5', '--follow', '--output=json'],
  ],
])('logs %s asks journalctl', async (words, options) => {
  await runMain('logs', '--lab', 'shop', ...words);
  const command = ['journalctl', '--no-pager', ...options];
  expect(asked).toEqual([{ instance: 'api-1', command }]);
});

test.each([
  [[], ['sg app in: tcp 8080 from app', 'nobody has 10.0.0.9']],
  [['--accepted'], ['sg app in: tcp 8080 from app']],
  [['--rejected'], ['nobody has 10.0.0.9']],
  [
    ['--accepted', '--rejected'],
    ['sg app in: tcp 8080 from app', 'nobody has 10.0.0.9'],
  ],
  [['api-2'], ['sg app in: tcp 8080 from app']],
  [
    ['api-1', '--full'],
    ['sg app in: tcp 8080 from app', 'nobody has 10.0.0.9'],
  ],
  [['internet'], []],
])('flow %j shows what it was asked for, until the lab goes down', async (words, reasons) => {
  const { exitCode, stdout, stderr } = await runMain('flow', '--lab', 'shop', ...words);
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n').filter(Boolean);
  expect(lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual(reasons);
  expect(stderr).toBe('The lab shop is not watched any more: it went down.\n');
});

test.each([
  [[{ lost: 1 }], '1 message of the kernel'],
  [[{ lost: 12 }, { lost: 3 }], '12 messages of the kernel'],
])('flow says once that decisions were lost, and goes on: %j', async (lost, text) => {
  losses = lost;
  const { stdout, stderr } = await runMain('flow', '--lab', 'shop', '--rejected');
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(1);
  expect(stderr.split('Packets come faster than they can be told')).toHaveLength(2);
  expect(stderr).toContain(text);
  const [longest = 0] = stderr
    .split('\n')
    .map(({ length }) => length)
    .toSorted((a, b) => b - a);
  expect(longest).toBeLessThanOrEqual(80);
});

test('flow --json has one object a line; a name that nobody has is refused', async () => {
  const { stdout } = await runMain('flow', '--lab', 'shop', '--json', '--rejected');
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { version: 2, 'interface-id': 'eni-api-1', action: 'REJECT', 'log-status': 'OK' },
  ]);
  const unknown = await runMain('flow', '--lab', 'shop', 'api-3');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('There are: api-1, api-2, admin, internet.');
});

test('check --unused lists what no packet has used', async () => {
  const { exitCode, stdout } = await runMain('check', '--unused', '--lab', 'shop');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('sg app in  tcp 8080 from app');
  const json = JSON.parse((await runMain('check', '--unused', '--lab', 'shop', '--json')).stdout);
  expect(json).toMatchObject([{ of: 'sg app in', inForce: true }]);
});

test('stop names the instance', async () => {
  expect(await runMain('stop', '--lab', 'shop', 'nat')).toEqual({
    ...{ exitCode: 0, stdout: 'nat is stopped.\n', stderr: '' },
  });
  expect(asked).toEqual([{ instance: 'nat' }]);
});

test('probe: 0 only when connected', async () => {
  expect(await runMain('probe', '--lab', 'shop', 'web', 'api-1:8080')).toEqual({
    ...{ exitCode: 0, stdout: 'web → api-1:8080  connected  12 ms\n', stderr: '' },
  });
  const dropped = await runMain('probe', '--lab', 'shop', '--json', 'web', 'database:3306');
  expect(dropped.exitCode).toBe(1);
  expect(JSON.parse(dropped.stdout)).toMatchObject({
    ...{ from: 'web', to: 'database', port: 3306, outcome: 'timeout', ms: 12 },
  });
  expect(asked).toEqual([
    { from: 'web', targets: [{ to: 'api-1', port: 8080 }], timeoutMs: 3000 },
    { from: 'web', targets: [{ to: 'database', port: 3306 }], timeoutMs: 3000 },
  ]);
});

test('where no lab is up, every command says how to start one', async () => {
  const { exitCode, stderr } = await runMain('probe', '--lab', 'other', 'a', 'b');
  expect({ exitCode, stderr }).toEqual({
    ...{ exitCode: 1, stderr: 'error  No lab other is up. Start it with: npx onsil up\n' },
  });
  expect((await runMain('exec', '--lab', 'other', 'a', '--', 'ls')).stderr).toContain(
    'No lab other',
  );
  expect(await runMain('status', '--lab', 'other')).toMatchObject({
    ...{ exitCode: 1, stdout: 'No lab other is up. Start it with: npx onsil up\n' },
  });
  const json = await runMain('status', '--lab', 'other', '--json');
  expect(json.exitCode).toBe(1);
  expect(JSON.parse(json.stdout)).toEqual({
    ...{ lab: 'other', ready: false, seconds: 0, site: null, endpoint: null, instances: [] },
    ...{ console: null, managed: [] },
  });
});

test('a status file that a dead daemon left is no lab', async () => {
  await writeFile(join(place.root, 'shop', 'status.json'), JSON.stringify(STATUS));
  expect((await runMain('status', '--lab', 'shop')).exitCode).toBe(1);
});

test.each(['exec', 'ssh', 'logs', 'stop', 'start'])('%s without root says so', async (name) => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  const words = name === 'exec' ? ['api-1', '--', 'ls'] : ['api-1'];
  const { exitCode, stderr } = await runMain(name, '--lab', 'shop', ...words);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`sudo npx onsil ${name}`);
  expect(asked).toEqual([]);
});
