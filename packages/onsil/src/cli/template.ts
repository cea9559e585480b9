/** The template of a folder's configuration, remembered as long as nothing that makes it changed. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { Service } from '../config/service.ts';
import { cacheFolders } from '../lab/layout.ts';
import { VERSION } from './program.ts';

/** JSON text, ending with a line break. */
export async function projectTemplate(folder: string, stage?: string): Promise<string> {
  return templateOf(await loadConfig(folder, stage));
}

/**
 * Synthesizing loads the CDK, which costs about a second; the same configuration gives the same
 * template, so the text is kept where this user may write.
 */
export async function templateOf(service: Service): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, service, await sourcesOf()]))
    .digest('hex')
    .slice(0, 24);
  const kept = join(cacheFolders.templates, `${key}.json`);
  const text = await readFile(kept, 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  const { synthesize } = await import('../blueprint/synthesize.ts');
  const made = `${JSON.stringify(synthesize(service).template, null, 2)}\n`;
  try {
    await mkdir(cacheFolders.templates, { recursive: true });
    await writeFile(`${kept}.${process.pid}`, made);
    await rename(`${kept}.${process.pid}`, kept);
  } catch {
    // Without a cache of its own (not root) the next run synthesizes again.
  }
  return made;
}

/** Whoever works on the blueprint must not be shown the template of its former self. */
async function sourcesOf(): Promise<readonly (readonly [string, number, number])[]> {
  const folder = join(import.meta.dirname, '..', 'blueprint');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const { size, mtimeMs } = await stat(join(parentPath, name));
      return [name, size, mtimeMs] as const;
    }),
  );
}
