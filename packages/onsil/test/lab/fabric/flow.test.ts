/** What the rules log, as whoever watches a router sees it. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FlowEvent, FlowFeed, type FlowLoss } from '../../../src/lab/daemon/flow.ts';
import { type Decision, watchDecisions } from '../../../src/lab/fabric/decisions.ts';
import { flowRecord } from '../../../src/lab/flow-record.ts';
import { CommandError, run } from '../../../src/lab/process.ts';
import { RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const world = new RegionBuilder()
  .vpc('vpc-flow', '10.0.0.0/16')
  .routeTable('rtb-flow', 'vpc-flow', { '203.0.113.0/24': 'eni-gone' })
  .subnet('subnet-flow', 'vpc-flow', '10.0.1.0/24', { routeTable: 'rtb-flow' })
  .group('edge', 'vpc-flow', [])
  .group('app', 'vpc-flow', [rule('tcp 8080', 'edge')])
  .instance('edge', { subnet: 'subnet-flow', ip: '10.0.1.10', groups: ['edge'] })
  .instance('web', { subnet: 'subnet-flow', ip: '10.0.1.11', groups: ['app'] });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-flow', world);
  await lab.listen('web', 8080);
});
afterAll(() => lab.stop());

const router = () => lab.router('vpc-flow');
const OUT = 'security-group egress edge sgr--1-0.0.0.0/0';
const IN = 'security-group ingress app sgr-tcp 8080-edge';

/** Processes that watch the router. */
async function watchers(): Promise<readonly string[]> {
  const { stdout } = await run('ip', ['netns', 'pids', router()]);
  return stdout.split('\n').filter(Boolean);
}

/** Messages of the router's rules that had no room on the way to a process. */
const dropped = (pid: number): Promise<number> => ofSockets(pid, 8);

/** Bytes of them that it has not read. */
const waiting = (pid: number): Promise<number> => ofSockets(pid, 4);

/** https://man7.org/linux/man-pages/man5/proc_pid_net.5.html: a column of its netfilter sockets. */
async function ofSockets(pid: number, column: number): Promise<number> {
  const sockets = (await readFile(`/proc/${pid}/net/netlink`, 'utf8')).trim().split('\n');
  return sockets
    .map((line) => line.trim().split(/\s+/))
    .filter(([, protocol]) => protocol === '12')
    .reduce((sum, columns) => sum + Number(columns[column]), 0);
}

test('a watch tells each decision once, with its packet and links, and then ends', async () => {
  const decisions: Decision[] = [];
  const watch = await watchDecisions(router(), (decision) => decisions.push(decision));
  expect(await watchers()).toHaveLength(1);
  const before = Date.now();
  expect(await lab.probe('edge', '10.0.1.11:8080')).toEqual(['connected']);
  const conversation = await lab.converse('edge', '10.0.1.11', 8080);
  expect(await conversation.say('more packets of one connection')).toBeDefined();
  conversation.end();
  expect(await lab.probe('edge', '203.0.113.9:81')).toEqual(['timeout']);
  expect(await watch.end()).toBe(0);
  expect(await watchers()).toEqual([]);

  const labels = decisions.map(({ label }) => label);
  expect(labels.slice(0, 5)).toEqual([OUT, IN, OUT, IN, OUT]);
  // A SYN is sent again while nobody answers; a connection is only accepted once.
  const rest = labels.slice(5);
  expect(rest[0]).toBe('route-table rtb-flow 203.0.113.0/24');
  expect(new Set(rest.filter((label) => label !== OUT))).toEqual(new Set(rest.slice(0, 1)));
  expect(decisions.slice(0, 2)).toMatchObject([
    { accepted: true, in: 'eni-edge', out: 'eni-web' },
    { accepted: true, in: 'eni-edge', out: 'eni-web' },
  ]);
  expect(decisions[1]).toMatchObject({
    decider: { kind: 'security-group', direction: 'ingress' },
    packet: { protocol: 6, source: '10.0.1.10', destination: '10.0.1.11', bytes: 60 },
  });
  expect(decisions[1]?.packet.destinationPort).toBe(8080);
  expect(decisions[5]).toMatchObject({ accepted: false, in: 'eni-edge', out: 'lo' });
  for (const { time } of decisions) {
    expect(time).toBeGreaterThanOrEqual(before - 1);
    expect(time).toBeLessThanOrEqual(Date.now());
  }
});

test('a crowd of packets is told to the last one', async () => {
  const decisions: Decision[] = [];
  const watch = await watchDecisions(router(), (decision) => decisions.push(decision));
  const before = lab.counted('vpc-flow', 'security-group ingress none');
  const send = `const s = require('node:dgram').createSocket('udp4'); let port = 1000;
    const next = () => port < 6000 ? s.send('x', port++, '10.0.1.11', next) : s.close(); next();`;
  await lab.exec('edge', process.execPath, '--eval', send);
  expect(await watch.end()).toBe(0);
  const refused = decisions.filter(({ label }) => label === 'security-group ingress none');
  expect(new Set(refused.map(({ packet }) => packet.destinationPort)).size).toBe(5000);
  expect(lab.counted('vpc-flow', 'security-group ingress none')).toBe(before + 5000);
});

test('a watch that cannot begin says why, and one that breaks off too', async () => {
  await expect(watchDecisions('onsil.test-flow.vpc-none', () => {})).rejects.toThrow(
    /vpc-none.*No such file/s,
  );
  const watch = await watchDecisions(router(), () => {});
  await expect(watchDecisions(router(), () => {})).rejects.toThrow(CommandError);
  const [pid] = await watchers();
  process.kill(Number(pid), 'SIGKILL');
  await expect(watch.ended).rejects.toThrow(/tcpdump/);
});

test('a feed watches a router that comes later, and leaves one that goes', async () => {
  let plan = { ...lab.plan, namespaces: [] as typeof lab.plan.namespaces };
  const feed = new FlowFeed(() => plan);
  const { promise: told, resolve, reject } = Promise.withResolvers<FlowEvent | FlowLoss>();
  const end = await feed.subscribe({ tell: resolve, fail: reject });
  expect(await watchers()).toEqual([]);
  plan = lab.plan;
  feed.renew();
  await expect.poll(watchers, { timeout: 10_000 }).toHaveLength(1);
  // The watch begins a moment after its process.
  const again = await feed.subscribe({ tell: () => {}, fail: reject });
  expect(await lab.probe('edge', '10.0.1.11:8080')).toEqual(['connected']);
  expect(await told).toMatchObject({ accepted: true, from: 'eni-edge', to: 'eni-web' });
  plan = { ...lab.plan, namespaces: [] };
  feed.renew();
  await expect.poll(watchers, { timeout: 10_000 }).toEqual([]);
  for (const each of [end, again]) each();
});

test('a feed is one watch for all its listeners, from the first to the last', async () => {
  const feed = new FlowFeed(() => lab.plan);
  const [one, two] = [[] as FlowEvent[], [] as FlowEvent[]];
  const keep = (events: FlowEvent[], event: FlowEvent | FlowLoss): void => {
    if ('lost' in event) throw new Error(`${event.lost} messages were lost`);
    events.push(event);
  };
  const fail = (cause: unknown): never => {
    throw cause;
  };
  const { promise: told, resolve } = Promise.withResolvers<void>();
  const ends = await Promise.all([
    feed.subscribe({ tell: (event) => keep(one, event), fail }),
    feed.subscribe({
      tell: (event) => {
        keep(two, event);
        if (two.at(-1)?.accepted === false) resolve();
      },
      fail,
    }),
  ]);
  expect(await watchers()).toHaveLength(1);
  expect(await lab.probe('edge', '10.0.1.11:8080', '10.0.1.11:22')).toEqual([
    'connected',
    'timeout',
  ]);
  await told;
  ends[0]?.();
  ends[1]?.();
  // The next one waits for the end of the last watch, and has a watch again.
  const end = await feed.subscribe({ tell: () => {}, fail });
  expect(await watchers()).toHaveLength(1);
  end();
  await expect.poll(watchers, { timeout: 10_000 }).toEqual([]);

  expect(one).toEqual(two);
  const records = two.map((event) => flowRecord(world.region, event));
  expect(records).toContainEqual(
    expect.objectContaining({
      ...{ 'interface-id': 'eni-web', srcaddr: '10.0.1.10', dstaddr: '10.0.1.11', dstport: 8080 },
      ...{ action: 'ACCEPT', because: 'sg app in: tcp 8080 from edge' },
    }),
  );
  expect(records).toContainEqual(
    expect.objectContaining({
      ...{ 'interface-id': 'eni-web', dstport: 22, action: 'REJECT' },
      because: 'no inbound rule of web: tcp 22 from edge',
    }),
  );
});

test('a feed tells of messages that were lost, and goes on', async () => {
  const feed = new FlowFeed(() => lab.plan);
  const { promise: told, resolve } = Promise.withResolvers<number>();
  const { promise: after, resolve: goOn } = Promise.withResolvers<FlowEvent>();
  let isLost = false;
  const end = await feed.subscribe({
    tell: (event) => {
      if ('lost' in event) {
        isLost = true;
        resolve(event.lost);
      } else if (isLost && event.packet.destinationPort === 8080) goOn(event);
    },
    fail: () => {},
  });
  const [pid] = await watchers();
  // Whoever reads is stopped until the socket between has no room. How many packets that takes
  // depends on how many come through: a busy machine loses some on their way to the router.
  process.kill(Number(pid), 'SIGSTOP');
  const send = `const s = require('node:dgram').createSocket('udp4'); let sent = 0;
    const next = () => sent++ < 20000 ? s.send('x', 9, '10.0.1.11', next) : s.close(); next();`;
  while ((await dropped(Number(pid))) === 0) {
    await lab.exec('edge', process.execPath, '--eval', send);
  }
  process.kill(Number(pid), 'SIGCONT');
  expect(await told).toBeGreaterThan(0);
  // Until there is room again, the next one may be lost too.
  await expect.poll(() => waiting(Number(pid)), { timeout: 60_000 }).toBe(0);
  expect(await lab.probe('edge', '10.0.1.11:8080')).toEqual(['connected']);
  expect(await after).toMatchObject({ accepted: true });
  end();
  await expect.poll(watchers, { timeout: 10_000 }).toEqual([]);
});

test('a feed whose watch breaks off tells its listeners, and can begin again', async () => {
  const feed = new FlowFeed(() => lab.plan);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  await feed.subscribe({ tell: () => {}, fail: resolve });
  const [pid] = await watchers();
  process.kill(Number(pid), 'SIGKILL');
  expect(await promise).toBeInstanceOf(CommandError);
  const end = await feed.subscribe({ tell: () => {}, fail: () => {} });
  expect(await watchers()).toHaveLength(1);
  end();
  await expect.poll(watchers, { timeout: 10_000 }).toEqual([]);
});
