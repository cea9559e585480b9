import { expect, test } from 'vitest';
import { nextSubnets } from './placement.ts';
import { groupOf } from './testing.ts';

const next = (
  subnets: readonly string[],
  members: Parameters<typeof groupOf>[1],
  count: number,
): readonly string[] => {
  const { region, group } = groupOf(subnets, members);
  return nextSubnets(region, group, count);
};

test('the zone with the fewest instances is next, the first in order where several have', () => {
  expect(next(['a1', 'b1', 'c1'], [], 4)).toEqual(['a1', 'b1', 'c1', 'a1']);
  expect(next(['a1', 'b1'], [{ id: 'x', in: 'a1' }], 2)).toEqual(['b1', 'a1']);
});

test('a zone counts once, however many subnets it has; these take turns', () => {
  expect(next(['a1', 'a2', 'b1'], [], 4)).toEqual(['a1', 'b1', 'a2', 'b1']);
});

test('an instance that ends does not count; one in standby does', () => {
  const there = (state: 'Terminating' | 'Standby') => [{ id: 'x', in: 'a1', state }];
  expect(next(['a1', 'b1'], there('Terminating'), 1)).toEqual(['a1']);
  expect(next(['a1', 'b1'], there('Standby'), 1)).toEqual(['b1']);
});

test('a group without a subnet has no place', () => {
  expect(next([], [], 2)).toEqual([]);
});
