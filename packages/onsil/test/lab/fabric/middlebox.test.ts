import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type InstanceOptions, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

/** Between the subnets stands an appliance that forwards without translating. */
const through = { '10.0.2.0/24': 'eni-box' };
const back = { '10.0.1.0/24': 'eni-box' };
const appliance = { subnet: 'subnet-box', ip: '10.0.3.10', groups: ['sg-open'] };
const build = (box: Partial<InstanceOptions>) =>
  new RegionBuilder()
    .vpc('vpc-box', '10.0.0.0/16')
    .routeTable('rtb-left', 'vpc-box', through)
    .routeTable('rtb-right', 'vpc-box', back)
    .subnet('subnet-left', 'vpc-box', '10.0.1.0/24', { routeTable: 'rtb-left' })
    .subnet('subnet-right', 'vpc-box', '10.0.2.0/24', { routeTable: 'rtb-right' })
    .subnet('subnet-box', 'vpc-box', '10.0.3.0/24')
    .group('sg-open', 'vpc-box', [rule('-1', '0.0.0.0/0')])
    .group('sg-client', 'vpc-box', [])
    .group('sg-server', 'vpc-box', [
      rule('tcp 8080', 'sg-client'),
      rule('tcp 8080', 'sg-server'),
      rule('tcp 9000', '10.0.1.0/24'),
    ])
    .instance('left', { subnet: 'subnet-left', ip: '10.0.1.10', groups: ['sg-client'] })
    .instance('right', { subnet: 'subnet-right', ip: '10.0.2.10', groups: ['sg-server'] })
    .instance('beside', { subnet: 'subnet-right', ip: '10.0.2.11', groups: ['sg-server'] })
    .instance('box', { ...appliance, sourceDestCheck: false, ...box });
const world = build({});
const direct = world.routeTable('rtb-left', 'vpc-box', {}).routeTable('rtb-right', 'vpc-box', {});

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-box', world);
  await lab.forward('box', false);
  await lab.listen('right', 8080, 9000);
  await lab.listen('box', 8080);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

test('an address rule matches through a middlebox, a group reference does not', async () => {
  expect(await lab.probe('left', '10.0.2.10:9000', '10.0.2.10:8080')).toEqual([
    'connected',
    'timeout',
  ]);
  await lab.change(direct.region);
  expect(await lab.probe('left', '10.0.2.10:9000', '10.0.2.10:8080')).toEqual([
    'connected',
    'connected',
  ]);
});

test('the packets really pass the middlebox', async () => {
  await lab.exec(
    'box',
    'nft',
    'table ip stop { chain f { type filter hook forward priority 0; policy drop; }; }',
  );
  expect(await lab.probe('left', '10.0.2.10:9000')).toEqual(['timeout']);
  await lab.exec('box', 'nft', 'delete table ip stop');
  expect(await lab.probe('left', '10.0.2.10:9000')).toEqual(['connected']);
  // The answers too, by the other subnet's route.
  await lab.exec(
    'box',
    'nft',
    'table ip stop { chain f { type filter hook forward priority 0; ip saddr 10.0.2.0/24 drop; }; }',
  );
  expect(await lab.probe('left', '10.0.2.10:9000')).toEqual(['timeout']);
  await lab.exec('box', 'nft', 'delete table ip stop');
});

test('neighbours in a subnet ask no route table', async () => {
  const own = { ...back, '10.0.2.0/24': 'eni-box' };
  await lab.change(world.routeTable('rtb-right', 'vpc-box', own).region);
  expect(await lab.probe('beside', '10.0.2.10:8080')).toEqual(['connected']);
});

test('the middlebox has gates of its own, asked once more in each direction', async () => {
  await lab.change(world.group('sg-open', 'vpc-box', []).region);
  expect(await lab.probe('left', '10.0.2.10:9000')).toEqual(['timeout']);
  const deaf = world.group('sg-open', 'vpc-box', [rule('-1', '0.0.0.0/0')], []);
  await lab.change(deaf.region);
  expect(await lab.probe('left', '10.0.2.10:9000')).toEqual(['timeout']);
});

test('with its check on, a middlebox gets its own packets only', async () => {
  await lab.change(build({ sourceDestCheck: true }).region);
  const before = lab.counted('vpc-box', 'destination-check');
  expect(await lab.probe('left', '10.0.2.10:9000', '10.0.3.10:8080')).toEqual([
    'timeout',
    'connected',
  ]);
  expect(lab.counted('vpc-box', 'destination-check')).toBeGreaterThan(before);
});

test('the check also refuses what goes out under another address', async () => {
  await lab.change(direct.region);
  await lab.exec('box', 'ip', 'address', 'add', '10.0.1.10/32', 'dev', 'ens5');
  // With the check off its packet is let out, and its SYN reaches the server by address rule …
  const drops = () => lab.counted('vpc-box', 'source-check');
  const before = drops();
  await lab.probeAs('box', '10.0.1.10', '10.0.2.10:9000');
  expect(drops()).toBe(before);
  // … and a reference to the group of the rightful owner still does not match.
  expect(await lab.probeAs('box', '10.0.1.10', '10.0.2.10:8080')).toEqual(['timeout']);
  await lab.change(
    build({ sourceDestCheck: true })
      .routeTable('rtb-left', 'vpc-box', {})
      .routeTable('rtb-right', 'vpc-box', {}).region,
  );
  await lab.probeAs('box', '10.0.1.10', '10.0.2.10:9000');
  expect(drops()).toBeGreaterThan(before);
  await lab.exec('box', 'ip', 'address', 'del', '10.0.1.10/32', 'dev', 'ens5');
});
