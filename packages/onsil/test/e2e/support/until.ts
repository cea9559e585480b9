import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a state that comes by itself, e.g. a machine that boots. Not for what has to be
 * right at once: that is asserted.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  done: (value: T) => boolean,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (done(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${seconds} s for ${what}; last: ${JSON.stringify(value)}`);
    }
    await sleep(100);
  }
}
