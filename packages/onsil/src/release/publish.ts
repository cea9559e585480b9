/** Puts a release where instances fetch it from, and names it as the current one. */
import type { Release } from './build.ts';
import type { Architecture, Runtime } from './runtime.ts';

/** A file on this machine, or the bytes themselves. */
export type Body = Uint8Array | { readonly path: string };

/** A bucket of S3, the lab's or a real one. */
export interface ReleaseStore {
  readonly has: (key: string) => Promise<boolean>;
  readonly put: (key: string, body: Body) => Promise<unknown>;
}

export interface RuntimeReference {
  /** `runtimes/<sha256>.tar.zst` */
  readonly key: string;
  readonly sha256: string;
  readonly id: string;
}

/** What an instance reads first: `releases/<app>/current.json`. */
export interface CurrentManifest {
  /** The release's id. */
  readonly release: string;
  /** `releases/<app>/<sha256>.tar.zst` */
  readonly key: string;
  readonly sha256: string;
  /** Null where the app brings none: java is a package of the image. */
  readonly runtime: Readonly<Partial<Record<Architecture, RuntimeReference>>> | null;
}

export const manifestKey = (app: string): string => `releases/${app}/current.json`;
const releaseKey = (release: Release): string =>
  `releases/${release.app}/${release.sha256}.tar.zst`;
const runtimeKey = (runtime: Runtime): string => `runtimes/${runtime.sha256}.tar.zst`;

/** @param runtimes of the architectures that the app's instances have; none for java */
export function currentManifest(release: Release, runtimes: readonly Runtime[]): CurrentManifest {
  const reference = (runtime: Runtime): RuntimeReference => ({
    key: runtimeKey(runtime),
    sha256: runtime.sha256,
    id: runtime.id,
  });
  const sorted = [...runtimes].sort((a, b) => (a.architecture < b.architecture ? -1 : 1));
  return {
    release: release.id,
    key: releaseKey(release),
    sha256: release.sha256,
    runtime:
      release.runtime === 'java'
        ? null
        : Object.fromEntries(sorted.map((each) => [each.architecture, reference(each)])),
  };
}

/**
 * Stores what the store does not have yet, and the manifest last: an instance that reads it finds
 * everything that it names.
 */
export async function publish(
  store: ReleaseStore,
  release: Release,
  runtimes: readonly Runtime[],
): Promise<CurrentManifest> {
  const manifest = currentManifest(release, runtimes);
  const bodies: readonly (readonly [key: string, path: string])[] = [
    [releaseKey(release), release.path],
    ...(manifest.runtime === null
      ? []
      : runtimes.map((runtime) => [runtimeKey(runtime), runtime.path] as const)),
  ];
  await Promise.all(
    bodies.map(async ([key, path]) => {
      if (!(await store.has(key))) await store.put(key, { path });
    }),
  );
  await store.put(manifestKey(release.app), Buffer.from(`${JSON.stringify(manifest)}\n`));
  return manifest;
}
