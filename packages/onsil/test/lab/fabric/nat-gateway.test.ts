import { lookup } from 'node:dns/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OUTSIDE_HOSTS } from '../../../src/lab/addresses.ts';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { startOutside } from '../../../src/lab/fabric/outside.ts';
import { removeFabric } from '../../../src/lab/fabric/remove.ts';
import { debianMirror } from '../../../src/lab/host/mirror.ts';
import { run } from '../../../src/lab/process.ts';
import type { NetworkAclEntry } from '../../../src/region/network-acl.ts';
import { without } from '../../../src/region/region.ts';
import { entry, RegionBuilder } from '../../../src/region/testing.ts';
import { Lab, namespacesNamed } from '../support/lab.ts';

const MIRROR = debianMirror();
const STRANGER = OUTSIDE_HOSTS.internet;
const PUBLIC = '198.18.0.50';
const world = new RegionBuilder()
  .vpc('vpc-gw', '10.0.0.0/16')
  .internetGateway('igw-gw', 'vpc-gw')
  .routeTable('rtb-public', 'vpc-gw', { '0.0.0.0/0': 'igw-gw' })
  .routeTable('rtb-private', 'vpc-gw', { '0.0.0.0/0': 'nat-1' })
  .routeTable('rtb-inner', 'vpc-gw', { '0.0.0.0/0': 'nat-inner' })
  .networkAcl('acl-nat', 'vpc-gw', [
    entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
    entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
  ])
  .subnet('subnet-public', 'vpc-gw', '10.0.1.0/24', { routeTable: 'rtb-public', acl: 'acl-nat' })
  .subnet('subnet-private', 'vpc-gw', '10.0.2.0/24', { routeTable: 'rtb-private' })
  .subnet('subnet-inner', 'vpc-gw', '10.0.3.0/24', { routeTable: 'rtb-inner' })
  .group('sg-app', 'vpc-gw', [])
  .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.1.50', publicIp: PUBLIC })
  .natGateway('nat-inner', { subnet: 'subnet-public', ip: '10.0.1.51' })
  .instance('app', { subnet: 'subnet-private', ip: '10.0.2.10', groups: ['sg-app'] })
  .instance('box', {
    ...{ subnet: 'subnet-private', ip: '10.0.2.11', groups: ['sg-app'] },
    sourceDestCheck: false,
  })
  .instance('inner', { subnet: 'subnet-inner', ip: '10.0.3.10', groups: ['sg-app'] })
  .instance('edge', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.10', publicIp: '198.18.0.10', groups: ['sg-app'] },
  });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-gw', world);
  await lab.listen('internet', 80);
});
afterAll(() => lab.stop());

describe('a NAT gateway', () => {
  afterEach(() => lab.change(world.region));

  test('is the way out, under its public address and no port below 1024', async () => {
    const conversation = await lab.converse('app', STRANGER, 80, 500);
    expect(conversation.seenAs).toBe(PUBLIC);
    expect(conversation.seenPort).toBeGreaterThanOrEqual(1024);
    const text = 'x'.repeat(3_000_000);
    expect((await conversation.say(text, 60_000))?.length).toBe(text.length);
    conversation.end();
    expect(await lab.ping('app', STRANGER)).toBe(true);
  });

  test('cannot be spoken to, from outside or inside', async () => {
    expect(await lab.ping('edge', STRANGER)).toBe(true);
    expect(await lab.ping('edge', '10.0.1.50')).toBe(false);
    expect(await lab.ping('internet', PUBLIC)).toBe(false);
    expect(await lab.probe('internet', `${PUBLIC}:80`)).toEqual(['timeout']);
    expect(await lab.probe('app', '10.0.1.50:80', `${PUBLIC}:80`)).toEqual(['timeout', 'timeout']);
    expect(lab.counted('nat-1', 'nat-gateway nat-1 unsolicited')).toBeGreaterThanOrEqual(3);
  });

  // What comes back enters both subnets with the address of the one outside.
  test.each([
    ['its own subnet', 'acl-nat'],
    ['the subnet of the one who asks', 'acl-of-vpc-gw'],
  ])('is under the network ACL of %s, also for what comes back', async (_, acl) => {
    const guarded = (...more: readonly NetworkAclEntry[]) =>
      world.networkAcl(acl, 'vpc-gw', [
        entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
        entry(100, 'ingress', 'allow', '-1', '10.0.0.0/16'),
        ...more,
      ]).region;
    await lab.change(guarded());
    const before = lab.counted('vpc-gw', `network-acl ingress ${acl} *`);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    expect(lab.counted('vpc-gw', `network-acl ingress ${acl} *`)).toBeGreaterThan(before);
    const back = entry(110, 'ingress', 'allow', 'tcp 1024-65535', `${STRANGER}/32`);
    await lab.change(guarded(back));
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
  });

  test('carries TCP, UDP and ICMP, of its own VPC, and nothing else', async () => {
    const gre = `use Socket; socket(my $s, PF_INET, SOCK_RAW, 47) or die $!;
      send($s, "x" x 20, 0, sockaddr_in(0, inet_aton($ARGV[0]))) or die $!;`;
    const before = lab.counted('nat-1', 'nat-gateway nat-1 not-carried');
    await lab.exec('app', 'perl', '-e', gre, STRANGER);
    expect(lab.counted('nat-1', 'nat-gateway nat-1 not-carried')).toBe(before + 1);
    await lab.exec('box', 'ip', 'address', 'add', '192.0.2.7/32', 'dev', 'ens5');
    expect(await lab.probe('box', `${STRANGER}:80`)).toEqual(['connected']);
    expect(await lab.probeAs('box', '192.0.2.7', `${STRANGER}:80`)).toEqual(['timeout']);
    expect(lab.counted('nat-1', 'nat-gateway nat-1 not-carried')).toBeGreaterThan(before + 1);
  });

  test('resets a connection that it has forgotten', async () => {
    const { stdout } = await run('nsenter', [
      `--net=/run/netns/${lab.router('nat-1')}`,
      ...['sysctl', '-n', 'net.netfilter.nf_conntrack_tcp_timeout_established'],
    ]);
    expect(stdout).toBe('350\n');
    const conversation = await lab.converse('app', STRANGER, 80);
    expect(await conversation.say('before')).toBe('before');
    await run('nsenter', [`--net=/run/netns/${lab.router('nat-1')}`, ...['conntrack', '--flush']]);
    conversation.tell('after');
    expect(await conversation.ended).toBe('reset');
  });

  test.skipIf(MIRROR === undefined)('leads to the real Internet', async () => {
    const { host, hostname, pathname } = new URL(`${MIRROR?.archive}/dists/bookworm/InRelease`);
    const { address } = await lookup(hostname, { family: 4 });
    await startOutside('test-gw');
    const url = `http://${address}${pathname}`;
    const fetch = ['curl', '--silent', '--show-error', '--fail', '--max-time', '20'];
    expect(await lab.exec('app', ...fetch, '--header', `Host: ${host}`, url)).toContain('Suite: ');
  });

  test('without a public address does not get out by the Internet gateway', async () => {
    const before = lab.counted('vpc-gw', 'internet-gateway egress source');
    expect(await lab.probe('inner', `${STRANGER}:80`)).toEqual(['timeout']);
    expect(lab.counted('vpc-gw', 'internet-gateway egress source')).toBeGreaterThan(before);
  });

  test('that is gone leaves a blackhole, and nothing in the kernel, and comes back', async () => {
    const gone = world.without('networkInterfaces', 'eni-nat-1').region;
    await lab.change(without(gone, 'natGateways', 'nat-1'));
    expect(await namespacesNamed('test-gw')).not.toContain('onsil.test-gw.nat-1');
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['timeout']);
    await lab.change(world.region);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
    await applyFabric(lab.plan);
    expect(await lab.probe('app', `${STRANGER}:80`)).toEqual(['connected']);
  });
});

test('is removed with its lab, by the name alone', async () => {
  expect(await namespacesNamed('test-gw')).toContain('onsil.test-gw.nat-inner');
  await removeFabric('test-gw');
  expect(await namespacesNamed('test-gw')).toEqual([]);
});
