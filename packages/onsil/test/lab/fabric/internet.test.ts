import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  AWS_ENDPOINTS,
  OUTSIDE_DNS,
  OUTSIDE_GATEWAY,
  OUTSIDE_HOSTS,
} from '../../../src/lab/addresses.ts';
import { FabricError } from '../../../src/lab/fabric/names.ts';
import { startOutside } from '../../../src/lab/fabric/outside.ts';
import { debianMirror } from '../../../src/lab/host/mirror.ts';
import { RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const MIRROR = debianMirror();
const STRANGER = OUTSIDE_HOSTS.internet;
const world = new RegionBuilder()
  .vpc('vpc-net', '10.0.0.0/16')
  .internetGateway('igw-net', 'vpc-net')
  .routeTable('rtb-public', 'vpc-net', { '0.0.0.0/0': 'igw-net' })
  .routeTable('rtb-private', 'vpc-net', { '0.0.0.0/0': 'eni-nat' })
  .subnet('subnet-public', 'vpc-net', '10.0.1.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-net', '10.0.2.0/24', { routeTable: 'rtb-private' })
  .group('sg-edge', 'vpc-net', [rule('tcp 80', '0.0.0.0/0'), rule('tcp 8080', 'sg-edge')])
  .group('sg-admin', 'vpc-net', [rule('tcp 22', `${OUTSIDE_HOSTS.admin}/32`)])
  .group('sg-private', 'vpc-net', [rule('tcp 80', '0.0.0.0/0')])
  .group('sg-nat', 'vpc-net', [rule('-1', '10.0.2.0/24')])
  .instance('edge', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.10', publicIp: '198.18.0.10' },
    groups: ['sg-edge', 'sg-admin'],
  })
  .instance('twin', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.11', publicIp: '198.18.0.11' },
    groups: ['sg-edge'],
  })
  .instance('bare', { subnet: 'subnet-public', ip: '10.0.1.12', groups: ['sg-edge'] })
  .instance('nat', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.100', publicIp: '198.18.0.100' },
    groups: ['sg-nat'],
    sourceDestCheck: false,
  })
  .instance('app', { subnet: 'subnet-private', ip: '10.0.2.10', groups: ['sg-private'] })
  .instance('lost', {
    ...{ subnet: 'subnet-private', ip: '10.0.2.11', publicIp: '198.18.0.12' },
    groups: ['sg-private'],
  });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-net', world);
  await lab.forward('nat', true);
  await lab.listen('internet', 80, 5201);
  await lab.listen('edge', 80, 8080, 22);
  await lab.listen('app', 80);
  await lab.listen('lost', 80);
  await lab.listen('the-internet', `${AWS_ENDPOINTS}:443`);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

describe('the Internet gateway', () => {
  test('translates 1:1 in both ways', async () => {
    expect(await lab.seenAs('edge', STRANGER, 80)).toBe('198.18.0.10');
    expect(await lab.seenAs('internet', '198.18.0.10', 80)).toBe(STRANGER);
    expect(await lab.seenAs('edge', AWS_ENDPOINTS, 443)).toBe('198.18.0.10');
  });

  test('lets groups see the address of the one outside', async () => {
    expect(await lab.probe('admin', '198.18.0.10:22')).toEqual(['connected']);
    expect(await lab.probe('internet', '198.18.0.10:22')).toEqual(['timeout']);
  });

  test('drops a source without a public address', async () => {
    expect(await lab.probe('bare', `${STRANGER}:80`)).toEqual(['timeout']);
  });

  test('leads to no private or unassigned address, from either side', async () => {
    const inside = ['10.0.1.10:80', '10.0.2.10:80', '198.18.0.77:80', '192.168.0.1:80'];
    const links = ['169.254.1.2:80', '169.254.169.254:80', '169.254.169.253:53'];
    expect(await lab.probe('internet', ...inside, ...links)).toEqual(Array(7).fill('timeout'));
    const out = ['192.168.0.1:80', '100.64.0.1:80', '198.18.0.77:80'];
    expect(await lab.probe('edge', ...out)).toEqual(Array(3).fill('timeout'));
    // The first two never leave the router.
    expect(lab.counted('vpc-net', 'internet-gateway egress destination')).toBeGreaterThanOrEqual(2);
  });

  test('does nothing for a subnet without a route to it', async () => {
    expect(await lab.probe('internet', '198.18.0.12:80')).toEqual(['timeout']);
  });

  test('does nothing once detached', async () => {
    const tracked = await lab.converse('edge', STRANGER, 80);
    await lab.change(world.without('internetGateways', 'igw-net').region);
    expect(await lab.probe('internet', '198.18.0.10:80')).toEqual(['timeout']);
    expect(await lab.probe('edge', `${STRANGER}:80`)).toEqual(['timeout']);
    expect(await tracked.say('anybody?')).toBeUndefined();
    tracked.end();
  });

  test('gives a neighbour by its public address the source it has outside', async () => {
    expect(await lab.seenAs('twin', '198.18.0.10', 80)).toBe('198.18.0.11');
    expect(await lab.seenAs('edge', '198.18.0.10', 80)).toBe('198.18.0.10');
    // The group's own members, but not by their private addresses.
    expect(await lab.probe('twin', '10.0.1.10:8080', '198.18.0.10:8080')).toEqual([
      'connected',
      'timeout',
    ]);
    expect(await lab.probe('bare', '198.18.0.10:80')).toEqual(['timeout']);
  });
});

describe('the NAT instance', () => {
  test('is the way out of the private subnet, and no way in', async () => {
    const local = () => lab.counted('vpc-net', 'route-table rtb-public local');
    const before = local();
    expect(await lab.seenAs('app', STRANGER, 80)).toBe('198.18.0.100');
    // What it hands back to the private subnet takes the local route of its own table.
    expect(local()).toBeGreaterThan(before);
    expect(await lab.probe('internet', '198.18.0.100:80', '10.0.2.10:80')).toEqual([
      'timeout',
      'timeout',
    ]);
  });

  test('needs its check switched off, and its group to let the subnet in', async () => {
    const nat = { subnet: 'subnet-public', ip: '10.0.1.100', publicIp: '198.18.0.100' };
    await lab.change(world.instance('nat', { ...nat, groups: ['sg-nat'] }).region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.change(world.group('sg-nat', 'vpc-net', []).region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.change(world.region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
  });

  test('is missed when its route goes', async () => {
    await lab.change(world.routeTable('rtb-private', 'vpc-net', {}).region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.change(world.region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
  });

  test('leaves a blackhole behind when it stops, not a shorter route, and comes back', async () => {
    const two = { '0.0.0.0/0': 'igw-net', [`${STRANGER}/32`]: 'eni-nat' };
    await lab.change(world.routeTable('rtb-public', 'vpc-net', two).region);
    await lab.shutDown('nat');
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    expect(await lab.probe('edge', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.change(world.region);
    expect(await lab.probe('edge', `${STRANGER}:80`)).toEqual(['connected']);
    await lab.boot('nat');
    await lab.forward('nat', true);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
  });
});

test('datagrams too large for the Internet are answered with its MTU, also through the NAT', async () => {
  const send = `const s = require('node:dgram').createSocket('udp4');
    s.on('error', () => s.close());
    s.send(Buffer.alloc(4000), 9, ${JSON.stringify(STRANGER)}, () => setTimeout(() => s.close(), 200));`;
  for (const name of ['edge', 'app']) {
    await lab.exec(name, process.execPath, '--eval', send);
    expect(await lab.exec(name, 'ip', 'route', 'get', STRANGER)).toContain('mtu 1500');
  }
});

test('large transfers work, straight and through the NAT, out and in', async () => {
  const text = 'x'.repeat(3_000_000);
  for (const name of ['edge', 'app']) {
    expect(await lab.exec(name, 'ip', 'link', 'show', 'ens5')).toContain('mtu 9001');
    const conversation = await lab.converse(name, STRANGER, 5201);
    expect((await conversation.say(text, 60_000))?.length).toBe(text.length);
    conversation.end();
  }
  const inward = await lab.converse('internet', '198.18.0.10', 80);
  expect((await inward.say(text, 60_000))?.length).toBe(text.length);
  inward.end();
});

describe('the way out', () => {
  test.skipIf(MIRROR === undefined)('carries a download through the NAT instance', async () => {
    const { host, hostname, pathname } = new URL(`${MIRROR?.archive}/dists/bookworm/InRelease`);
    const { address } = await lookup(hostname, { family: 4 });
    const fetch = ['curl', '--silent', '--show-error', '--fail', '--max-time', '20'];
    const url = `http://${address}${pathname}`;
    const before = lab.exec('app', ...fetch, '--max-time', '2', '--header', `Host: ${host}`, url);
    await expect(before).rejects.toThrow('timed out');
    const { pid } = await startOutside('test-net');
    expect(await startOutside('test-net')).toEqual({ pid });
    expect(await lab.exec('app', ...fetch, '--header', `Host: ${host}`, url)).toContain('Suite: ');
  });

  test('leads neither to private networks nor to the host', async () => {
    await startOutside('test-net');
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address }) => `${address}:${port}`);
    const to = [
      '192.168.1.1:80',
      `${OUTSIDE_GATEWAY}:${port}`,
      `${OUTSIDE_DNS}:53`,
      ...own.slice(1),
    ];
    for (const name of ['app', 'edge', 'internet']) {
      expect(await lab.probe(name, ...to)).toEqual(to.map(() => 'timeout'));
    }
    server.close();
  });

  test('needs the lab to be there', async () => {
    await expect(startOutside('no-such-lab')).rejects.toThrow(FabricError);
  });
});
