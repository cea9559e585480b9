#!/usr/bin/env node
/** Starts the command line with a Node that runs TypeScript as it is: 24 or later. */
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, runInPlace } from './node24.mjs';

const here = fileURLToPath(import.meta.url);

if (isNewEnough()) {
  // Beside the packages, not in the temporary folder: this may run as root, and there anyone
  // could lay code for it in advance.
  module.enableCompileCache(join(packagesFolder(), '.cache', 'onsil-compile'));
  process.exitCode = await start();
} else {
  const node = findNode(import.meta.url);
  if (node === undefined) {
    fail(
      `its packages are not installed, and this is Node ${process.version}: it needs 24 or later`,
    );
  } else {
    process.exitCode = await runInPlace(node, [here, ...process.argv.slice(2)]);
  }
}

async function start() {
  try {
    const { main } = await import('../src/cli/main.ts');
    return await main(process.argv.slice(2));
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    return fail(`the package ${missing} is missing or too old`);
  }
}

/** The name of the package that an import did not find; undefined for every other error. */
function missingPackage(error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' && error?.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return undefined;
  }
  return /Cannot find package '([^']+)'|defined? (?:in|by) .*node_modules\/([^ ]+?)\/package\.json/
    .exec(error.message)
    ?.slice(1)
    .find((name) => name !== undefined);
}

function packagesFolder() {
  // packages/onsil/bin in a clone, node_modules/onsil/bin where it was installed.
  const above = dirname(dirname(dirname(here)));
  return above.endsWith('node_modules') ? above : join(dirname(above), 'node_modules');
}

function fail(what) {
  const clone = dirname(packagesFolder());
  const fix =
    process.platform === 'linux'
      ? `Run: npm ci --prefix ${clone}`
      : `Install Node 24 or later (npm brings it along on Linux only), then run: npm ci --prefix ${clone}`;
  process.stderr.write(`onsil: ${what}.\n${fix}\n`);
  process.exitCode = 1;
  return 1;
}
