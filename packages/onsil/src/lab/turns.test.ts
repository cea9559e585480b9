import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('no more than so many are under way, in the order in which they came', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => (): Promise<number> =>
    new Promise((resolve) => {
      begun.push(number);
      ends[number] = () => resolve(number);
    });
  const all = [0, 1, 2, 3].map((number) => turns.take(work(number)));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await settle();
  ends[3]?.();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

test('one that fails makes room, too', async () => {
  const turns = new Turns(1);
  const failing = turns.take(() => Promise.reject(new Error('it broke')));
  const next = turns.take(async () => 'done');
  await expect(failing).rejects.toThrow('it broke');
  expect(await next).toBe('done');
});
