import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Removes what has expired: sessions and counts of attempts. Nothing depends on when it runs. */
export async function sweep(database: Kysely<Schema>, now: Date): Promise<void> {
  await database
    .deleteFrom('sessions')
    .where((row) => row.or([row('idle_expires_at', '<=', now), row('expires_at', '<=', now)]))
    .execute();
  await database.deleteFrom('rate_limits').where('expire', '<=', now.getTime()).execute();
}
