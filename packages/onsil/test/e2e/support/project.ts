/** Folders with what a user has: a config, a template. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './onsil.ts';

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** A new folder with the given files, in which `onsil` is installed; removed when it is disposed of. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'onsil-e2e-'));
  await mkdir(join(path, 'node_modules'));
  await symlink(join(ROOT, 'packages/onsil'), join(path, 'node_modules/onsil'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
