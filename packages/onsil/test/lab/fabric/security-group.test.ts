import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const base = new RegionBuilder()
  .vpc('vpc-groups', '10.0.0.0/16')
  .subnet('subnet-a', 'vpc-groups', '10.0.1.0/24')
  .subnet('subnet-b', 'vpc-groups', '10.0.2.0/24')
  .group('sg-client', 'vpc-groups', [])
  .group('sg-mute', 'vpc-groups', [rule('-1', '0.0.0.0/0')], [])
  .group('sg-narrow', 'vpc-groups', [], [rule('tcp 8080', '10.0.2.0/24')])
  .group('sg-server', 'vpc-groups', [
    rule('tcp 8080', 'sg-client'),
    rule('tcp 8080', 'sg-narrow'),
    rule('tcp 8090-8092', '10.0.1.10/32'),
    rule('tcp 9000', 'sg-server'),
  ])
  .group('sg-closed', 'vpc-groups', []);

const world = base
  .instance('client', { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-client'] })
  .instance('stranger', { subnet: 'subnet-a', ip: '10.0.1.11', groups: ['sg-closed'] })
  .instance('mute', { subnet: 'subnet-a', ip: '10.0.1.12', groups: ['sg-mute'] })
  .instance('narrow', { subnet: 'subnet-a', ip: '10.0.1.13', groups: ['sg-narrow'] })
  .instance('near', { subnet: 'subnet-a', ip: '10.0.1.20', groups: ['sg-server'] })
  .instance('far', { subnet: 'subnet-b', ip: '10.0.2.20', groups: ['sg-closed', 'sg-server'] });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-groups', world);
  for (const name of ['near', 'far', 'mute', 'client']) {
    await lab.listen(name, 8080, 8090, 8092, 8093, 9000);
  }
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

describe('a rule', () => {
  test('that names a group lets its members in, in the same subnet and across', async () => {
    const to = ['10.0.1.20:8080', '10.0.2.20:8080', '10.0.1.20:9000', '10.0.2.20:9000'];
    expect(await lab.probe('client', ...to)).toEqual([
      'connected',
      'connected',
      'timeout',
      'timeout',
    ]);
    expect(await lab.probe('stranger', ...to)).toEqual([
      'timeout',
      'timeout',
      'timeout',
      'timeout',
    ]);
  });

  test('that names its own group lets members reach each other, and only by that rule', async () => {
    expect(await lab.probe('near', '10.0.2.20:9000', '10.0.2.20:8080')).toEqual([
      'connected',
      'timeout',
    ]);
  });

  test('with a range of ports ends where the range ends', async () => {
    const to = ['10.0.2.20:8090', '10.0.2.20:8091', '10.0.2.20:8092', '10.0.2.20:8093'];
    expect(await lab.probe('client', ...to)).toEqual([
      'connected',
      'refused',
      'connected',
      'timeout',
    ]);
  });
});

describe('the two gates are independent', () => {
  test('an ingress that accepts all does not help against one', async () => {
    expect(await lab.probe('client', '10.0.1.12:8080')).toEqual(['connected']);
    expect(await lab.probe('mute', '10.0.1.10:8080', '10.0.1.20:8080')).toEqual([
      'timeout',
      'timeout',
    ]);
  });

  test('an egress that accepts all does not help against an ingress', async () => {
    expect(await lab.probe('stranger', '10.0.1.20:8080', '10.0.1.12:8080')).toEqual([
      'timeout',
      'connected',
    ]);
  });

  test('an ingress that accepts does not help against an egress', async () => {
    const to = ['10.0.2.20:8080', '10.0.1.20:8080', '10.0.1.12:8080'];
    expect(await lab.probe('narrow', ...to)).toEqual(['connected', 'timeout', 'timeout']);
  });
});

test('a revoked rule stops new connections and leaves tracked ones', async () => {
  const tracked = await lab.converse('client', '10.0.2.20', 8080);
  expect(await tracked.say('before')).toBe('before');
  await lab.change(world.group('sg-server', 'vpc-groups', []).region);
  expect(await lab.probe('client', '10.0.2.20:8080')).toEqual(['timeout']);
  expect(await tracked.say('after')).toBe('after');
  await lab.change(world.region);
  expect(await lab.probe('client', '10.0.2.20:8080')).toEqual(['connected']);
  tracked.end();
});

test('a member that leaves the group is let in no more', async () => {
  const changed = world.instance('client', {
    subnet: 'subnet-a',
    ip: '10.0.1.10',
    groups: ['sg-closed'],
  });
  await lab.change(changed.region);
  expect(await lab.probe('client', '10.0.2.20:8080', '10.0.2.20:8090')).toEqual([
    'timeout',
    'connected',
  ]);
});

describe('root in a guest', () => {
  test('changes nothing by emptying its own rules', async () => {
    await lab.exec('mute', 'nft', 'flush', 'ruleset');
    await lab.exec('far', 'nft', 'flush', 'ruleset');
    expect(await lab.probe('mute', '10.0.1.20:8080')).toEqual(['timeout']);
    expect(await lab.probe('stranger', '10.0.2.20:8080')).toEqual(['timeout']);
  });

  test('gains nothing from the address of another', async () => {
    await lab.exec('stranger', 'ip', 'address', 'add', '10.0.1.10/24', 'dev', 'ens5');
    const to = ['10.0.1.12:8080', '10.0.1.20:8080'];
    const before = lab.counted('vpc-groups', 'source-check');
    expect(await lab.probeAs('stranger', '10.0.1.10', ...to)).toEqual(['timeout', 'timeout']);
    expect(lab.counted('vpc-groups', 'source-check')).toBeGreaterThan(before);
    expect(await lab.probeAs('stranger', '10.0.1.11', ...to)).toEqual(['connected', 'timeout']);
    // Nor does the fabric believe its ARP: the rightful owner keeps the address.
    expect(await lab.probe('near', '10.0.1.10:8080')).toEqual(['timeout']);
    expect(await lab.probe('client', '10.0.1.20:8080')).toEqual(['connected']);
    await lab.exec('stranger', 'ip', 'address', 'del', '10.0.1.10/24', 'dev', 'ens5');
  });
});

test('an address that nobody has, or whose instance is off, stays silent', async () => {
  await lab.shutDown('mute');
  const to = ['10.0.1.99:80', '10.0.2.99:80', '10.0.99.1:80', '10.0.1.12:8080', '10.0.1.1:80'];
  // The gateway itself, and outside of the VPC without a route.
  const others = ['10.0.2.1:22', '203.0.113.9:80', '169.254.1.2:80', '169.254.9.9:80'];
  const outcomes = await lab.probe('client', ...to, ...others);
  expect(outcomes).toEqual(Array(9).fill('timeout'));
  await lab.boot('mute');
  await lab.listen('mute', 8080);
  expect(await lab.probe('client', '10.0.1.12:8080')).toEqual(['connected']);
});
