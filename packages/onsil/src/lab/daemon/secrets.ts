/**
 * SecureString parameters of a lab: made once, at random, and kept with the caches, since the
 * layers of machines hold them. They are in no template and in no user data.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolders } from '../layout.ts';

/** Of one process: who comes second finds what the first has made. */
let turn: Promise<unknown> = Promise.resolve();

/** The value of each name; missing ones are made. */
export function ensureSecrets(
  lab: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const made = turn.then(() => make(lab, names));
  turn = made.catch(() => {});
  return made;
}

async function make(lab: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = join(cacheFolders.labs, lab);
  const file = join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const kept = JSON.parse(text) as Record<string, string>;
  const missing = names.filter((name) => kept[name] === undefined);
  if (missing.length > 0) {
    for (const name of missing) kept[name] = randomBytes(24).toString('base64url');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return new Map(names.map((name) => [name, kept[name] ?? '']));
}

/** A value of the lab's own that nothing outside can guess, the same at each `up`. */
export async function labSecret(lab: string): Promise<string> {
  const secrets = await ensureSecrets(lab, ['onsil:lab']);
  return secrets.get('onsil:lab') ?? '';
}
