/**
 * What `npm run up`, `npm run down`, `npm test` and `npm run bench` start: installs the packages
 * if they are missing or old, then runs the wanted thing with the Node 24 that came with them.
 * Plain JavaScript for Node 20, with nothing but Node: on a fresh clone nothing else is there.
 */
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, runInPlace } from '../packages/onsil/bin/node24.mjs';
import { ensurePackages } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const onsil = join(root, 'packages/onsil/bin/onsil.mjs');

/** The program that each word stands for. */
const THINGS = {
  up: [onsil, 'up'],
  down: [onsil, 'down'],
  test: [join(root, 'scripts/test.ts')],
  bench: [join(root, 'scripts/bench.ts')],
};

async function main([word, ...args]) {
  const thing = THINGS[word];
  if (thing === undefined) {
    const known = Object.keys(THINGS).join(', ');
    process.stderr.write(`bootstrap: unknown word ${word ?? '(none)'}; known are ${known}.\n`);
    return 2;
  }
  if (!(await ensurePackages(root))) return 1;
  const node = findNode(join(root, 'package.json'));
  if (node === undefined) {
    process.stderr.write(
      `onsil needs Node 24 or later; this is ${process.version}, and npm brings one along only ` +
        `on Linux (x64, arm64), not on ${process.platform} ${process.arch}.\n` +
        'Install Node 24 or later and run this again.\n',
    );
    return 1;
  }
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return runInPlace(node, [...thing, ...args], { ...process.env, PATH: path });
}

process.exitCode = await main(process.argv.slice(2));
