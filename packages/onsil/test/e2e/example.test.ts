/** The example, whole: one `up`, its eight machines, what they do and do not let through, `down`. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeBrowser } from './example/browser.ts';
import { describeInstances } from './example/instances.ts';
import { HOSTS, LAB } from './example/lab.ts';
import { describePackets } from './example/packets.ts';
import { describeSite } from './example/site.ts';
import { describeVerify } from './example/verify.ts';
import { describeWayOut } from './example/way-out.ts';
import {
  existing,
  fileNames,
  hostNetwork,
  nspawnFiles,
  sameSysctls,
  tracesOf,
} from './support/host-state.ts';
import { onsil, type PublicStatus, parseEvents, statusOf, succeed } from './support/onsil.ts';
import { folderWith } from './support/project.ts';

const LABS = [LAB];
let before: { network: Awaited<ReturnType<typeof hostNetwork>>; files: readonly string[] };
let status: PublicStatus;
let stdout = '';
const site = (): string => status.site ?? '';

beforeAll(async () => {
  // Of a run that was cut off.
  await succeed(['down', '--lab', LAB]);
  expect(await tracesOf(LABS)).toEqual([]);
  before = { network: await hostNetwork(), files: await fileNames(LABS) };
  stdout = await succeed(['up', '--lab', LAB, '--json']);
  status = await statusOf(LAB);
});

afterAll(async () => {
  await succeed(['down', '--lab', LAB]);
});

describe('onsil up --json', () => {
  test('prints events, of which the last says that it is ready', () => {
    const events = parseEvents(stdout);
    expect(events.at(-1)).toEqual({
      ...{ kind: 'ready', seconds: status.seconds, at: expect.any(Number), site: status.site },
    });
    const done = events.flatMap((event) =>
      event.kind === 'machine' && event.setup === 'done' ? [event.name] : [],
    );
    expect(done.toSorted()).toEqual([...HOSTS].toSorted());
  });

  test('leaves the host’s network as it was', async () => {
    expect(sameSysctls(before.network, await hostNetwork())).toEqual(before.network);
  });
});

describe('onsil status', () => {
  test('has the shape that scripts rely on', () => {
    expect(Object.keys(status)).toEqual([
      'lab',
      'ready',
      'seconds',
      'site',
      'endpoint',
      'console',
      'managed',
      'instances',
    ]);
    expect(status.managed).toEqual([]);
    expect(status).toMatchObject({ lab: LAB, ready: true, seconds: expect.any(Number) });
    expect(status.site).toMatch(/^http:\/\/e2e\.localhost:\d+$/);
    for (const instance of status.instances) {
      expect(instance).toEqual({
        name: instance.name,
        id: expect.stringMatching(/^i-[0-9a-f]{17}$/),
        state: 'running',
        setup: 'done',
        reason: null,
        image: {
          ami: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
          name: expect.stringMatching(/^debian-12-/),
          ...{ os: 'debian-12', runs: 'debian-12', standsIn: false },
        },
        privateIp: expect.stringMatching(PRIVATE_IP[instance.subnet] ?? /none/),
        publicIp:
          instance.subnet === 'public' ? expect.stringMatching(/^198\.18\.\d+\.\d+$/) : null,
        subnet: instance.subnet,
        securityGroups: [expect.stringMatching(/^e2e-SecurityGroup[A-Z][a-z]+-[A-Z0-9]+$/)],
      });
    }
  });

  test('has each host in its subnet and group', () => {
    const group = (name = '') => /SecurityGroup([A-Z][a-z]+)/.exec(name)?.[1];
    expect(
      status.instances.map(({ name, subnet, securityGroups }) =>
        [name, subnet, ...securityGroups.map(group)].join(' '),
      ),
    ).toEqual([
      'bastion public Bastion',
      'nat public Nat',
      'edge public Edge',
      'web app App',
      'gateway app App',
      'api-1 app App',
      'api-2 app App',
      'database database Database',
    ]);
  });

  test('says that a lab is not up in the same shape', async () => {
    const result = await onsil(['status', '--lab', 'nobody', '--json']);
    expect(JSON.parse(result.stdout)).toEqual({
      ...{ lab: 'nobody', ready: false, seconds: 0, site: null, endpoint: null, console: null },
      ...{ managed: [], instances: [] },
    });
    expect(result.code).toBe(1);
  });
});

const PRIVATE_IP: Readonly<Record<string, RegExp>> = {
  public: /^10\.0\.0\.\d+$/,
  app: /^10\.0\.1\.\d+$/,
  database: /^10\.0\.2\.\d+$/,
};

describePackets();
describeVerify();
describeSite(site);
describeBrowser(site);
describeInstances(site);
describeWayOut();

describe('onsil up, again', () => {
  test('changes nothing and prints the same', async () => {
    const daemon = async () =>
      JSON.parse(await readFile(`/run/onsil/${LAB}/status.json`, 'utf8')).pid;
    const pid = await daemon();
    // After what it looked at comes the banner.
    const again = async () => /ONSIL.*$/s.exec(await succeed(['up', '--lab', LAB]))?.[0];
    const [one, two] = [await again(), await again()];
    expect(one).toContain(`e2e  ready in ${status.seconds.toFixed(1)} s`);
    expect(one).toContain(`➜ Site    ${status.site}`);
    for (const { name, privateIp } of status.instances) {
      expect(one).toMatch(new RegExp(`^  ${name} +${privateIp.replaceAll('.', '\\.')} `, 'm'));
    }
    expect(two).toBe(one);
    const events = parseEvents(await succeed(['up', '--lab', LAB, '--json']));
    expect(events.at(-1)).toMatchObject({
      ...{ kind: 'ready', seconds: status.seconds, site: status.site },
    });
    expect(events.filter(({ kind }) => kind === 'machine')).toEqual([]);
    expect(await daemon()).toBe(pid);
    expect(await statusOf(LAB)).toEqual(status);
  });

  test('is refused from another folder', async () => {
    const [config, template] = [
      "import { defineService } from 'onsil';\nexport default defineService({ name: 'other', " +
        "domain: 'other.example', web: { source: '.' }, api: { source: '.' } });\n",
      'Resources: {}\n',
    ];
    await using other = await folderWith({ 'onsil.config.ts': config, 'vpc.yaml': template });
    for (const args of [[], ['--template', 'vpc.yaml']]) {
      const result = await onsil(['up', '--lab', LAB, ...args], { cwd: other.path });
      expect(result.stderr).toContain('A lab named e2e is up already, from ');
      expect(result.stderr).toContain('/examples/everydaehwa. Stop it with `npx onsil down');
      expect(result.code).toBe(1);
    }
    expect(await statusOf(LAB)).toEqual(status);
  });

  test('says who has a port that was asked for', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const result = await onsil(['up', '--lab', 'e2e-port', '--port', String(port)]);
      expect(result.stderr).toContain(`Port ${port} of 127.0.0.1 is used by `);
      expect(result.stderr).toContain(`(process ${process.pid})`);
      expect(result.code).toBe(1);
      expect(await tracesOf(['e2e-port'])).toEqual([]);
    } finally {
      server.close();
    }
  });
});

describe('onsil down', () => {
  test('leaves nothing, and the host as it was', async () => {
    // Or else nothing could be missing afterwards.
    const there = (await tracesOf(LABS)).map((trace) => trace.split(' ')[0]);
    expect([...new Set(there)].toSorted()).toEqual([
      ...['cgroup', 'folder', 'loop', 'mount', 'namespace', 'process'],
    ]);
    const machines = await nspawnFiles(LAB);
    expect(machines).toHaveLength(2 * HOSTS.length);
    expect(await existing(machines)).toEqual(machines);
    await succeed(['down', '--lab', LAB]);
    expect(await existing(machines)).toEqual([]);
    expect(await tracesOf(LABS)).toEqual([]);
    expect(await fileNames(LABS)).toEqual(before.files);
    expect(sameSysctls(before.network, await hostNetwork())).toEqual(before.network);
  });

  test('is harmless where nothing is up', async () => {
    expect(await succeed(['down', '--lab', LAB])).toBe('e2e was not up.\n');
  });
});
