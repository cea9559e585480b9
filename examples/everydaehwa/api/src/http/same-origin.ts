import { createMiddleware } from 'hono/factory';
import type { AppEnvironment } from './environment.ts';
import { Problem } from './problem.ts';

/**
 * Protection against cross-site request forgery, by what browsers say of the sender:
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 * A request that says nothing of its sender is refused too: every browser of today sends at least one.
 */
export function isSameOrigin(
  sender: { readonly origin: string | undefined; readonly fetchSite: string | undefined },
  siteOrigin: string,
): boolean {
  const { origin, fetchSite } = sender;
  if (origin === undefined && fetchSite === undefined) return false;
  return (
    (origin === undefined || origin === siteOrigin) &&
    (fetchSite === undefined || fetchSite === 'same-origin')
  );
}

/** Refuses (403) whatever may change something and does not come from the site's own pages. */
export function sameOrigin(siteOrigin: string) {
  const safe = ['GET', 'HEAD', 'OPTIONS'];
  return createMiddleware<AppEnvironment>(async (c, next) => {
    const sender = { origin: c.req.header('Origin'), fetchSite: c.req.header('Sec-Fetch-Site') };
    if (!safe.includes(c.req.method) && !isSameOrigin(sender, siteOrigin)) {
      throw new Problem('cross-site-request');
    }
    await next();
  });
}
