import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Logger } from '../log.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

/**
 * Brings the tables up to date. Instances that start together take turns, by a named lock of the
 * server: https://mariadb.com/kb/en/get_lock/. Throws what the database said.
 */
export async function migrate(database: Kysely<Schema>, log: Logger): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results ?? []) {
    log.info({ migration: migrationName, status }, 'migration');
  }
  if (error !== undefined) throw error;
}

/**
 * Tries until it succeeds, with waits that double from a quarter of a second to five seconds: on a
 * fresh system the database comes up later than we do. Throws only when `signal` is aborted.
 */
export async function migrateWhenUp(
  database: Kysely<Schema>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let wait = 250; ; wait = Math.min(2 * wait, 5_000)) {
    try {
      return await migrate(database, log);
    } catch (err) {
      log.warn({ err, retryInMilliseconds: wait }, 'The database is not ready');
      await sleep(wait, undefined, { signal });
    }
  }
}
