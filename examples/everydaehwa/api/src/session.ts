import { createHash, randomBytes } from 'node:crypto';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long a session lives, in milliseconds: unused for a week, or thirty days in all. */
export const sessionIdle = 7 * DAY;
export const sessionAbsolute = 30 * DAY;
/** Not every request is worth a write: a session in use is prolonged once in this time. */
export const sessionTouch = MINUTE;

export interface SessionTimes {
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

/** The secret that the browser keeps: 256 random bits, 43 letters. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps. A stolen table opens no session; a random token needs no salt or slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function isToken(value: string | undefined): value is string {
  return value !== undefined && /^[\w-]{43}$/.test(value);
}

export function startTimes(now: Date): SessionTimes {
  return {
    idleExpiresAt: new Date(now.getTime() + sessionIdle),
    expiresAt: new Date(now.getTime() + sessionAbsolute),
  };
}

export function isLive(session: SessionTimes, now: Date): boolean {
  return now < session.idleExpiresAt && now < session.expiresAt;
}

/** The new idle expiry of a session used now, or undefined where it was prolonged only just before. */
export function prolong(session: SessionTimes, now: Date): Date | undefined {
  const idleExpiresAt = new Date(now.getTime() + sessionIdle);
  const gained = idleExpiresAt.getTime() - session.idleExpiresAt.getTime();
  return gained >= sessionTouch ? idleExpiresAt : undefined;
}
