/** Makes this machine ready for a lab: root, and the programs that a lab is made of. */

import { exists } from '../lab/files.ts';
import { installPackages } from '../lab/host/install.ts';
import { missingPackages } from '../lab/host/packages.ts';
import { runAttached } from './commands/exec.ts';

/** Names and installs what is missing. @returns whether anything was. Throws where it cannot be had */
export async function prepareHost(
  say: (text: string) => void,
  onLine: (line: string) => void,
): Promise<boolean> {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const missing = missingPackages(['lab']);
  await installPackages(missing, { say, onLine, interactive });
  return missing.length > 0;
}

/** Runs the same command line by sudo. @returns its exit code. Throws where there is no sudo */
export async function asRoot(what: readonly string[]): Promise<number> {
  const sudo = '/usr/bin/sudo';
  if (!(await exists(sudo))) {
    throw new Error(
      `onsil ${what.join(' ')} makes network namespaces and mounts, which needs root, and there is no sudo. ` +
        'Run it as root. Without root these work: onsil template, why, reach, status, doctor and up --dry-run.',
    );
  }
  console.error(
    `onsil ${what.join(' ')} makes network namespaces and mounts: asking sudo for root.`,
  );
  return runAttached([
    sudo,
    '--preserve-env=PATH,NO_COLOR,CI,ONSIL_CACHE,ONSIL_PLAIN',
    process.execPath,
    ...process.argv.slice(1),
  ]);
}
