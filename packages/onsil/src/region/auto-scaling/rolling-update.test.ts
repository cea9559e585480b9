import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RollingInput, rollingSteps } from './rolling-update.ts';

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `i${index + 1}`);
const shown = (input: Partial<RollingInput>): readonly string[] =>
  rollingSteps({
    ...{ outdated: ids(2), current: 0, desired: 2, maxSize: 4, minInService: 0, maxBatch: 1 },
    ...input,
  }).map(({ terminate, launch }) => `-${terminate.join('-')} +${launch}`);

test('one after the other, by default', () => {
  expect(shown({})).toEqual(['-i1 +1', '-i2 +1']);
});

test('no more at once than a batch', () => {
  expect(shown({ outdated: ids(5), desired: 5, maxBatch: 2, maxSize: 5 })).toEqual([
    '-i1-i2 +2',
    '-i3-i4 +2',
    '-i5 +1',
  ]);
});

test('a group that can spare none grows first', () => {
  expect(shown({ minInService: 2 })).toEqual(['- +1', '-i1 +1', '-i2 +0']);
});

test('it never grows beyond its greatest size', () => {
  expect(shown({ minInService: 2, maxBatch: 2, maxSize: 3 })).toEqual(['- +1', '-i1 +1', '-i2 +0']);
});

test('a group that shrinks meanwhile launches no more than it shall have', () => {
  expect(shown({ outdated: ids(4), desired: 2, maxBatch: 2 })).toEqual(['-i1-i2 +0', '-i3-i4 +2']);
});

test('from any state it ends with what it shall have, within its bounds all the time', () => {
  const size = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(size, size, size, size, size, size, (old, current, desired, more, least, batch) => {
      const maxSize = desired + more;
      fc.pre(least < maxSize);
      const input = {
        ...{ outdated: ids(old), current, desired, maxSize, minInService: least },
        maxBatch: batch + 1,
      };
      const steps = rollingSteps(input);
      let there = old + current;
      const bound = Math.min(least, desired, there);
      const most = Math.max(maxSize, there);
      for (const { terminate, launch } of steps) {
        there -= terminate.length;
        expect(there).toBeGreaterThanOrEqual(Math.min(bound, there + terminate.length));
        expect(terminate.length).toBeLessThanOrEqual(batch + 1);
        there += launch;
        expect(there).toBeLessThanOrEqual(most);
      }
      expect(steps.flatMap(({ terminate }) => terminate)).toEqual(input.outdated);
      const launched = steps.reduce((sum, { launch }) => sum + launch, 0);
      expect(current + launched).toBe(Math.max(current, desired));
    }),
  );
});
