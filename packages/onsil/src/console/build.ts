/** Builds the console's page with Vite, where it is missing or older than what it is made of. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { withLock } from '../lab/lock.ts';

const WEB = join(import.meta.dirname, 'web');
/** What the server serves; ignored by git. */
const DIST = join(WEB, 'dist');
const STAMP = '.sources';

/**
 * Says when it builds, and how long it took. Throws what Vite said where it fails: what was built
 * before stays.
 */
export async function ensurePage(say: (line: string) => void, web = WEB): Promise<void> {
  if (!existsSync(join(web, 'index.html'))) return;
  if (await isFresh(web)) return;
  await withLock('console-page', async () => {
    // Another command may have built it while this one waited.
    if (await isFresh(web)) return;
    const began = performance.now();
    say('building the console …');
    const digest = await digestOf(web);
    const { build } = await import('vite');
    const next = `${DIST}.new`;
    await build({
      ...{ root: web, base: '/', logLevel: 'error' },
      build: { outDir: next, emptyOutDir: true },
    });
    await writeFile(join(next, STAMP), digest);
    await mkdir(dirname(DIST), { recursive: true });
    await rm(DIST, { recursive: true, force: true });
    await rename(next, DIST);
    say(`built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  });
}

async function isFresh(web: string): Promise<boolean> {
  const stamp = await readFile(join(DIST, STAMP), 'utf8').catch(() => undefined);
  return stamp !== undefined && stamp === (await digestOf(web));
}

/** What the page has of the rest: the calls, shell lines, sums, and how a picture is drawn. */
const SHARED = [
  ...['api', 'shell-line'].map((name) => `console/${name}.ts`),
  'cost/by-resource.ts',
  ...['scene', 'palette', 'icons', 'polyline', 'layout/sizes'].map((name) => `diagram/${name}.ts`),
].map((file) => join(import.meta.dirname, '..', file));

/** Of all that the page is made of. */
async function digestOf(web: string): Promise<string> {
  const entries = await readdir(web, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^(dist|dist\.new|node_modules)\//.test(relative(web, file)))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of [...files, ...SHARED]) {
    hash.update(`${relative(web, file)}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}
