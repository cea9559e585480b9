import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Dependencies } from '../app.ts';
import type { AppEnvironment } from '../http/environment.ts';

/** How long the database may take to answer, in milliseconds. */
const patience = 2_000;

export function health({ database, instance, readiness }: Dependencies) {
  // Checks that come while one waits share its answer: a database that hangs holds one connection.
  let pending: Promise<boolean> | undefined;
  const answers = async () => {
    pending ??= ping().finally(() => {
      pending = undefined;
    });
    const timeout = new Promise<false>((resolve) => {
      setTimeout(resolve, patience, false).unref();
    });
    return Promise.race([pending, timeout]);
  };
  const ping = async () => {
    try {
      await sql`select 1`.execute(database);
      return true;
    } catch {
      return false;
    }
  };

  return new Hono<AppEnvironment>().get('/', async (c) => {
    if (readiness.state !== 'ready') return c.json({ status: readiness.state, instance }, 503);
    if (!(await answers())) return c.json({ status: 'database-unavailable', instance }, 503);
    return c.json({ status: 'ok', instance });
  });
}
