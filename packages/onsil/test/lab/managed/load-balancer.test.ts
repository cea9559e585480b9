/** An Application Load Balancer that really runs, before targets that are namespaces. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOf } from '../../../src/cloudformation/testing.ts';
import { takeDown } from '../../../src/lab/daemon/down.ts';
import { World } from '../../../src/lab/daemon/world.ts';
import { attachInterfaces } from '../../../src/lab/fabric/attach.ts';
import { hostNamespace, namespacePrefix } from '../../../src/lab/fabric/names.ts';
import { debianMirror } from '../../../src/lab/host/mirror.ts';
import { ensureImage } from '../../../src/lab/image/build.ts';
import { aptSources } from '../../../src/lab/image/recipe.ts';
import { serviceRecipe } from '../../../src/lab/image/service-recipe.ts';
import { cacheFolders } from '../../../src/lab/layout.ts';
import { healthOfCheck, type TargetHealth } from '../../../src/lab/managed/load-balancer/health.ts';
import { LoadBalancers } from '../../../src/lab/managed/load-balancers.ts';
import { ManagedMachines } from '../../../src/lab/managed/machines.ts';
import { run } from '../../../src/lab/process.ts';
import { ensureAuthority } from '../../../src/lab/services/authority.ts';
import { resolve } from '../../../src/lab/services/dns/resolve.ts';
import { put, type Region } from '../../../src/region/region.ts';
import type { TargetGroup } from '../../../src/region/target-group.ts';
import { TEMPLATE } from './template.ts';

const LAB = 'test-elb';
const DOMAIN = 'shop.example.com';

const { region: whole } = stackOf(TEMPLATE);
const authority = await ensureAuthority(cacheFolders.authority);
/** AWS checks every five seconds at most; a test waits for several checks. */
const region = Object.values(whole.targetGroups).reduce(
  (next: Region, group) => put(next, 'targetGroups', group.arn, quick(group)),
  whole,
);
const world = new World(LAB, region);
const errors: unknown[] = [];
const machines = new ManagedMachines({
  ...{ lab: LAB, world, onChange: () => told() },
  image: async () =>
    (await ensureImage(serviceRecipe(authority.rootPem, aptSources(debianMirror())))).folder,
  onError: (cause) => errors.push(cause),
});
const listeners = new Set<() => void>();
const told = (): void => {
  for (const each of listeners) each();
};
const balancers = new LoadBalancers({
  ...{ region: () => world.region, machines, authority, isRunning: () => true },
  ...{ onChange: told, onError: (cause: unknown) => errors.push(cause) },
});
const programs: ChildProcess[] = [];
let folder = '';
let shut: Promise<Answer>;

function quick(group: TargetGroup): TargetGroup {
  const times = { interval: 1, timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 };
  return { ...group, healthCheck: { ...group.healthCheck, ...times } };
}

const groupNamed = (name: string): string =>
  Object.values(region.targetGroups).find((each) => each.name === name)?.arn ?? '';

async function startTarget(name: string): Promise<void> {
  const instance = Object.values(region.instances).find((each) => each.name === name);
  const namespace = `${namespacePrefix(LAB)}guest.${name}`;
  await run('ip', ['netns', 'add', namespace]);
  await attachInterfaces(
    world.fabric,
    (instance?.networkInterfaceIds ?? []).map((networkInterfaceId) => ({
      networkInterfaceId,
      guest: { namespace },
    })),
  );
  const web = join(import.meta.dirname, 'web.ts');
  const words = [
    `--net=/run/netns/${namespace}`,
    '--',
    process.execPath,
    web,
    name,
    '8080',
    folder,
  ];
  const child = spawn('nsenter', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  programs.push(child);
  await once(child.stdout, 'data');
}

interface Answer {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

/** What somebody on the Internet gets, by the name that everybody knows. */
async function get(url: string, ...more: readonly string[]): Promise<Answer> {
  const [address = ''] = await lookup(DOMAIN, undefined);
  const { stdout } = await run('nsenter', [
    `--net=/run/netns/${hostNamespace(LAB, 'internet')}`,
    ...['--', 'curl', '--silent', '--show-error', '--max-time', '20'],
    ...['--cacert', authority.rootFile, '--connect-to', `::${address}:`],
    ...['--write-out', '\n%{http_code} %{redirect_url}', ...more, url],
  ]);
  const end = stdout.lastIndexOf('\n');
  const [status = '', location = ''] = stdout.slice(end + 1).split(' ');
  return { status: Number(status), location, body: stdout.slice(0, end) };
}

const asked = async (url: string, ...more: readonly string[]) =>
  JSON.parse((await get(url, ...more)).body) as {
    readonly name: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly from: string;
  };

async function lookup(name: string, vpcId: string | undefined): Promise<readonly string[]> {
  const addresses = { endpoints: '', s3: '', acme: '' };
  const forward = () => Promise.reject(new Error('nobody else is asked'));
  const context = { region: world.region, vpcId, addresses, forward };
  const { answers } = await resolve(context, `${name}.`, 'A');
  return answers.flatMap((answer) => (answer.type === 'A' ? [answer.data] : []));
}

/** The health of the targets of a group, each by the name of its instance. */
function healths(group: string): Readonly<Record<string, TargetHealth>> {
  return Object.fromEntries(
    balancers
      .health(groupNamed(group))
      .map((each) => [region.instances[each.target.id]?.name ?? each.target.id, each]),
  );
}

/** Waits until all nodes say so of a target. */
async function until(group: string, name: string, state: TargetHealth['state']): Promise<void> {
  const [id = ''] = machines.list().map(({ machine }) => machine.id);
  const agreed = (): boolean => {
    const server = `${healths(group)[name]?.target.id}:8080`;
    const nodes = balancers.checks(id).filter((each) => {
      return each.check === group && each.server === server;
    });
    return nodes.length === 2 && nodes.every((each) => healthOfCheck(each).state === state);
  };
  await new Promise<void>((done) => {
    const look = (): void => {
      if (!agreed()) return;
      listeners.delete(look);
      done();
    };
    listeners.add(look);
    look();
  });
}

beforeAll(async () => {
  await takeDown(LAB);
  folder = await mkdtemp(join(tmpdir(), 'onsil-elb-'));
  await world.change((now) => now);
  await Promise.all(['one', 'two', 'blocked'].map(startTarget));
  const [balancer] = Object.values(region.loadBalancers);
  await balancers.ensure(`elb-${balancer?.arn.split('/').at(-1)}`);
  await until('main', 'one', 'healthy');
  await until('main', 'two', 'healthy');
  // It takes as long as a target may take to answer: the other tests go on meanwhile.
  shut = get(`http://${DOMAIN}/shut`);
  shut.catch(() => {});
}, 90_000);
afterAll(async () => {
  balancers.close();
  for (const { machine } of machines.list()) await machines.remove(machine.id);
  for (const program of programs) program.kill('SIGKILL');
  await takeDown(LAB);
  await rm(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

describe('an Application Load Balancer', () => {
  test('spreads requests over its targets, and says who asked', async () => {
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await asked(`http://${DOMAIN}/x?y=1`));
    expect(new Set(answers.map(({ name }) => name))).toEqual(new Set(['one', 'two']));
    const nodes = Object.values(region.networkInterfaces)
      .filter(({ managedBy }) => managedBy !== undefined)
      .flatMap(({ privateIps }) => privateIps);
    for (const { headers, from } of answers) {
      expect(headers).toMatchObject({
        ...{ host: DOMAIN, 'x-forwarded-for': '198.51.100.20', 'x-forwarded-proto': 'http' },
        ...{ 'x-forwarded-port': '80' },
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      });
      expect(nodes).toContain(from.replace('::ffff:', ''));
    }
  });
  test('adds who asked to what others have said', async () => {
    const { headers } = await asked(`http://${DOMAIN}/`, '--header', 'X-Forwarded-For: 192.0.2.1');
    expect(headers['x-forwarded-for']).toBe('192.0.2.1, 198.51.100.20');
  });
  test.each([
    ['a path', '/api/v1', [], 200, 'two'],
    ['another path', '/API/v1', [], 200, ''],
    ['a header', '/', ['--header', 'X-Stage: Beta-7'], 200, 'two'],
    ['a query', '/?a=b&canary=YES', [], 200, 'two'],
    ['a method', '/', ['--request', 'DELETE'], 405, 'not here'],
    ['a source', '/from', [], 403, 'you aren\'t 100% "welcome"'],
  ])('a rule by %s', async (_what, path, more, status, expected) => {
    const answer = await get(`http://${DOMAIN}${path}`, ...more);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(expected);
  });
  test('redirects, with the parts of the request', async () => {
    const other = ['--header', 'Host: old.example.com'];
    expect(await get(`http://${DOMAIN}/a/b?c=d`, ...other)).toMatchObject({
      ...{ status: 301, location: 'https://shop.example.com:443/new/a/b?c=d' },
    });
    expect(await get(`http://${DOMAIN}/`, ...other)).toMatchObject({
      ...{ status: 301, location: 'https://shop.example.com:443/new/' },
    });
  });
  test('answers over TLS for the names of its certificate', async () => {
    const { headers } = await asked(`https://${DOMAIN}/`);
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' });
    await expect(get('https://other.example.org/')).rejects.toThrow('SSL');
  });
  test('keeps a client at one target by its cookie', async () => {
    const jar = join(folder, 'jar');
    const names = new Set<string>();
    for (let count = 0; count < 4; count += 1) {
      names.add((await asked(`http://${DOMAIN}/sticky`, '-c', jar, '-b', jar)).name);
    }
    expect(names.size).toBe(1);
  });
});

describe('names', () => {
  const [vpcId = ''] = Object.keys(region.vpcs);
  const publicIps = Object.values(region.networkInterfaces).flatMap((each) => each.publicIp ?? []);
  test('an alias has the addresses of the load balancer, for everybody', async () => {
    const [balancer] = Object.values(region.loadBalancers);
    expect(publicIps).toHaveLength(2);
    for (const name of [DOMAIN, balancer?.dnsName ?? '']) {
      expect((await lookup(name, undefined)).toSorted()).toEqual(publicIps.toSorted());
      expect((await lookup(name, vpcId)).toSorted()).toEqual(publicIps.toSorted());
    }
  });
});

describe('health', () => {
  test('a target whose groups do not admit the load balancer times out', async () => {
    await until('shut', 'blocked', 'unhealthy');
    expect(healths('shut')['blocked']).toMatchObject({
      ...{ reason: 'Target.Timeout', description: 'Request timed out', checkPort: 8080 },
    });
  });
  test('a group without a healthy target gets requests nonetheless, and they time out', async () => {
    expect((await shut).status).toBe(504);
  });
  test('a target that fails its checks is taken out, and comes back', async () => {
    await writeFile(join(folder, 'one'), '');
    await until('main', 'one', 'unhealthy');
    expect(healths('main')['one']).toMatchObject({
      reason: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [503]',
    });
    for (let count = 0; count < 3; count += 1) {
      expect((await asked(`http://${DOMAIN}/`)).name).toBe('two');
    }
    await rm(join(folder, 'one'));
    await until('main', 'one', 'healthy');
    const names = [await asked(`http://${DOMAIN}/`), await asked(`http://${DOMAIN}/`)];
    expect(new Set(names.map(({ name }) => name)).size).toBe(2);
  });
});

describe('a change while it runs', () => {
  test('cuts no request off; a target that goes is draining, and health is kept', async () => {
    const leader = machines.running(machines.list()[0]?.machine.id ?? '')?.leader;
    const slow = asked(`http://${DOMAIN}/slow`);
    const arn = groupNamed('main');
    await world.change((now) => {
      const group = now.targetGroups[arn];
      if (group === undefined) return now;
      const targets = group.targets.filter(({ id }) => now.instances[id]?.name !== 'one');
      return put(now, 'targetGroups', arn, { ...group, targets });
    });
    await balancers.follow();
    expect(healths('main')).toMatchObject({
      two: { state: 'healthy' },
      one: { state: 'draining', reason: 'Target.DeregistrationInProgress' },
    });
    for (let count = 0; count < 3; count += 1) {
      expect((await asked(`http://${DOMAIN}/`)).name).toBe('two');
    }
    expect(['one', 'two']).toContain((await slow).name);
    expect(machines.running(machines.list()[0]?.machine.id ?? '')?.leader).toBe(leader);
    expect(healths('shut')['blocked']?.state).toBe('unhealthy');
  });
  test('a configuration that cannot be is refused, and the former one stays', async () => {
    const [entry] = machines.list();
    const broken = entry?.machine.files.map((file) =>
      file.path.endsWith('haproxy.cfg') ? { ...file, content: 'nonsense\n' } : file,
    );
    if (entry === undefined || broken === undefined) throw new Error('there is no machine');
    await expect(machines.ensure({ ...entry.machine, files: broken })).rejects.toThrow(
      /Application Load Balancer Web does not run/,
    );
    expect(machines.list()[0]?.state).toBe('failed');
    expect((await asked(`http://${DOMAIN}/`)).name).toBe('two');
    await machines.ensure(entry.machine);
    expect(machines.list()[0]?.state).toBe('running');
  });
  test('it ends with everything that was its own', async () => {
    const id = machines.list()[0]?.machine.id ?? '';
    await balancers.remove(id);
    expect(machines.list()).toEqual([]);
    const soon = ['--connect-timeout', '1'];
    await expect(get(`http://${DOMAIN}/`, ...soon)).rejects.toThrow('Failed to connect');
  });
});
