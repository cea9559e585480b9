import type { Kysely } from 'kysely';
import { createApp } from '../src/app.ts';
import type { DatabaseConfig } from '../src/config.ts';
import { connectDatabase } from '../src/database/connect.ts';
import type { Schema } from '../src/database/schema.ts';
import { createRateLimiter } from '../src/http/rate-limits.ts';
import { createLog } from '../src/log.ts';
import type { Readiness } from '../src/readiness.ts';

export const siteOrigin = 'https://everydaehwa.net';

export interface RequestOptions {
  readonly body?: unknown;
  /** The value of the session cookie. */
  readonly session?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the request comes from, in front of the edge. */
  readonly client?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** The session cookie that was set: its value, empty where it was cleared. */
  readonly session: string | undefined;
}

export interface Api {
  readonly database: Kysely<Schema>;
  readonly readiness: Readiness;
  /** Every line logged so far. */
  readonly lines: readonly string[];
  send(method: string, path: string, options?: RequestOptions): Promise<Reply>;
  close(): Promise<void>;
}

/** One instance of the api without a port, on a real database, with a clock of the test. */
export function createApi(config: DatabaseConfig, now: () => Date = () => new Date()): Api {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const { database, pool } = connectDatabase(config, log);
  const readiness: Readiness = { state: 'ready' };
  const app = createApp({
    database,
    rateLimiter: createRateLimiter(pool, config.name),
    log,
    now,
    readiness,
    instance: 'api-1',
    siteOrigin,
    trustedProxies: 2,
  });
  return {
    database,
    readiness,
    lines,
    async send(method, path, { body, session, headers, client = '203.0.113.7' } = {}) {
      const response = await app.request(
        path,
        {
          method,
          headers: {
            Origin: siteOrigin,
            'X-Forwarded-For': `${client}, 10.0.0.30`,
            ...(body !== undefined && { 'Content-Type': 'application/json' }),
            ...(session !== undefined && { Cookie: `__Host-session=${session}` }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        { incoming: { socket: { remoteAddress: '10.0.1.20' } } },
      );
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
        session: /^__Host-session=([^;]*)/.exec(response.headers.get('Set-Cookie') ?? '')?.[1],
      };
    },
    close: () => database.destroy(),
  };
}
