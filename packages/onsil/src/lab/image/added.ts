/** Images that were added from an archive of a root file system, beside the built one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exists } from '../files.ts';
import { cacheFolders } from '../layout.ts';
import { CommandError, run } from '../process.ts';
import { BUILT_IN } from './choose.ts';
import { furnish, shiftOwners } from './furnish.ts';
import { guestRecipe } from './recipe.ts';

export interface AddedImage {
  /** An AMI's id, its name or its system. */
  readonly name: string;
  /** Names its content: layers of another one do not fit. */
  readonly key: string;
  readonly folder: string;
  /** PRETTY_NAME of its /etc/os-release. */
  readonly system: string;
}

/** An image's name is part of a path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** What a machine must have, and where systems keep it. */
const NEEDED = [
  { what: 'systemd', paths: ['usr/lib/systemd/systemd', 'lib/systemd/systemd'] },
  { what: 'cloud-init', paths: ['usr/bin/cloud-init', 'usr/local/bin/cloud-init'] },
  { what: 'python3', paths: ['usr/bin/python3'] },
];

/** In alphabetical order. */
export async function findAddedImages(): Promise<readonly AddedImage[]> {
  const folder = cacheFolders.addedImages;
  if (!(await exists(folder))) return [];
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
  const images = await Promise.all(names.map((name) => read(name)));
  return images.filter((image) => image !== undefined);
}

/** Nothing where the image is being removed at this moment. */
async function read(name: string): Promise<AddedImage | undefined> {
  const folder = join(cacheFolders.addedImages, name);
  const text = await readFile(join(folder, 'image.json'), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { key, system } = JSON.parse(text);
  return { name, key, system, folder: join(folder, 'root') };
}

/**
 * Unpacks the archive (tar, also compressed by gzip, xz or zstd) and makes it bootable in a lab.
 * An image of that name is replaced. Throws where it has no systemd or no cloud-init, and then
 * nothing is left.
 * @param authority PEM of the lab's authority, which its machines trust
 */
export async function addImage(name: string, file: string, authority: string): Promise<AddedImage> {
  if (!NAME.test(name)) {
    throw new Error(
      `"${name}" is not a name of an image. It is an AMI's id, its name or its system, such as ` +
        'amazon-linux-2023: letters, digits, dots, hyphens and underscores.',
    );
  }
  if (name === BUILT_IN) throw new Error(`${BUILT_IN} is built in: give the image another name.`);
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) throw new Error(`The archive ${file} does not exist.`);
  await mkdir(cacheFolders.addedImages, { recursive: true, mode: 0o755 });
  // Its name is none of an image.
  const partial = join(cacheFolders.addedImages, `+${name}.${process.pid}`);
  const root = join(partial, 'root');
  try {
    await mkdir(root, { recursive: true, mode: 0o755 });
    await unpack(file, root);
    await assertBootable(file, root);
    const system = await systemOf(root);
    const recipe = guestRecipe(authority);
    await shiftOwners(root);
    await furnish(recipe, root);
    const digest = createHash('sha256').update(JSON.stringify(recipe));
    await pipeline(createReadStream(file), digest);
    const key = digest.digest('hex').slice(0, 16);
    await writeFile(join(partial, 'image.json'), JSON.stringify({ key, system }));
    const folder = join(cacheFolders.addedImages, name);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return { name, key, system, folder: join(folder, 'root') };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Throws where there is no such image. */
export async function removeImage(name: string): Promise<void> {
  const added = await findAddedImages();
  if (!added.some((image) => image.name === name)) {
    const names = added.map((image) => image.name).join(', ') || 'none';
    throw new Error(`No image "${name}" was added; there are: ${names}.`);
  }
  await rm(join(cacheFolders.addedImages, name), { recursive: true });
}

/** Device nodes are the machine's own affair, and an archive's would be the host's. */
async function unpack(file: string, root: string): Promise<void> {
  const args = ['--extract', '--file', file, '--directory', root, '--numeric-owner'];
  try {
    await run('tar', [...args, '--preserve-permissions', '--exclude=./dev/*', '--exclude=dev/*']);
  } catch (cause) {
    const why = cause instanceof CommandError ? cause.output.stderr.trim().split('\n')[0] : '';
    throw new Error(
      `${file} cannot be unpacked: ${why}\n` +
        'It must be a tar archive of a root file system: .tar, .tar.gz, .tar.xz or .tar.zst.',
      { cause },
    );
  }
}

async function assertBootable(file: string, root: string): Promise<void> {
  const has = async (path: string) => {
    const info = await lstat(join(root, path)).catch(() => undefined);
    return info !== undefined;
  };
  const missing: string[] = [];
  for (const { what, paths } of NEEDED) {
    const found = await Promise.all(paths.map(has));
    if (!found.includes(true)) missing.push(`${what} (${paths[0]})`);
  }
  if (missing.length === 0) return;
  throw new Error(
    `${file} is not the root file system of a cloud image: it has no ${missing.join(', no ')}.\n` +
      'Images of containers have none of these. Use the root file system of the cloud image that ' +
      'the distribution publishes, packed by tar.',
  );
}

async function systemOf(root: string): Promise<string> {
  for (const path of ['usr/lib/os-release', 'etc/os-release']) {
    const info = await lstat(join(root, path)).catch(() => undefined);
    // A link may point to the host's own.
    if (info?.isFile() !== true) continue;
    const text = await readFile(join(root, path), 'utf8');
    const [, name] = /^PRETTY_NAME="?([^"\n]*)/m.exec(text) ?? [];
    if (name !== undefined) return name;
  }
  return 'unknown';
}
