/** Builds the image once and keeps it, with its owner ids shifted to those of the machines. */
import { chmod, mkdir, readdir, rename, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../files.ts';
import { cacheFolders } from '../layout.ts';
import { alone } from '../lock.ts';
import { run } from '../process.ts';
import { shiftOwners } from './furnish.ts';
import { type ImageRecipe, imageKey } from './recipe.ts';

/** Bytes that must be free to build an image and boot machines from it. */
const SPACE_NEEDED = 2 * 1024 ** 3;

export interface Image {
  readonly key: string;
  readonly folder: string;
}

export interface BuildOptions {
  /** Each line that the build prints. */
  readonly onLine?: (line: string) => void;
  /** Gives up the build. */
  readonly signal?: AbortSignal;
  /** File of the network namespace that reaches the packages; the caller's own where absent. */
  readonly network?: string;
}

/**
 * The image of a recipe, built if it is not there yet (about 40 s). A build that is cut off
 * leaves nothing that a later one would take for an image.
 */
export async function ensureImage(recipe: ImageRecipe, options: BuildOptions = {}): Promise<Image> {
  const key = imageKey(recipe, process.arch);
  const folder = join(cacheFolders.images, key);
  if (!(await exists(folder))) {
    await alone(`image.${key}`, () => build(recipe, folder, options), options.signal);
  }
  return { key, folder };
}

/** Another `up` may have built the same image while this one waited: then that one is taken. */
async function build(recipe: ImageRecipe, folder: string, options: BuildOptions): Promise<void> {
  if (await exists(folder)) return;
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(cacheFolders.images, { recursive: true, mode: 0o711 });
  await sweepPartials();
  await assertSpace();
  try {
    await bootstrap(recipe, partial, options);
    await finish(recipe, partial);
    await putInPlace(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** A build that was killed could not remove what it had made. */
async function sweepPartials(): Promise<void> {
  for (const name of await readdir(cacheFolders.images)) {
    const builder = /\.partial-(\d+)$/.exec(name)?.[1];
    if (builder === undefined || (await exists(`/proc/${builder}`))) continue;
    await rm(join(cacheFolders.images, name), { recursive: true, force: true });
  }
}

/** One of another network namespace may have been quicker: then its image is taken. */
async function putInPlace(partial: string, folder: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  }
}

async function assertSpace(): Promise<void> {
  const { bavail, bsize } = await statfs(cacheFolders.images);
  const free = bavail * bsize;
  if (free >= SPACE_NEEDED) return;
  throw new Error(
    `No space to build the machine image: ${cacheFolders.images} has ${mebibytes(free)} MiB free, ` +
      `${mebibytes(SPACE_NEEDED)} MiB are needed. ` +
      'Free some space, or set ONSIL_CACHE to a folder on a larger file system.',
  );
}

const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 ** 2);

async function bootstrap(
  recipe: ImageRecipe,
  folder: string,
  { onLine, signal, network }: BuildOptions,
): Promise<void> {
  const sources = recipe.files.find((file) => file.path === 'etc/apt/sources.list')?.content ?? '';
  const args = [
    '--variant=minbase',
    '--mode=root',
    '--format=directory',
    `--include=${recipe.packages.join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    '--dpkgopt=force-unsafe-io',
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/locale/*',
    recipe.suite,
    folder,
    // An empty list: mmdebstrap's own choice of mirror.
    ...(sources === '' ? [] : ['-']),
  ];
  const [program = '', ...words] = [
    ...(network === undefined ? [] : ['nsenter', `--net=${network}`, '--']),
    'mmdebstrap',
    ...args,
  ];
  try {
    await run(program, words, {
      ...(sources === '' ? {} : { input: sources }),
      ...(onLine === undefined ? {} : { onLine }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    throw new Error(
      'The machine image could not be built from Debian packages. ' +
        'The first `up` needs the network: check that `apt-get update` works on this machine.\n' +
        (cause instanceof Error ? cause.message : ''),
      { cause },
    );
  }
}

async function finish(recipe: ImageRecipe, folder: string): Promise<void> {
  const units = join(folder, 'etc/systemd/system');
  for (const { path, content, mode } of recipe.files) {
    if (path === 'etc/apt/sources.list' && content === '') continue;
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await writeFile(target, content);
    await chmod(target, mode ?? 0o644);
  }
  for (const path of recipe.removed) await rm(join(folder, path), { force: true });
  for (const path of recipe.folders) await mkdir(join(folder, path), { recursive: true });
  for (const unit of recipe.masked) {
    await rm(join(units, unit), { force: true });
    await symlink('/dev/null', join(units, unit));
  }
  await mkdir(join(units, 'sysinit.target.wants'), { recursive: true });
  for (const unit of recipe.early) {
    await symlink(`/etc/systemd/system/${unit}`, join(units, 'sysinit.target.wants', unit));
  }
  await run('chroot', [folder, 'update-ca-certificates']);
  // Host keys are an instance's own; cloud-init makes them at its first boot.
  const keys = join(folder, 'etc/ssh');
  if (await exists(keys)) await run('find', [keys, '-name', 'ssh_host_*', '-delete']);
  await shiftOwners(folder);
}
