import { expect, test } from 'vitest';
import { sampleRegion } from '../../testing.ts';
import { Departed } from './departed.ts';

test('who left is remembered for an hour, unless it comes back', () => {
  let now = 0;
  const departed = new Departed(() => now);
  const there = sampleRegion();
  const bare = { ...there, instances: {} };
  const ids = () => departed.list().map(({ id }) => id);
  departed.note(there, bare);
  const [id] = Object.keys(there.instances);
  now = 60 * 60_000;
  expect(ids()).toEqual([id]);
  now += 1;
  expect(ids()).toEqual([]);
  departed.note(there, bare);
  departed.note(bare, there);
  expect(ids()).toEqual([]);
});
