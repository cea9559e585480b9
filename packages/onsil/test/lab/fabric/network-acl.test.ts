import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const EPHEMERAL = 'tcp 1024-65535';
const world = new RegionBuilder()
  .vpc('vpc-acl', '10.0.0.0/16')
  .networkAcl('acl-db', 'vpc-acl', [
    entry(100, 'ingress', 'allow', 'tcp 3306', '10.0.1.0/24'),
    entry(200, 'ingress', 'allow', 'tcp 8080', '10.0.1.0/24'),
    entry(150, 'ingress', 'deny', 'tcp 8080', '10.0.1.10/32'),
    entry(100, 'egress', 'allow', EPHEMERAL, '10.0.1.0/24'),
  ])
  .subnet('subnet-app', 'vpc-acl', '10.0.1.0/24')
  .subnet('subnet-db', 'vpc-acl', '10.0.2.0/24', { acl: 'acl-db' })
  .group('sg-open', 'vpc-acl', [rule('-1', '0.0.0.0/0')])
  .instance('app', { subnet: 'subnet-app', ip: '10.0.1.10', groups: ['sg-open'] })
  .instance('other', { subnet: 'subnet-app', ip: '10.0.1.11', groups: ['sg-open'] })
  .instance('db', { subnet: 'subnet-db', ip: '10.0.2.10', groups: ['sg-open'] })
  .instance('replica', { subnet: 'subnet-db', ip: '10.0.2.11', groups: ['sg-open'] });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-acl', world);
  await lab.listen('db', 3306, 8080, 22);
  await lab.listen('app', 8080);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

test('acts at the edge of a subnet, and not inside it', async () => {
  const to = ['10.0.2.10:3306', '10.0.2.10:22'];
  expect(await lab.probe('app', ...to)).toEqual(['connected', 'timeout']);
  expect(await lab.probe('replica', ...to)).toEqual(['connected', 'connected']);
});

test('the lowest number that matches decides', async () => {
  expect(await lab.probe('app', '10.0.2.10:8080')).toEqual(['timeout']);
  expect(await lab.probe('other', '10.0.2.10:8080')).toEqual(['connected']);
});

test('is stateless: the answer needs a permit of its own', async () => {
  const withoutReturn = world.networkAcl('acl-db', 'vpc-acl', [
    entry(100, 'ingress', 'allow', 'tcp 3306', '10.0.1.0/24'),
  ]);
  await lab.change(withoutReturn.region);
  expect(await lab.probe('app', '10.0.2.10:3306')).toEqual(['timeout']);
});

test('cuts a tracked connection, unlike a security group', async () => {
  const tracked = await lab.converse('app', '10.0.2.10', 3306);
  expect(await tracked.say('before')).toBe('before');
  await lab.change(world.networkAcl('acl-db', 'vpc-acl', []).region);
  expect(await tracked.say('after')).toBeUndefined();
  tracked.end();
});

test('an answer comes in only by a permit for the ports of the one who asked', async () => {
  expect(await lab.probe('db', '10.0.1.10:8080')).toEqual(['timeout']);
  await lab.change(
    world.networkAcl('acl-db', 'vpc-acl', [
      entry(100, 'ingress', 'allow', EPHEMERAL, '10.0.1.0/24'),
      entry(100, 'egress', 'allow', 'tcp 8080', '10.0.1.0/24'),
    ]).region,
  );
  expect(await lab.probe('db', '10.0.1.10:8080')).toEqual(['connected']);
});
