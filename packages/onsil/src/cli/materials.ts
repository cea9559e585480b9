/** What a lab is made of and only the host can make: the machine image, and the apps' releases. */
import type { Architecture } from '../config/definition.ts';
import type { Service } from '../config/service.ts';
import type { Materials } from '../lab/daemon/request.ts';
import { debianMirror } from '../lab/host/mirror.ts';
import { ensureImage, type Image } from '../lab/image/build.ts';
import { aptSources, imageRecipe } from '../lab/image/recipe.ts';
import { cacheFolders } from '../lab/layout.ts';
import { ensureAuthority } from '../lab/services/authority.ts';
import type { Architecture as Machine } from '../release/runtime.ts';

/** Says that a step began, what it is doing, or that it is done. */
export type Report = (step: string, done: boolean, detail?: string) => void;

/**
 * Makes both at once; what is in the caches and unchanged costs nothing.
 * @param signal ends the programs that make them, and rejects
 */
export async function makeMaterials(
  service: Service | undefined,
  report: Report,
  signal: AbortSignal,
): Promise<Materials> {
  const [image, releases] = await Promise.all([
    told('machine image', report, (onLine) => makeImage(onLine, signal)),
    service === undefined
      ? []
      : told('releases of api and web', report, (onLine) => makeReleases(service, onLine, signal)),
  ]);
  return { image, releases };
}

/** EC2's names of architectures, as `uname -m` says them. */
const MACHINES: Readonly<Record<string, Machine>> = { arm64: 'aarch64', x86_64: 'x86_64' };

async function told<T>(
  step: string,
  report: Report,
  work: (onLine: (line: string) => void) => Promise<T>,
): Promise<T> {
  report(step, false);
  const result = await work((line) => report(step, false, line));
  report(step, true);
  return result;
}

async function makeImage(onLine: (line: string) => void, signal: AbortSignal): Promise<Image> {
  const authority = await ensureAuthority(cacheFolders.authority);
  return ensureImage(imageRecipe(authority.rootPem, aptSources(debianMirror())), {
    onLine,
    signal,
  });
}

/**
 * Builds and packs the apps, each with the runtime that it needs.
 * @param architecture of the instances; `host`: of this machine's
 */
export async function makeReleases(
  service: Service,
  onLine: (line: string) => void,
  signal: AbortSignal,
  architecture: Architecture | 'host' = 'host',
): Promise<Materials['releases']> {
  const [{ build }, { hostArchitecture, nodeRuntime }] = await Promise.all([
    import('../release/build.ts'),
    import('../release/runtime.ts'),
  ]);
  const cache = cacheFolders.releases;
  const runtime = nodeRuntime(MACHINES[architecture] ?? hostArchitecture(), cache);
  const apps = [
    { id: 'web', source: service.web.source, runtime: service.web.runtime },
    { id: 'api', source: service.api.source, runtime: service.api.runtime },
  ] as const;
  return Promise.all(
    apps.map(async (app) => ({
      release: await build(app, { cache, signal, onLine: (line) => onLine(`${app.id}: ${line}`) }),
      runtimes: app.runtime === 'node' ? [await runtime] : [],
    })),
  );
}
