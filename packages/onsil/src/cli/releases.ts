/** Builds the releases of a service's apps. */

import type { Service } from '../config/service.ts';
import type { ReleaseToPublish } from '../lab/daemon/routes.ts';
import { cacheFolders } from '../lab/layout.ts';
import { build } from '../release/build.ts';
import { hostArchitecture, nodeRuntime } from '../release/runtime.ts';

/** One release an app; unchanged sources are not built again. */
export async function buildReleases(
  service: Service,
  onLine: (line: string) => void,
): Promise<readonly ReleaseToPublish[]> {
  const cache = cacheFolders.releases;
  const runtime = nodeRuntime(hostArchitecture(), cache);
  const apps = [
    { id: 'web', source: service.web.source, runtime: service.web.runtime },
    { id: 'api', source: service.api.source, runtime: service.api.runtime },
  ] as const;
  return Promise.all(
    apps.map(async (app) => ({
      release: await build(app, { cache, onLine: (line) => onLine(`${app.id}: ${line}`) }),
      runtimes: app.runtime === 'node' ? [await runtime] : [],
    })),
  );
}
