/** How much of the machine others use: their work moves every figure, some of them tenfold. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const SECONDS = 3;

/** Above this, in percent, a table says that it was not measured on a quiet machine. */
export const QUIET = 10;

/** Percent of the processors' time that was not idle, over a few seconds in which this process sleeps. */
export async function measureBusy(signal: AbortSignal): Promise<number> {
  const before = await readFile('/proc/stat', 'utf8');
  await sleep(SECONDS * 1000, undefined, { signal });
  return busyBetween(before, await readFile('/proc/stat', 'utf8'));
}

/**
 * @param before the text of /proc/stat, and `after` that of a later moment
 * https://www.kernel.org/doc/html/latest/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
 */
export function busyBetween(before: string, after: string): number {
  const [idle, all] = [before, after]
    .map(ticksOf)
    .reduce(([idle0, all0], [idle1, all1]) => [idle1 - idle0, all1 - all0]);
  return all === undefined || idle === undefined || all === 0 ? 0 : 100 * (1 - idle / all);
}

/** Idle ticks, waiting for a disk among them, and all ticks. */
function ticksOf(stat: string): [idle: number, all: number] {
  // user nice system idle iowait irq softirq steal; guests are in user already.
  const ticks = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return [idle + waiting, ticks.reduce((sum, each) => sum + each, 0)];
}
