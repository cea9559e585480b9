import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { METADATA, OUTSIDE_HOSTS } from '../../../src/lab/addresses.ts';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { run } from '../../../src/lab/process.ts';
import { without } from '../../../src/region/region.ts';
import { entry, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const STRANGER = OUTSIDE_HOSTS.internet;
const DENY_8080 = [
  entry(90, 'ingress', 'deny', 'tcp 8080', '10.1.0.0/16'),
  entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
  entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
];

/** Three VPCs in a row, where the outer ones would like to meet, and use the middle one's gateways. */
const world = new RegionBuilder()
  .vpc('vpc-a', '10.1.0.0/16')
  .vpc('vpc-b', '10.2.0.0/16')
  .vpc('vpc-c', '10.3.0.0/16')
  .peering('pcx-ab', 'vpc-a', 'vpc-b')
  .peering('pcx-bc', 'vpc-b', 'vpc-c')
  .internetGateway('igw-b', 'vpc-b')
  .routeTable('rtb-of-vpc-a', 'vpc-a', { '10.2.0.0/16': 'pcx-ab', '0.0.0.0/0': 'pcx-ab' })
  .routeTable('rtb-aside', 'vpc-a', { '10.2.0.0/16': 'eni-box' })
  .routeTable('rtb-nat', 'vpc-a', { '10.2.0.0/16': 'nat-a' })
  .routeTable('rtb-of-vpc-b', 'vpc-b', {
    '10.1.0.0/16': 'pcx-ab',
    '10.3.0.0/16': 'pcx-bc',
    '0.0.0.0/0': 'igw-b',
  })
  .routeTable('rtb-of-vpc-c', 'vpc-c', { '10.2.0.0/16': 'pcx-bc', '10.1.0.0/16': 'pcx-bc' })
  .subnet('subnet-a', 'vpc-a', '10.1.1.0/24')
  .subnet('subnet-aside', 'vpc-a', '10.1.2.0/24', { routeTable: 'rtb-aside' })
  .subnet('subnet-nat', 'vpc-a', '10.1.3.0/24', { routeTable: 'rtb-nat' })
  .subnet('subnet-b', 'vpc-b', '10.2.1.0/24')
  .subnet('subnet-c', 'vpc-c', '10.3.1.0/24')
  .group('sg-open', 'vpc-a', [rule('-1', '0.0.0.0/0')])
  .group('sg-client', 'vpc-a', [], [rule('tcp 8080', 'sg-server'), rule('tcp 9000', '10.2.0.0/16')])
  .group('sg-server', 'vpc-b', [rule('tcp 8080', 'sg-client'), rule('tcp 9000', '10.0.0.0/8')])
  .group('sg-anybody', 'vpc-b', [rule('-1', '0.0.0.0/0')])
  .group('sg-c', 'vpc-c', [rule('-1', '0.0.0.0/0')])
  .natGateway('nat-a', { subnet: 'subnet-a', ip: '10.1.1.50' })
  .instance('client', { subnet: 'subnet-a', ip: '10.1.1.10', groups: ['sg-client'] })
  .instance('other', { subnet: 'subnet-a', ip: '10.1.1.11', groups: ['sg-open'] })
  .instance('aside', { subnet: 'subnet-aside', ip: '10.1.2.10', groups: ['sg-client', 'sg-open'] })
  .instance('hidden', { subnet: 'subnet-nat', ip: '10.1.3.10', groups: ['sg-client', 'sg-open'] })
  .instance('box', {
    ...{ subnet: 'subnet-a', ip: '10.1.1.100', groups: ['sg-open', 'sg-client'] },
    sourceDestCheck: false,
  })
  .instance('server', { subnet: 'subnet-b', ip: '10.2.1.10', groups: ['sg-server'] })
  .instance('edge', {
    ...{ subnet: 'subnet-b', ip: '10.2.1.11', publicIp: '198.18.0.11' },
    groups: ['sg-anybody'],
  })
  .instance('far', { subnet: 'subnet-c', ip: '10.3.1.10', groups: ['sg-c'] });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-pcx', world);
  await lab.forward('box', false);
  await lab.listen('server', 8080, 9000);
  await lab.listen('edge', 9000);
  await lab.listen('other', 8080);
  await lab.listen('far', 9000);
  await lab.listen('internet', 80);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

describe('peering', () => {
  test('joins private addresses, unchanged, from either side', async () => {
    expect(await lab.seenAs('client', '10.2.1.10', 9000)).toBe('10.1.1.10');
    expect(await lab.seenAs('edge', '10.1.1.11', 8080)).toBe('10.2.1.11');
    expect(await lab.ping('other', '10.2.1.11')).toBe(true);
  });

  test('carries large packets as inside a VPC', async () => {
    const conversation = await lab.converse('client', '10.2.1.10', 9000);
    const text = 'x'.repeat(3_000_000);
    expect((await conversation.say(text, 60_000))?.length).toBe(text.length);
    conversation.end();
  });

  test('needs a route on each side', async () => {
    const back = { '10.3.0.0/16': 'pcx-bc', '0.0.0.0/0': 'igw-b' };
    await lab.change(world.routeTable('rtb-of-vpc-b', 'vpc-b', back).region);
    const before = lab.counted('vpc-b', 'internet-gateway egress destination');
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['timeout']);
    // The request was there: its answer took the default route.
    expect(lab.counted('vpc-b', 'internet-gateway egress destination')).toBeGreaterThan(before);
    await lab.change(world.routeTable('rtb-of-vpc-a', 'vpc-a', {}).region);
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['timeout']);
  });

  test('asks both gates and the ACL of either subnet', async () => {
    const to = ['10.2.1.10:8080', '10.2.1.10:9000'];
    expect(await lab.probe('client', ...to)).toEqual(['connected', 'connected']);
    await lab.change(world.group('sg-client', 'vpc-a', [], []).region);
    expect(await lab.probe('client', ...to)).toEqual(['timeout', 'timeout']);
    await lab.change(world.group('sg-server', 'vpc-b', []).region);
    expect(await lab.probe('client', ...to)).toEqual(['timeout', 'timeout']);
    await lab.change(world.networkAcl('acl-of-vpc-b', 'vpc-b', DENY_8080).region);
    expect(await lab.probe('client', ...to)).toEqual(['timeout', 'connected']);
  });

  test('is nothing while it is not active, and leaves nothing when it is gone', async () => {
    await lab.change(world.peering('pcx-ab', 'vpc-a', 'vpc-b', false).region);
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['timeout']);
    await lab.change(world.region);
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['connected']);
    await lab.change(without(world.region, 'vpcPeeringConnections', 'pcx-ab'));
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['timeout']);
    for (const vpc of ['vpc-a', 'vpc-b']) {
      const { stdout } = await run('ip', ['-n', lab.router(vpc), '-brief', 'link']);
      expect(stdout).not.toMatch(/pc[xf]-ab/);
      expect(stdout.includes('pcx-bc')).toBe(vpc === 'vpc-b');
    }
    // Without memory, as after a crash: the links of the plan come back.
    await lab.change(world.region);
    await applyFabric(lab.plan);
    expect(await lab.probe('client', '10.2.1.10:9000')).toEqual(['connected']);
  });
});

describe('a reference to a group of the other VPC', () => {
  test('matches its members only', async () => {
    const to = ['10.2.1.10:8080', '10.2.1.10:9000'];
    expect(await lab.probe('other', ...to)).toEqual(['timeout', 'connected']);
    // The client may go to members of the server's group, and to nobody else on that port.
    await lab.change(world.group('sg-server', 'vpc-b', [rule('-1', '0.0.0.0/0')]).region);
    expect(await lab.probe('client', '10.2.1.10:8080', '10.2.1.11:8080')).toEqual([
      'connected',
      'timeout',
    ]);
  });

  test('does not match what a middlebox or a NAT gateway hands on', async () => {
    expect(await lab.seenAs('aside', '10.2.1.10', 9000)).toBe('10.1.2.10');
    expect(await lab.seenAs('hidden', '10.2.1.10', 9000)).toBe('10.1.1.50');
    const to = '10.2.1.10:8080';
    expect(await lab.probe('aside', to)).toEqual(['timeout']);
    expect(await lab.probe('hidden', to)).toEqual(['timeout']);
    // The middlebox itself is a member.
    expect(await lab.probe('box', to)).toEqual(['connected']);
    const straight = world.routeTable('rtb-aside', 'vpc-a', { '10.2.0.0/16': 'pcx-ab' });
    await lab.change(straight.region);
    expect(await lab.probe('aside', to)).toEqual(['connected']);
  });
});

describe('what is on the other side is not passed through', () => {
  test('to a third VPC', async () => {
    const before = lab.counted('vpc-a', 'vpc-peering-connection egress pcx-ab');
    expect(await lab.probe('other', '10.3.1.10:9000')).toEqual(['timeout']);
    expect(lab.counted('vpc-a', 'vpc-peering-connection egress pcx-ab')).toBeGreaterThan(before);
    expect(await lab.probe('edge', '10.3.1.10:9000')).toEqual(['connected']);
  });

  test('to its Internet gateway, by no source', async () => {
    expect(await lab.probe('edge', `${STRANGER}:80`)).toEqual(['connected']);
    expect(await lab.probe('other', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.exec('box', 'ip', 'address', 'add', '10.2.1.11/32', 'dev', 'ens5');
    expect(await lab.probeAs('box', '10.2.1.11', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.exec('box', 'ip', 'address', 'del', '10.2.1.11/32', 'dev', 'ens5');
  });

  test('to its router, its resolver and its other services', async () => {
    const to = ['10.2.1.1:80', '10.2.0.2:53', '10.2.1.99:80', `${METADATA}:81`];
    expect(await lab.probe('other', ...to)).toEqual(Array(4).fill('timeout'));
  });

  test('and a source must be an address of the sending VPC', async () => {
    for (const [ip, outcome] of [
      ['10.1.77.7', 'reached'],
      ['10.3.1.77', 'stopped'],
      ['192.0.2.7', 'stopped'],
    ] as const) {
      await lab.exec('box', 'ip', 'address', 'add', `${ip}/32`, 'dev', 'ens5');
      const before = lab.counted('vpc-a', 'vpc-peering-connection egress pcx-ab');
      expect(await lab.probeAs('box', ip, '10.2.1.10:9000')).toEqual(['timeout']);
      const stopped = lab.counted('vpc-a', 'vpc-peering-connection egress pcx-ab') > before;
      expect(stopped ? 'stopped' : 'reached', ip).toBe(outcome);
      await lab.exec('box', 'ip', 'address', 'del', `${ip}/32`, 'dev', 'ens5');
    }
  });
});
