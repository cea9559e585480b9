import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isToken, sessionAbsolute } from '../session.ts';

/**
 * `__Host-` makes the browser insist on Secure, Path=/ and no Domain, so that no other host of the
 * domain can plant a session: https://www.rfc-editor.org/rfc/rfc6265#section-8.6 and its successor.
 */
const options = {
  prefix: 'host',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'Lax',
} as const;

export function readSessionCookie(c: Context): string | undefined {
  const token = getCookie(c, 'session', 'host');
  return isToken(token) ? token : undefined;
}

export function setSessionCookie(c: Context, token: string): void {
  setCookie(c, 'session', token, { ...options, maxAge: sessionAbsolute / 1000 });
}

export function clearSessionCookie(c: Context): void {
  deleteCookie(c, 'session', options);
}
