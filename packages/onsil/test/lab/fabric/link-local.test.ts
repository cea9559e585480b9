import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AWS_ENDPOINTS, METADATA, TIME, VPC_RESOLVER } from '../../../src/lab/addresses.ts';
import { identities } from '../../../src/lab/fabric/identity.ts';
import { run } from '../../../src/lab/process.ts';
import { type InstanceOptions, RegionBuilder } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

/** Two VPCs with the same addresses, and nothing allowed: services need no permit. */
const build = (hopLimit: number, dnsSupport = true) => {
  let builder = new RegionBuilder();
  for (const vpc of ['one', 'two']) {
    builder = builder
      .vpc(`vpc-${vpc}`, '10.0.0.0/16')
      .networkAcl(`acl-none-${vpc}`, `vpc-${vpc}`, [])
      .subnet(`subnet-${vpc}`, `vpc-${vpc}`, '10.0.0.0/24', { acl: `acl-none-${vpc}` })
      .group(`sg-none-${vpc}`, `vpc-${vpc}`, [], []);
  }
  const options = (vpc: string): InstanceOptions => ({
    ...{ subnet: `subnet-${vpc}`, ip: '10.0.0.10', groups: [`sg-none-${vpc}`], hopLimit },
  });
  builder = builder
    .instance('first', options('one'))
    .instance('second', options('two'))
    .instance('box', { ...options('one'), ip: '10.0.0.11', sourceDestCheck: false });
  const vpc = builder.region.vpcs['vpc-one'];
  if (vpc === undefined) throw new Error('no VPC');
  const vpcs = { ...builder.region.vpcs, 'vpc-one': { ...vpc, dnsSupport } };
  return new RegionBuilder({ ...builder.region, vpcs });
};
const world = build(1);

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-local', world);
  await lab.listen('the-internet', `${METADATA}:80`, `${METADATA}:81`, `${VPC_RESOLVER}:53`);
  await lab.listen('the-internet', `${AWS_ENDPOINTS}:443`, `${AWS_ENDPOINTS}:80`);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

const identityOf = (name: string) =>
  [...identities(world.region)].find(([, id]) => id === `eni-${name}`)?.[0];

describe('metadata and resolver', () => {
  test("are reached without any permit, under the interface's own identity", async () => {
    for (const name of ['first', 'second', 'box']) {
      expect(await lab.seenAs(name, METADATA, 80)).toBe(identityOf(name));
      expect(await lab.seenAs(name, VPC_RESOLVER, 53)).toBe(identityOf(name));
      expect(await lab.seenAs(name, '10.0.0.2', 53)).toBe(identityOf(name));
    }
    const names = ['first', 'second', 'box'].map(identityOf);
    expect(new Set(names).size).toBe(3);
  });

  test('are all that is reached that way', async () => {
    const closed = [`${METADATA}:81`, `${METADATA}:53`, `${VPC_RESOLVER}:80`, '10.0.0.2:80'];
    const others = [`${AWS_ENDPOINTS}:443`, '169.254.2.1:80', '169.254.169.123:80'];
    const outcomes = await lab.probe('first', ...closed, ...others);
    expect(outcomes).toEqual(Array(7).fill('timeout'));
    // Nor by a route of the guest's own that leads to the router.
    await lab.exec('first', 'ip', 'route', 'add', AWS_ENDPOINTS, 'via', '10.0.0.1');
    expect(await lab.probe('first', `${AWS_ENDPOINTS}:80`)).toEqual(['timeout']);
    await lab.exec('first', 'ip', 'route', 'del', AWS_ENDPOINTS);
  });

  test('know nobody by the address of another, check or no check', async () => {
    const before = lab.counted('vpc-one', 'link-local');
    for (const name of ['box', 'second']) {
      await lab.exec(name, 'ip', 'address', 'add', '10.0.0.77/32', 'dev', 'ens5');
      expect(await lab.probeAs(name, '10.0.0.77', `${METADATA}:80`)).toEqual(['timeout']);
    }
    await lab.exec('box', 'ip', 'address', 'add', '10.0.0.10/32', 'dev', 'ens5');
    expect(await lab.probeAs('box', '10.0.0.10', `${METADATA}:80`)).toEqual(['timeout']);
    expect(lab.counted('vpc-one', 'link-local')).toBeGreaterThanOrEqual(before + 2);
    await lab.exec('box', 'ip', 'address', 'del', '10.0.0.10/32', 'dev', 'ens5');
  });

  test('answer over UDP too', async () => {
    const file = `/run/netns/${lab.guest('first')}`;
    const ask = (host: string, port = 53) =>
      run('nsenter', [
        `--net=${file}`,
        '--',
        process.execPath,
        '--eval',
        `const s = require('node:dgram').createSocket('udp4');
         s.connect(${port}, ${JSON.stringify(host)}, () => s.send('?'));
         s.on('error', (e) => { console.log(e.code); s.close(); });
         setTimeout(() => process.exit(), 500).unref();`,
      ]);
    // Nobody listens on UDP: that the service's own "port unreachable" comes back shows that the
    // packet was there, and that errors of a tracked flow pass.
    expect((await ask(VPC_RESOLVER)).stdout).toBe('ECONNREFUSED\n');
    expect((await ask('10.0.0.2')).stdout).toBe('ECONNREFUSED\n');
    expect((await ask(METADATA)).stdout).toBe('');
    expect((await ask(TIME)).stdout).toBe('');
    expect((await ask(TIME, 123)).stdout).toBe('ECONNREFUSED\n');
  });

  test('no resolver answers in a VPC without DNS support', async () => {
    await lab.change(build(1, false).region);
    const to = [`${VPC_RESOLVER}:53`, '10.0.0.2:53', `${METADATA}:80`];
    expect(await lab.probe('first', ...to)).toEqual(['timeout', 'timeout', 'connected']);
    expect(await lab.probe('second', ...to)).toEqual(Array(3).fill('connected'));
  });
});

test('responses of the metadata service travel as many hops as the instance allows', async () => {
  // A container in the guest, behind its masquerade.
  const container = `${lab.guest('first')}.container`;
  await run('ip', ['netns', 'add', container]);
  await lab.exec('first', 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
  await lab.exec(
    'first',
    'ip',
    'link',
    'add',
    'c0',
    'type',
    'veth',
    'peer',
    'eth0',
    'netns',
    container,
  );
  await lab.exec('first', 'ip', 'address', 'add', '172.17.0.1/24', 'dev', 'c0');
  await lab.exec('first', 'ip', 'link', 'set', 'c0', 'up');
  await run('ip', ['-n', container, 'address', 'add', '172.17.0.2/24', 'dev', 'eth0']);
  await run('ip', ['-n', container, 'link', 'set', 'eth0', 'up']);
  await run('ip', ['-n', container, 'route', 'add', 'default', 'via', '172.17.0.1']);
  await lab.exec(
    'first',
    'nft',
    'table ip nat { chain post { type nat hook postrouting priority 100; oifname "ens5" masquerade; }; }',
  );
  const inside = 'first.container';
  const to = [`${METADATA}:80`, `${VPC_RESOLVER}:53`];
  expect(await lab.probe('first', ...to)).toEqual(['connected', 'connected']);
  expect(await lab.probe(inside, ...to)).toEqual(['timeout', 'connected']);
  await lab.change(build(2).region);
  expect(await lab.probe(inside, ...to)).toEqual(['connected', 'connected']);
});

test('outside hosts reach no link-local service', async () => {
  const to = [`${METADATA}:80`, `${VPC_RESOLVER}:53`, `${AWS_ENDPOINTS}:80`];
  expect(await lab.probe('internet', ...to)).toEqual(['timeout', 'timeout', 'connected']);
});
