/**
 * What may speak to the console at all. A server on 127.0.0.1 is reached by every page that the
 * same browser has open, by names of others that lead here (DNS rebinding), and by every program
 * of this machine: nothing but the page that was opened with a token gets anything.
 * https://owasp.org/www-community/attacks/csrf, https://web.dev/articles/fetch-metadata
 */
import type { IncomingMessage } from 'node:http';

/** Of a request that is refused: before anything of it is read. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly message: string;
}

/** The header that every call that changes something carries: no form and no image can send it. */
export const ACTION_HEADER = 'x-onsil-console';

type Request = Pick<IncomingMessage, 'headers' | 'method' | 'url'>;

/**
 * Refuses by where a request says it comes from; whose it is, is the session's affair.
 * @param port that the console listens on
 */
export function refusalOf(request: Request, port: number, isSocket = false): Refusal | undefined {
  const { host, origin, upgrade } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return {
      status: 421,
      message: `This is not the server of that name: use http://127.0.0.1:${port}.`,
    };
  }
  if (origin !== undefined && origin !== `http://${host}`) return foreign;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const site = header(request, 'sec-fetch-site');
  // A person may open the page from anywhere outside a page: the address bar, a terminal.
  const isVisit = site === 'none' && isRead && !isApi(request);
  if (site !== undefined && site !== 'same-origin' && !isVisit) return foreign;
  // Browsers send Origin with each of these; whoever leaves it out is none.
  const needsOrigin = isSocket || upgrade !== undefined || !isRead;
  if (needsOrigin && origin === undefined) return foreign;
  if (!isRead && header(request, ACTION_HEADER) !== '1') {
    return { status: 403, message: `Calls that change something carry ${ACTION_HEADER}: 1.` };
  }
  return undefined;
}

const foreign: Refusal = {
  status: 403,
  message: 'Only the console itself may ask this: it came from another page.',
};

const isApi = ({ url = '' }: Request): boolean => url.startsWith('/api/');

function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Sent with every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    // The graph and the terminal place their parts by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
