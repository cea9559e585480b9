import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { alone, withLock } from './lock.ts';

const LAB = `test-lock-${process.pid}`;

test('of two pieces of work for a lab the second begins when the first has ended', async () => {
  const said: string[] = [];
  const free = Promise.withResolvers<void>();
  const first = withLock(LAB, async () => {
    said.push('first begins');
    await free.promise;
    said.push('first ends');
    return 1;
  });
  const second = withLock(LAB, async () => {
    said.push('second begins');
    return 2;
  });
  // Another lab's work does not wait, and is done while the first still goes on.
  expect(await withLock(`${LAB}-other`, async () => 3)).toBe(3);
  // The second looks every 10 ms.
  await sleep(40);
  free.resolve();
  expect(await Promise.all([first, second])).toEqual([1, 2]);
  expect(said).toEqual(['first begins', 'first ends', 'second begins']);
});

test('work that fails lets go', async () => {
  const failing = withLock(LAB, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await withLock(LAB, async () => 'next')).toBe('next');
});

test('who waits can be told to stop, and the work is not done', async () => {
  const free = Promise.withResolvers<void>();
  const first = alone(LAB, () => free.promise);
  const stop = new AbortController();
  const said: string[] = [];
  const second = alone(LAB, async () => said.push('done'), stop.signal);
  stop.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  free.resolve();
  await first;
  expect(said).toEqual([]);
});
