import type { Kysely } from 'kysely';
import { createToken, hashToken, isLive, prolong, startTimes } from '../session.ts';
import type { Schema } from './schema.ts';
import type { User } from './users.ts';

/** Opens a session and returns its token, which is kept nowhere else than in the cookie. */
export async function insertSession(
  database: Kysely<Schema>,
  userId: string,
  now: Date,
): Promise<string> {
  const token = createToken();
  const { idleExpiresAt, expiresAt } = startTimes(now);
  await database
    .insertInto('sessions')
    .values({
      token_hash: hashToken(token),
      user_id: userId,
      created_at: now,
      idle_expires_at: idleExpiresAt,
      expires_at: expiresAt,
    })
    .execute();
  return token;
}

/** The user of a live session, which is thereby prolonged; undefined where there is none. */
export async function useSession(
  database: Kysely<Schema>,
  token: string,
  now: Date,
): Promise<User | undefined> {
  const row = await database
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'email', 'name', 'idle_expires_at', 'expires_at'])
    .where('token_hash', '=', hashToken(token))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const times = { idleExpiresAt: row.idle_expires_at, expiresAt: row.expires_at };
  if (!isLive(times, now)) return undefined;
  const idleExpiresAt = prolong(times, now);
  if (idleExpiresAt !== undefined) {
    await database
      .updateTable('sessions')
      .set({ idle_expires_at: idleExpiresAt })
      .where('token_hash', '=', hashToken(token))
      .execute();
  }
  return { id: row.id, email: row.email, name: row.name };
}

export async function deleteSession(database: Kysely<Schema>, token: string): Promise<void> {
  await database.deleteFrom('sessions').where('token_hash', '=', hashToken(token)).execute();
}
