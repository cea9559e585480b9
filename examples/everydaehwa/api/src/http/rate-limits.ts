import { createHash } from 'node:crypto';
import type { Pool } from 'mysql2';
import { RateLimiterMemory, RateLimiterMySQL, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from './problem.ts';

/** How many attempts are allowed in how many seconds. */
export const rateLimits = {
  loginByAddress: { points: 30, duration: 15 * 60 },
  /** Forgotten at a successful login. Others can hold up someone's login with it, but only for so long. */
  loginByEmail: { points: 10, duration: 15 * 60 },
  signUpByAddress: { points: 20, duration: 60 * 60 },
  signUpByEmail: { points: 10, duration: 60 * 60 },
} as const;

export type RateLimit = keyof typeof rateLimits;

export interface RateLimiter {
  /** Counts one attempt. Throws the Problem `too-many-attempts` when there were too many. */
  consume(limit: RateLimit, key: string): Promise<void>;
  /** Starts again from nothing. */
  forget(limit: RateLimit, key: string): Promise<void>;
}

/**
 * Counts in the database, so that all instances of the api share one count; in memory while the
 * database cannot be reached.
 */
export function createRateLimiter(pool: Pool, databaseName: string): RateLimiter {
  const create = (limit: RateLimit) =>
    new RateLimiterMySQL({
      ...rateLimits[limit],
      keyPrefix: limit,
      storeClient: pool,
      storeType: 'pool',
      dbName: databaseName,
      tableName: 'rate_limits',
      // Our migrations create the table, and our sweep clears it.
      tableCreated: true,
      clearExpiredByTimeout: false,
      insuranceLimiter: new RateLimiterMemory({ ...rateLimits[limit], keyPrefix: limit }),
    });
  const limiters = {
    loginByAddress: create('loginByAddress'),
    loginByEmail: create('loginByEmail'),
    signUpByAddress: create('signUpByAddress'),
    signUpByEmail: create('signUpByEmail'),
  } satisfies Record<RateLimit, RateLimiterMySQL>;

  return {
    async consume(limit, key) {
      try {
        await limiters[limit].consume(hash(key));
      } catch (rejected) {
        if (!(rejected instanceof RateLimiterRes)) throw rejected;
        const retryAfterSeconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
        throw new Problem('too-many-attempts', { retryAfterSeconds });
      }
    },
    async forget(limit, key) {
      await limiters[limit].delete(hash(key));
    },
  };
}

/** The table needs no addresses of people, only to tell them apart. */
function hash(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
