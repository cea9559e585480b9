import { createMiddleware } from 'hono/factory';
import type { Logger } from '../log.ts';
import type { AppEnvironment } from './environment.ts';

/** One line per request. No headers, bodies or query strings: that is where the secrets are. */
export function requestLog(log: Logger) {
  return createMiddleware<AppEnvironment>(async (c, next) => {
    const start = performance.now();
    await next();
    // Health checks come every few seconds from every proxy and would bury the rest.
    const level = c.req.path === '/api/health' ? 'debug' : 'info';
    log[level](
      {
        requestId: c.get('requestId'),
        client: c.get('clientAddress'),
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        milliseconds: Math.round(performance.now() - start),
      },
      'request',
    );
  });
}
