/** Which project and which lab a command means. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readStatus } from '../lab/daemon/client.ts';
import { exists } from '../lab/files.ts';
import { LAB_NAME, runRoot } from '../lab/layout.ts';
import { UsageError } from './errors.ts';

const CONFIG = 'onsil.config.ts';

/**
 * The folder with the configuration: the current one, or the one that the current folder's
 * package.json names as `onsil.project` (a clone's root stands for its example).
 */
export async function projectFolder(cwd = process.cwd()): Promise<string | undefined> {
  if (await exists(join(cwd, CONFIG))) return cwd;
  const file = join(cwd, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const project = projectNamedBy(text, file);
  return typeof project === 'string' ? resolve(cwd, project) : undefined;
}

function projectNamedBy(text: string, file: string): unknown {
  try {
    return JSON.parse(text)?.onsil?.project;
  } catch (cause) {
    throw new UsageError(`${file}, which may name the project of this folder, is no JSON.`, {
      cause,
    });
  }
}

export async function requireProject(): Promise<string> {
  const folder = await projectFolder();
  if (folder !== undefined) return folder;
  throw new UsageError(
    `There is no ${CONFIG} in ${process.cwd()}. ` +
      'Go to the folder of a service, or name a template with --template FILE.',
  );
}

/** The lab of a template without a configuration is called after its file. */
export function labOfTemplate(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  // Of the stack as well, whose name begins with a letter.
  if (/^\d/.test(name)) return `stack-${name}`.slice(0, 32).replace(/-+$/, '');
  return name === '' ? 'template' : name;
}

export function assertLabName(name: string): string {
  if (LAB_NAME.test(name)) return name;
  throw new UsageError(
    `--lab ${JSON.stringify(name)} is no name for a lab: ` +
      'lower case letters, digits and hyphens, at most 32, a letter or digit first and last.',
  );
}

/** Labs with a living daemon, or with a folder that a dead one left. */
export async function knownLabs(): Promise<readonly string[]> {
  const entries = await readdir(runRoot, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/**
 * The lab that a command means: `--lab`; else the one that is called as this folder's
 * configuration says; where there is no configuration, the only lab there is.
 */
export async function resolveLab(given: string | undefined): Promise<string> {
  if (given !== undefined) return assertLabName(given);
  const labs = await knownLabs();
  const project = await projectFolder();
  for (const lab of labs) {
    // A running lab knows whose it is, so that the configuration need not be loaded.
    const status = await readStatus(lab);
    if (project !== undefined && status?.project === project && status.service === lab) return lab;
  }
  if (project !== undefined) {
    const { loadConfig } = await import('../config/load.ts');
    return (await loadConfig(project)).name;
  }
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    labs.length === 0
      ? `No lab is up, and there is no ${CONFIG} in ${process.cwd()} to start one from.`
      : `Several labs are up (${labs.join(', ')}): name one with --lab NAME.`,
  );
}
