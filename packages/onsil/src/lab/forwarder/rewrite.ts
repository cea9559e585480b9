/** The headers in which a request or a response names the site's origin. Pure. */
import type { IncomingHttpHeaders } from 'node:http';

export interface Origins {
  /** As the browser sees it, e.g. `http://everydaehwa.localhost:8080`. */
  readonly local: string;
  /** As the site sees it, e.g. `https://everydaehwa.net`. */
  readonly real: string;
}

/** Headers of a request whose value changes on its way to the site. */
export function rewriteRequest(
  headers: IncomingHttpHeaders,
  origins: Origins,
): IncomingHttpHeaders {
  const { origin, referer } = headers;
  return {
    host: new URL(origins.real).host,
    // An Origin that is somebody else's stays what it is: the site is to refuse it.
    ...(origin === origins.local ? { origin: origins.real } : {}),
    ...(referer === undefined ? {} : { referer: moved(referer, origins.local, origins.real) }),
  };
}

/** The headers of a response as the browser is to get them. */
export function rewriteResponse(
  headers: Readonly<IncomingHttpHeaders>,
  origins: Origins,
): IncomingHttpHeaders {
  // HSTS would bind the browser to HTTPS on a name that has none. Keep-Alive speaks of the
  // connection between the site and us, not of the browser's.
  const { 'strict-transport-security': _hsts, 'keep-alive': _keepAlive, ...rest } = headers;
  const location = rest.location && toLocal(rest.location, origins);
  const cookies = rest['set-cookie']?.map((cookie) => withoutDomain(cookie, origins));
  const policy = rest['content-security-policy'];
  return {
    ...rest,
    ...(location === undefined ? {} : { location }),
    ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
    ...(typeof policy === 'string' ? { 'content-security-policy': withoutUpgrade(policy) } : {}),
  };
}

/** Both of its origins: port 80 of the site only redirects to HTTPS, which the browser has not. */
function toLocal(location: string, { local, real }: Origins): string {
  const plain = real.replace(/^https:/, 'http:');
  return moved(moved(location, real, local), plain, local);
}

/** Replaces an origin at the start of a URL, where it ends there. */
function moved(url: string, from: string, to: string): string {
  const rest = url.slice(from.length);
  return url.toLowerCase().startsWith(from.toLowerCase()) && /^(?:[/?#]|$)/.test(rest)
    ? to + rest
    : url;
}

/**
 * A browser refuses a cookie whose Domain is not its own name's. Everything else stays: Chromium
 * and Firefox hold *.localhost for trustworthy and take Secure and __Host- cookies there over
 * plain HTTP (https://www.w3.org/TR/secure-contexts/#localhost).
 */
function withoutDomain(cookie: string, { real }: Origins): string {
  const { hostname } = new URL(real);
  return cookie
    .split(';')
    .filter((part) => {
      const [, domain] = /^\s*domain\s*=\s*\.?(.*?)\s*$/i.exec(part) ?? [];
      return domain?.toLowerCase() !== hostname;
    })
    .join(';');
}

/** The one directive that, like HSTS, would send the browser to HTTPS. */
const withoutUpgrade = (policy: string): string =>
  policy
    .split(';')
    .filter((directive) => directive.trim().toLowerCase() !== 'upgrade-insecure-requests')
    .join(';');
