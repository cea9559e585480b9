import { expect, test } from 'vitest';
import { keyed } from './keyed.ts';

test('what reads alike has keys of its own, in any order of the others', () => {
  const keys = (...items: readonly string[]) => keyed(items).map(([key]) => key);
  expect(new Set(keys('a', 'b', 'a')).size).toBe(3);
  expect(keys('b', 'a').toSorted()).toEqual(keys('a', 'b').toSorted());
});
