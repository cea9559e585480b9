/**
 * Completes package-lock.json. npm leaves an optional package of another system out of the
 * lockfile where its registry had none when the lockfile was written, and then refuses that
 * lockfile in `npm ci` ("Missing: … from lock file"). What npm needs to skip such a package, or
 * to install it on its own system, is its version and its system: both are known.
 *
 * Run `node scripts/lockfile.ts` after every `npm install` of a package.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>;
}

/** Systems and processors as packages spell them in their names, and as npm calls them. */
const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'wasm32',
  'win32',
];
const PROCESSORS: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
};

/** Optional packages with an exact version that the lockfile does not have, by their path. */
export function missingPackages(lockfile: Lockfile): Record<string, Entry> {
  const missing: Record<string, Entry> = {};
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isThere(lockfile, path, name)) continue;
      const system = systemOf(name);
      // Without a system npm would try to install it everywhere.
      if (system === undefined || !/^\d/.test(version)) continue;
      const dev = entry.dev === true ? { dev: true } : {};
      const { cpu, libc, os } = system;
      // In npm's own order, so that its next write changes nothing.
      missing[`node_modules/${name}`] = { version, cpu, ...dev, ...libc, optional: true, os };
    }
  }
  return missing;
}

/** As Node looks a package up: beside the one that needs it, then in each folder above. */
function isThere(lockfile: Lockfile, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lockfile.packages[path] !== undefined) return true;
    if (folder === '') return false;
  }
}

interface System {
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  /** Absent where it does not matter. */
  readonly libc: { readonly libc?: readonly string[] };
}

function systemOf(name: string): System | undefined {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined);
  if (os === undefined || cpu === undefined) return undefined;
  const last = words.at(-1) ?? '';
  const libc = last.startsWith('musl') ? 'musl' : last.startsWith('gnu') ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], libc: libc === undefined ? {} : { libc: [libc] } };
}

/** The lockfile with what was missing, in npm's own order. */
export function completed<T extends Lockfile>(lockfile: T): T {
  const all = { ...lockfile.packages, ...missingPackages(lockfile) };
  const order = Object.keys(all).sort((a, b) => a.localeCompare(b, 'en'));
  return { ...lockfile, packages: Object.fromEntries(order.map((path) => [path, all[path]])) };
}

if (import.meta.main) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lockfile: Lockfile = JSON.parse(readFileSync(path, 'utf8'));
  const missing = Object.keys(missingPackages(lockfile));
  if (missing.length > 0) writeFileSync(path, `${JSON.stringify(completed(lockfile), null, 2)}\n`);
  console.log(missing.length === 0 ? 'nothing was missing' : `added ${missing.join(', ')}`);
}
