/** Labs whose processes were killed, whose machine was rebooted, or that run side by side. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LabStatus } from '../../src/lab/daemon/status.ts';
import { tracesOf } from './support/host-state.ts';
import { labCommands, onsil, start, statusOf, succeed } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';
import { smallTemplate } from './support/templates.ts';

const [ONE, TWO] = ['e2e-one', 'e2e-two'] as const;
const LABS = [ONE, TWO];
let folder: Folder;

const ready = smallTemplate([{ name: 'host' }]);
/** It never signals: `up` goes on until something stops it. */
const endless = smallTemplate([
  { name: 'host', userData: '#!/bin/bash\n# ${Handle}\nexec sleep 600\n', signalWithin: 900 },
]);

beforeAll(async () => {
  folder = await folderWith({});
  for (const lab of LABS) await labCommands(lab).down();
});

beforeEach(async () => {
  await writeFile(file('ready'), ready);
  await writeFile(file('endless'), endless);
});

afterEach(async () => {
  for (const lab of LABS) await labCommands(lab).down();
  expect(await tracesOf(LABS)).toEqual([]);
});

afterAll(() => folder[Symbol.asyncDispose]());

const file = (template: string) => join(folder.path, `${template}.json`);

const up = (lab: string, template = 'ready') => [
  ...['up', '--lab', lab, '--json', '--template', file(template)],
];

const daemonOf = async (lab: string): Promise<number> =>
  (JSON.parse(await readFile(`/run/onsil/${lab}/status.json`, 'utf8')) as LabStatus).pid;

/** Whether the administrator gets through to the lab's instance. */
const reaches = async (lab: string): Promise<string> => {
  const { stdout } = await onsil(['probe', '--lab', lab, '--json', 'admin', 'host:22']);
  return JSON.parse(stdout).outcome;
};

/** Until the instance runs its endless script. */
async function startEndless(lab: string) {
  const running = start(up(lab, 'endless'));
  await running.prints('"name":"host","setup":"running"');
  return running;
}

test('a killed daemon: the lab is not up, and comes up again', async () => {
  await succeed(up(ONE));
  const pid = await daemonOf(ONE);
  process.kill(pid, 'SIGKILL');
  const status = await onsil(['status', '--lab', ONE]);
  expect(status.stdout).toContain(`No lab ${ONE} is up. Start it with: npx onsil up`);
  expect(status.code).toBe(1);
  const probe = await onsil(['probe', '--lab', ONE, 'admin', 'host:22']);
  expect(probe.stderr).toContain(`No lab ${ONE} is up.`);
  expect(probe.code).toBe(1);
  // Its machines go on without it.
  expect((await tracesOf([ONE])).join('\n')).toContain('systemd-nspawn');
  await succeed(up(ONE));
  expect(await daemonOf(ONE)).not.toBe(pid);
  expect(await reaches(ONE)).toBe('connected');
});

test('a killed daemon: down leaves nothing', async () => {
  await succeed(up(ONE));
  process.kill(await daemonOf(ONE), 'SIGKILL');
  await succeed(['down', '--lab', ONE]);
  expect(await tracesOf([ONE])).toEqual([]);
});

describe('an up that was killed midway', () => {
  test.each(['"step":"network"', '"name":"host","setup":"running"'])(
    'after %s: the next one works',
    async (event) => {
      const running = start(up(ONE, 'endless'));
      await running.prints(event);
      running.child.kill('SIGKILL');
      expect((await running.ended).code).toBe(137);
      await writeFile(file('endless'), ready);
      await succeed(up(ONE, 'endless'));
      expect(await statusOf(ONE)).toMatchObject({ lab: ONE, ready: true });
      expect(await reaches(ONE)).toBe('connected');
    },
  );
});

test('down while up runs ends it, and leaves nothing', async () => {
  const running = await startEndless(ONE);
  expect(await succeed(['down', '--lab', ONE])).toMatch(/^e2e-one is down/);
  const { code, stderr } = await running.ended;
  expect(stderr).toContain(`The lab ${ONE} was taken down while it came up.`);
  expect(code).toBe(1);
  expect(await tracesOf([ONE])).toEqual([]);
});

test('an up that was taken down leaves the next one alone', async () => {
  const first = await startEndless(ONE);
  // It can do nothing until it may go on, with the next lab in its place.
  first.child.kill('SIGSTOP');
  await succeed(['down', '--lab', ONE]);
  await succeed(up(ONE));
  first.child.kill('SIGCONT');
  expect((await first.ended).code).toBe(1);
  expect(await statusOf(ONE)).toMatchObject({ ready: true });
  expect(await reaches(ONE)).toBe('connected');
});

test('a second up of a lab that comes up is told who is at it', async () => {
  const running = await startEndless(ONE);
  const { stderr, code } = await onsil(up(ONE, 'endless'));
  expect(stderr).toContain(
    `Another \`onsil up\` (process ${running.child.pid}) is starting the lab ${ONE}.`,
  );
  expect(code).toBe(1);
  expect(running.child.exitCode).toBe(null);
  await succeed(['down', '--lab', ONE]);
  if (running.child.exitCode === null) await once(running.child, 'exit');
});

test('two labs of equal addresses run side by side, apart', async () => {
  await Promise.all(LABS.map((lab) => succeed(up(lab))));
  expect(await Promise.all(LABS.map(reaches))).toEqual(['connected', 'connected']);
  const [one, two] = await Promise.all(LABS.map(async (lab) => (await statusOf(lab)).instances[0]));
  expect(one?.privateIp).toMatch(/^10\.0\.0\./);
  expect(two?.privateIp).toMatch(/^10\.0\.0\./);
  // Each has an Internet of its own, where the other's public address is nobody's.
  const across = await onsil([
    ...['probe', '--lab', ONE, '--json', '--timeout', '1000', 'host', `${two?.publicIp}:22`],
  ]);
  expect(JSON.parse(across.stdout).outcome).not.toBe('connected');
  expect(one?.publicIp).not.toBe(two?.publicIp);
  await labCommands(ONE).down();
  expect(await tracesOf([ONE])).toEqual([]);
  expect(await reaches(TWO)).toBe('connected');
});

describe('what is left after a reboot', () => {
  /** Files of a lab, with the ids of processes that are others by now. */
  async function leaveFiles(): Promise<readonly string[]> {
    const files = {
      // A living process that has the id of the one that started the lab.
      [`/run/onsil/${ONE}/up.pid`]: JSON.stringify({ pid: process.pid, started: '1' }),
      [`/run/onsil/${ONE}/status.json`]: JSON.stringify({
        ...{ lab: ONE, ready: true, phase: 'ready', instances: [], pid: process.pid },
      }),
      [`/run/onsil/${ONE}/request.json`]: '{}',
      [`/run/onsil/${ONE}/daemon.sock`]: '',
      [`/run/onsil/${ONE}/machines/i-0123/console.log`]: 'it was a nice boot',
      [`/var/lib/onsil/${ONE}/disks/i-0123/upper/etc/hostname`]: 'host',
      [`/var/lib/onsil/${ONE}/volumes/vol-0123.img`]: '',
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, content);
    }
    return Object.keys(files);
  }

  test('is no lab, and in nobody’s way', async () => {
    await leaveFiles();
    expect(await statusOf(ONE)).toMatchObject({ lab: ONE, ready: false });
    await succeed(up(ONE));
    expect(await reaches(ONE)).toBe('connected');
    await expect(readFile(`/run/onsil/${ONE}/machines/i-0123/console.log`)).rejects.toThrow();
    await expect(readFile(`/var/lib/onsil/${ONE}/volumes/vol-0123.img`)).rejects.toThrow();
  });

  test('is swept by down', async () => {
    await leaveFiles();
    expect(await tracesOf([ONE])).not.toEqual([]);
    await succeed(['down', '--lab', ONE]);
    expect(await tracesOf([ONE])).toEqual([]);
  });
});
