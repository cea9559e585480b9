import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** Throws (see isDuplicate) where the e-mail has an account: the unique key decides, not a look before. */
export async function insertUser(
  database: Kysely<Schema>,
  user: { readonly email: string; readonly name: string; readonly passwordHash: string },
  now: Date,
): Promise<User> {
  const { email, name, passwordHash } = user;
  const id = randomUUID();
  await database
    .insertInto('users')
    .values({ id, email, name, password_hash: passwordHash, created_at: now })
    .execute();
  return { id, email, name };
}

export async function findUserByEmail(
  database: Kysely<Schema>,
  email: string,
): Promise<{ readonly user: User; readonly passwordHash: string } | undefined> {
  const row = await database
    .selectFrom('users')
    .select(['id', 'email', 'name', 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { password_hash: passwordHash, ...user } = row;
  return { user, passwordHash };
}
