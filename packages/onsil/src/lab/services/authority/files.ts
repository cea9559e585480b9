import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file so that a reader sees the old text or the new one, never a part. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const temporary = await writeBeside(file, text, mode);
  await rename(temporary, file);
}

/** The same, but leaves a file that exists already as it is. */
export async function writeOnce(file: string, text: string, mode: number): Promise<void> {
  const temporary = await writeBeside(file, text, mode);
  try {
    await link(temporary, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeBeside(file: string, text: string, mode: number): Promise<string> {
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, text, { mode, flag: 'wx' });
  return temporary;
}
