/** Builds an app and packs its release; does neither while its sources are the same. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, run } from '../lab/process.ts';
import { type App, entryOf, isJar } from './app.ts';
import { type ArchiveFile, archive, isWhole, sha256, writeWhole } from './archive.ts';
import { ReleaseError } from './error.ts';
import { type Inputs, scanInputs } from './inputs.ts';

export interface Release {
  readonly app: string;
  readonly runtime: App['runtime'];
  /** Of the files in it: equal ids, equal files. */
  readonly id: string;
  /** Where the archive is on this machine, a tar compressed by zstd. */
  readonly path: string;
  /** Of the archive, and its size in bytes. */
  readonly sha256: string;
  readonly size: number;
}

export interface BuildOptions {
  /** Folder in which archives are kept. */
  readonly cache: string;
  /** Each line that the build prints. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Part of what is remembered: another way to build or pack makes another release. */
const VERSION = 1;

interface Memory {
  readonly version: number;
  readonly app: App;
  readonly inputs: Inputs;
  readonly release: Release;
}

/**
 * The release of an app's present sources: builds by `npm run build` in its folder, unless the
 * release of equal sources is in the cache.
 * @throws ReleaseError where there is no build, it fails, or it does not make what it must
 */
export async function build(app: App, options: BuildOptions): Promise<Release> {
  const memoryPath = join(
    options.cache,
    'apps',
    `${app.id}-${sha256(app.source).slice(0, 16)}.json`,
  );
  const memory = await recall(memoryPath, app);
  const inputs = await scan(app, memory?.inputs.files);
  if (memory?.inputs.digest === inputs.digest) {
    const { path, size } = memory.release;
    if (await isWhole(path, size)) {
      // Same contents under new times: remembered, so that they are not read again.
      if (JSON.stringify(inputs.files) !== JSON.stringify(memory.inputs.files)) {
        await writeWhole(memoryPath, JSON.stringify({ ...memory, inputs }));
      }
      return memory.release;
    }
  }
  if (!isJar(app)) await runBuild(app, options);
  const release = await pack(app, options);
  // Of before the build: what changes during it is built the next time.
  const now: Memory = { version: VERSION, app, inputs, release };
  await writeWhole(memoryPath, JSON.stringify(now));
  return release;
}

async function recall(path: string, app: App): Promise<Memory | undefined> {
  try {
    const memory: Memory = JSON.parse(await readFile(path, 'utf8'));
    const isSame = memory.version === VERSION && JSON.stringify(memory.app) === JSON.stringify(app);
    return isSame ? memory : undefined;
  } catch {
    return undefined;
  }
}

async function scan(app: App, known: Inputs['files'] | undefined): Promise<Inputs> {
  try {
    return await scanInputs(app.source, known);
  } catch (cause) {
    throw new ReleaseError(
      `The source of ${app.id} cannot be read: ${messageOf(cause)}. ` +
        `It was given as ${app.source}.`,
      { cause },
    );
  }
}

async function runBuild(app: App, options: BuildOptions): Promise<void> {
  const manifest = await readManifest(app);
  if (manifest?.scripts?.['build'] === undefined) {
    throw new ReleaseError(
      `${app.id} has no build script: ${join(app.source, 'package.json')} ` +
        `${manifest === undefined ? 'does not exist' : 'names none'}. ` +
        (app.runtime === 'java'
          ? `Add one that makes ${entryOf(app)}, or name a jar as the source of ${app.id}.`
          : `Add one that bundles the server into ${entryOf(app)}, e.g. "build": "rolldown -c".`),
    );
  }
  try {
    await run('npm', ['run', 'build'], {
      cwd: app.source,
      env: { NODE_ENV: 'production', CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const { stdout, stderr } = cause.output;
    const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n');
    const how = cause.exitCode === undefined ? 'did not finish' : `exited with ${cause.exitCode}`;
    throw new ReleaseError(
      `The build of ${app.id} failed: npm run build in ${app.source} ${how}.\n${tail}`,
      { cause },
    );
  }
}

interface PackageManifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

async function readManifest(app: App): Promise<PackageManifest | undefined> {
  const path = join(app.source, 'package.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReleaseError(`${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Packs what was built: dist/, package.json and release.json, or for java app.jar and
 * release.json.
 */
export async function pack(app: App, options: BuildOptions): Promise<Release> {
  const files = await built(app);
  const digests = Object.fromEntries(
    files
      .map(({ path, content }) => [path, sha256(content)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const id = sha256(JSON.stringify([app.id, app.runtime, digests])).slice(0, 16);
  const gitSha = await commitOf(app.source);
  const about = { app: app.id, id, ...(gitSha === undefined ? {} : { gitSha }), files: digests };
  const content = Buffer.from(`${JSON.stringify(about, null, 2)}\n`);
  const bytes = await archive([...files, { path: 'release.json', content }]);
  const digest = sha256(bytes);
  const path = join(options.cache, 'releases', app.id, `${digest}.tar.zst`);
  if (!(await isWhole(path, bytes.byteLength))) await writeWhole(path, bytes);
  return { app: app.id, runtime: app.runtime, id, path, sha256: digest, size: bytes.byteLength };
}

async function built(app: App): Promise<readonly ArchiveFile[]> {
  if (isJar(app)) return [{ path: 'app.jar', content: await readFile(app.source) }];
  const entry = entryOf(app);
  const read = (path: string) => readFile(join(app.source, path));
  try {
    const content = await read(entry);
    if (app.runtime === 'java') return [{ path: 'app.jar', content }];
  } catch (cause) {
    throw new ReleaseError(
      `The build of ${app.id} made no ${entry} in ${app.source}. ` +
        `Have \`npm run build\` ${app.runtime === 'java' ? 'put the jar there' : 'bundle the server into that file'}.`,
      { cause },
    );
  }
  const paths = ['package.json', ...(await filesUnder(app.source, 'dist'))];
  return Promise.all(paths.map(async (path) => ({ path, content: await read(path) })));
}

async function filesUnder(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(root, path);
      if (entry.isFile()) return [path];
      throw new ReleaseError(
        `${join(root, path)} is neither a file nor a folder, and a release holds only those. ` +
          'Have the build copy it.',
      );
    }),
  );
  return nested.flat();
}

/** The commit that the sources are of; undefined outside of git, or with changes since. */
async function commitOf(source: string): Promise<string | undefined> {
  const folder = source.endsWith('.jar') ? dirname(source) : source;
  try {
    const changes = await run('git', ['-C', folder, 'status', '--porcelain', '--', '.']);
    if (changes.stdout !== '') return undefined;
    return (await run('git', ['-C', folder, 'rev-parse', 'HEAD'])).stdout.trim();
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
