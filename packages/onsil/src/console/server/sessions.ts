/** Who may look: one-time tokens, and the sessions that they are exchanged for. */
import { createHash, randomBytes } from 'node:crypto';

const TOKEN_MS = 2 * 60_000;
const SESSION_MS = 12 * 3_600_000;
/** Nobody opens more consoles than this; a program in a loop would. */
const MOST = 64;

/** Kept as hashes: what is compared is not what was sent, and a dump of memory opens nothing. */
export class Sessions {
  readonly #now: () => number;
  readonly #tokens = new Map<string, number>();
  readonly #sessions = new Map<string, number>();

  /** @param now milliseconds of any clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A token for one session, good for two minutes. */
  issue(): string {
    return this.#add(this.#tokens, TOKEN_MS);
  }

  /** The session that a token is good for, once. */
  exchange(token: string): string | undefined {
    if (!this.#has(this.#tokens, token)) return undefined;
    this.#tokens.delete(digest(token));
    return this.#add(this.#sessions, SESSION_MS);
  }

  isOpen(session: string | undefined): boolean {
    return session !== undefined && this.#has(this.#sessions, session);
  }

  #add(all: Map<string, number>, milliseconds: number): string {
    const now = this.#now();
    for (const [key, until] of all) if (until <= now) all.delete(key);
    const [oldest] = all.keys();
    if (all.size >= MOST && oldest !== undefined) all.delete(oldest);
    const secret = randomBytes(32).toString('base64url');
    all.set(digest(secret), now + milliseconds);
    return secret;
  }

  #has(all: ReadonlyMap<string, number>, secret: string): boolean {
    const until = all.get(digest(secret));
    return until !== undefined && until > this.#now();
  }
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Cookies ignore ports: the consoles of two labs are told apart by the name. */
export const cookieName = (port: number): string => `onsil-console-${port}`;

/** Set-Cookie of a session. */
export const cookieOf = (port: number, session: string): string =>
  `${cookieName(port)}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1000}`;

/** The session in a Cookie header. */
export function sessionIn(cookie: string | undefined, port: number): string | undefined {
  const name = `${cookieName(port)}=`;
  return cookie
    ?.split('; ')
    .find((each) => each.startsWith(name))
    ?.slice(name.length);
}
