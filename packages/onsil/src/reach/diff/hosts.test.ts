import { expect, test } from 'vitest';
import { put } from '../../region/region.ts';
import { RegionBuilder } from '../../region/testing.ts';
import { hostChanges, twinsOf } from './hosts.ts';

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24');
const host = (name: string, last: number) =>
  [name, { subnet: 'subnet-1', ip: `10.0.1.${last}`, groups: [] }] as const;
const one = base.instance(...host('one', 5));
const both = one.instance(...host('two', 6));

test('hosts of one of the regions have no twin, and are added or removed', () => {
  const alike = { name: 'one', before: 'eni-one', after: 'eni-one' };
  expect(twinsOf(one.region, both.region)).toEqual([alike, { name: 'two', after: 'eni-two' }]);
  expect(twinsOf(both.region, one.region)).toEqual([alike, { name: 'two', before: 'eni-two' }]);
  expect(hostChanges(one.region, both.region)).toEqual({
    ...{ added: ['two'], removed: [], renamed: [] },
  });
  expect(hostChanges(both.region, one.region)).toEqual({
    ...{ added: [], removed: ['two'], renamed: [] },
  });
});

test('interfaces of no instance are twins by their id, also where only one region has them', () => {
  const gateway = { subnet: 'subnet-1', ip: '10.0.1.9', publicIp: '198.18.0.9' };
  const managed = one.natGateway('nat-1', gateway);
  const [id = ''] = Object.keys(managed.region.networkInterfaces).filter(
    (each) => each !== 'eni-one',
  );
  const [, twin] = twinsOf(managed.region, managed.region);
  expect(twin).toMatchObject({ before: id, after: id });
  expect(twinsOf(one.region, managed.region)[1]).toEqual({ name: twin?.name, after: id });
  expect(twinsOf(managed.region, one.region)[1]).toEqual({ name: twin?.name, before: id });
});

test('interfaces of an instance are twins in their order, as many as either has', () => {
  const found = both.region.instances['i-one'];
  if (found === undefined) throw new RangeError('i-one');
  const { 'i-two': _, ...instances } = both.region.instances;
  const two = put({ ...both.region, instances }, 'instances', 'i-one', {
    ...{ ...found, networkInterfaceIds: ['eni-one', 'eni-two'] },
  });
  expect(twinsOf(one.region, two).map(({ before, after }) => [before, after])).toEqual([
    ['eni-one', 'eni-one'],
    [undefined, 'eni-two'],
  ]);
  expect(twinsOf(two, one.region).map(({ before, after }) => [before, after])).toEqual([
    ['eni-one', 'eni-one'],
    ['eni-two', undefined],
  ]);
});
