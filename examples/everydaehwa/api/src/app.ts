import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { timeout } from 'hono/timeout';
import type { Kysely } from 'kysely';
import { isUnreachable } from './database/connect.ts';
import type { Schema } from './database/schema.ts';
import { findClientAddress } from './http/client-address.ts';
import type { AppEnvironment } from './http/environment.ts';
import { answerProblem, Problem } from './http/problem.ts';
import type { RateLimiter } from './http/rate-limits.ts';
import { requestLog } from './http/request-log.ts';
import { sameOrigin } from './http/same-origin.ts';
import type { Logger } from './log.ts';
import type { Readiness } from './readiness.ts';
import { health } from './routes/health.ts';
import { sessions } from './routes/sessions.ts';
import { users } from './routes/users.ts';

export interface Dependencies {
  readonly database: Kysely<Schema>;
  readonly rateLimiter: RateLimiter;
  readonly log: Logger;
  readonly now: () => Date;
  readonly readiness: Readiness;
  readonly instance: string;
  readonly siteOrigin: string;
  readonly trustedProxies: number;
}

/** How long one request may take, in milliseconds: shorter than the proxies in front wait. */
const patience = 10_000;
/** In bytes: sign-up needs far less. */
const largestBody = 16 * 1024;

/** Builds the whole service from what it depends on. It listens nowhere: see server.ts. */
export function createApp(dependencies: Dependencies) {
  const { log, readiness, siteOrigin, trustedProxies } = dependencies;
  const app = new Hono<AppEnvironment>();

  app.use(requestId({ limitLength: 64 }));
  app.use(async (c, next) => {
    const connection = getConnInfo(c).remote.address;
    const header = c.req.header('X-Forwarded-For');
    c.set('clientAddress', findClientAddress(header, connection, trustedProxies));
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    await next();
    // A connection that the gateway keeps open would otherwise hold up the end of the process.
    if (readiness.state === 'draining') c.header('Connection', 'close');
  });
  app.use(requestLog(log));

  app.route('/api/health', health(dependencies));

  app.use(async (_c, next) => {
    if (readiness.state === 'starting') throw unavailable();
    await next();
  });
  app.use(sameOrigin(siteOrigin));
  app.use(bodyLimit({ maxSize: largestBody, onError: tooLarge }));
  app.use(timeout(patience));
  app.route('/api/users', users(dependencies));
  app.route('/api/sessions', sessions(dependencies));

  app.notFound((c) => answerProblem(c, new Problem('not-found')));
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (problem !== error) {
      const level = problem.code === 'internal-error' ? 'error' : 'warn';
      log[level]({ requestId: c.get('requestId'), err: error }, 'request failed');
    }
    return answerProblem(c, problem);
  });
  return app;
}

function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error;
  const isLate = error instanceof HTTPException && error.status === 504;
  return isLate || isUnreachable(error) ? unavailable() : new Problem('internal-error');
}

function unavailable(): Problem {
  return new Problem('service-unavailable', { retryAfterSeconds: 5 });
}

function tooLarge(): never {
  throw new Problem('body-too-large');
}
