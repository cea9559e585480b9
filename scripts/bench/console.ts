/** What the console costs: its first picture, and the daemon's processors while it is watched or not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processes } from '../../packages/onsil/src/lab/machine/cgroup.ts';
import { run } from '../../packages/onsil/src/lab/process.ts';
import { launchBrowser } from '../../packages/onsil/test/e2e/support/browser.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/onsil/bin/onsil.mjs', import.meta.url));
const SECONDS = 20;
/** Of /proc: https://www.kernel.org/doc/html/latest/filesystems/proc.html */
const TICKS_PER_SECOND = 100;

export interface ConsoleCost {
  /** Milliseconds from the page's load event to its first picture. */
  readonly paint: number;
  /** Percent of one core, the programs that the daemon starts included. */
  readonly idle: number;
  readonly watched: number;
  /** After the last page was closed. */
  readonly closed: number;
}

/** Of a lab that is up and was not opened before. */
export async function measureConsole(lab: string, signal: AbortSignal): Promise<ConsoleCost> {
  const idle = await percent(lab, signal);
  const { stdout } = await run(process.execPath, [PROGRAM, 'console', '--lab', lab, '--json'], {
    signal,
  });
  const { url }: { readonly url: string } = JSON.parse(stdout);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(url);
    const paint = await page.evaluate<number>(FIRST_PICTURE);
    // What it does once is over by then.
    await sleep(5000, undefined, { signal });
    const watched = await percent(lab, signal);
    await page.close();
    await sleep(5000, undefined, { signal });
    return { paint, idle, watched, closed: await percent(lab, signal) };
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
const FIRST_PICTURE = `new Promise((done) => {
  const look = () => {
    const [{ loadEventEnd }] = performance.getEntriesByType('navigation');
    const isThere = document.querySelector('.react-flow__node') !== null && loadEventEnd > 0;
    requestAnimationFrame(isThere ? () => done(performance.now() - loadEventEnd) : look);
  };
  look();
})`;

async function percent(lab: string, signal: AbortSignal): Promise<number> {
  const cgroup = join('onsil', lab, 'daemon');
  const [before, began] = [await ticks(cgroup), performance.now()];
  await sleep(SECONDS * 1000, undefined, { signal });
  const used = (await ticks(cgroup)) - before;
  return (100 * used) / TICKS_PER_SECOND / ((performance.now() - began) / 1000);
}

/** Of all that run, and of those that they have waited for. */
async function ticks(cgroup: string): Promise<number> {
  const pids = await processes(cgroup);
  const all = await Promise.all(
    pids.map(async (pid) => ticksOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))),
  );
  return all.reduce((sum, each) => sum + each, 0);
}

/** User and system time of a process and of its children that ended, in ticks. */
export function ticksOf(stat: string): number {
  // The name, in brackets, may have blanks and brackets in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
}
