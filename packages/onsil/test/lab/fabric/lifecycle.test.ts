import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { attachInterface } from '../../../src/lab/fabric/attach.ts';
import { FabricError } from '../../../src/lab/fabric/names.ts';
import { outsideProcesses, startOutside } from '../../../src/lab/fabric/outside.ts';
import { findLabs, removeFabric } from '../../../src/lab/fabric/remove.ts';
import { run } from '../../../src/lab/process.ts';
import { crowd, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab, namespacesNamed } from '../support/lab.ts';

const LABS = ['test-life', 'test-life-2'];
const world = new RegionBuilder(crowd(2));
let labs: Lab[] = [];
async function start(name: string, builder: RegionBuilder): Promise<Lab> {
  const lab = await Lab.start(name, builder);
  labs.push(lab);
  return lab;
}
afterEach(async () => {
  await Promise.all(labs.map((lab) => lab.stop()));
  labs = [];
});
afterAll(async () => {
  expect((await findLabs()).filter((lab) => LABS.includes(lab))).toEqual([]);
});

test('two labs with equal addresses do not meet', async () => {
  const [one, two] = [await start('test-life', world), await start('test-life-2', world)];
  await one.listen('m1', 80);
  await two.listen('m1', 81);
  expect(await one.probe('m2', '10.0.0.10:80', '10.0.0.10:81')).toEqual(['connected', 'refused']);
  expect(await two.probe('m2', '10.0.0.10:80', '10.0.0.10:81')).toEqual(['refused', 'connected']);
  await one.stop();
  expect(await namespacesNamed('test-life')).toEqual([]);
  expect(await two.probe('m2', '10.0.0.10:81')).toEqual(['connected']);
});

test('applying again, with or without memory, keeps connections and rules', async () => {
  const lab = await start('test-life', world);
  await lab.listen('m1', 80);
  const conversation = await lab.converse('m2', '10.0.0.10', 80);
  const router = lab.router('vpc-crowd');
  const state = async () => {
    const shows = ['rule', 'route show table all', 'address', 'neighbour'];
    const all = shows.map((show) => run('ip', ['-n', router, ...show.split(' ')]));
    return (await Promise.all(all)).map(({ stdout }) => stdout);
  };
  const before = await state();
  await applyFabric(lab.plan, lab.plan);
  expect(await state()).toEqual(before);
  await applyFabric(lab.plan);
  expect(await state()).toEqual(before);
  expect(await conversation.say('still here')).toBe('still here');
  conversation.end();
});

test('what a crash left half made is completed', async () => {
  const lab = await start('test-life', world);
  await run('ip', ['netns', 'del', lab.internet]);
  await run('ip', ['-n', lab.router('vpc-crowd'), 'rule', 'flush']);
  await applyFabric(lab.plan);
  await lab.listen('m1', 80);
  expect(await lab.probe('m2', '10.0.0.10:80')).toEqual(['connected']);
  expect(await namespacesNamed('test-life')).toContain(lab.internet);
});

test('a VPC and an interface that leave the region leave the kernel', async () => {
  const more = world
    .vpc('vpc-more', '10.9.0.0/16')
    .subnet('subnet-more', 'vpc-more', '10.9.0.0/24')
    .group('sg-more', 'vpc-more', [rule('-1', '0.0.0.0/0')])
    .instance('extra', { subnet: 'subnet-more', ip: '10.9.0.10', groups: ['sg-more'] });
  const lab = await start('test-life', world);
  await lab.change(more.region);
  await lab.boot('extra');
  await lab.change(world.without('networkInterfaces', 'eni-m2').region);
  expect(await namespacesNamed('test-life')).not.toContain(lab.router('vpc-more'));
  const links = (await run('ip', ['-n', lab.router('vpc-crowd'), '-brief', 'link'])).stdout;
  expect(links).toContain('eni-m1');
  expect(links).not.toContain('eni-m2');
  expect(await lab.exec('the-internet', 'ip', '-brief', 'link')).not.toContain('more');
});

test('removal needs the name alone, takes the way out with it, and may come twice', async () => {
  const lab = await start('test-life', world);
  await startOutside('test-life');
  expect(await findLabs()).toContain('test-life');
  const slirp = async () => (await outsideProcesses()).map((each) => each.lab);
  expect(await slirp()).toContain('test-life');
  await removeFabric(lab.name);
  await removeFabric(lab.name);
  expect(await slirp()).not.toContain('test-life');
  expect(await findLabs()).not.toContain('test-life');
});

test('nothing but a proper name is taken for a lab', async () => {
  for (const name of ['', 'a.b', '../x', 'A', '-a']) {
    await expect(removeFabric(name)).rejects.toThrow(FabricError);
  }
});

test('the host keeps its own settings, routes and rules', async () => {
  const host = async () => {
    const shows = ['address', 'route show table all', 'rule', 'neighbour show nud permanent'];
    const ip = shows.map(async (show) => (await run('ip', show.split(' '))).stdout);
    const files = [
      'ip_forward',
      'conf/all/rp_filter',
      'conf/default/rp_filter',
      'conf/all/proxy_arp',
    ];
    const sysctls = files.map((file) => readFile(`/proc/sys/net/ipv4/${file}`, 'utf8'));
    const { stdout } = await run('nft', ['list', 'ruleset']);
    return [...(await Promise.all([...ip, ...sysctls])), stdout];
  };
  const before = await host();
  await start('test-life', world);
  expect(await host()).toEqual(before);
});

describe('a guest in a user namespace of its own', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  test('is plugged in from outside', async () => {
    const lab = await start('test-life', world);
    await lab.listen('m1', 80);
    await run('ip', ['netns', 'del', lab.guest('m2')]);
    child = spawn('unshare', ['--user', '--net', '--map-root-user', 'sleep', '60']);
    const pid = child.pid ?? 0;
    while ((await readFile(`/proc/${pid}/comm`, 'utf8')) !== 'sleep\n') {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await attachInterface(lab.plan, 'eni-m2', { pid }, 'lan0');
    const inside = await run('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', '-brief', 'address']);
    expect(inside.stdout).toMatch(/lan0@\S+ +UP +10\.0\.0\.11\/20/);
    const { probeFrom } = await import('../../../src/lab/probe/connect.ts');
    const [result] = await probeFrom({ pid }, [{ host: '10.0.0.10', port: 80, timeoutMs: 900 }]);
    expect(result?.outcome).toBe('connected');
  });
});

test('an unknown interface is refused with the ones there are', async () => {
  const lab = await start('test-life', world);
  const attach = attachInterface(lab.plan, 'eni-nobody', { pid: 1 });
  await expect(attach).rejects.toThrow(/no network interface eni-nobody.*eni-m1, eni-m2/);
});
