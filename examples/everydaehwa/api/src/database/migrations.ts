import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * MySQL commits after each DDL statement, so a migration is one statement that may be repeated: one
 * that was cut off before it was recorded is simply run again. Only ever add; an old and a new
 * release run side by side during a deployment.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-create-users': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('users')
        .ifNotExists()
        .addColumn('id', sql`char(36) character set ascii collate ascii_bin`, (c) => c.primaryKey())
        .addColumn('email', sql`varchar(254) character set ascii collate ascii_bin`, (c) =>
          c.notNull().unique(),
        )
        .addColumn('name', sql`varchar(50) character set utf8mb4`, (c) => c.notNull())
        .addColumn('password_hash', sql`varchar(255) character set ascii collate ascii_bin`, (c) =>
          c.notNull(),
        )
        .addColumn('created_at', 'datetime(3)', (c) => c.notNull())
        .execute(),
  },
  '0002-create-sessions': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('sessions')
        .ifNotExists()
        .addColumn('token_hash', 'binary(32)', (c) => c.primaryKey())
        .addColumn('user_id', sql`char(36) character set ascii collate ascii_bin`, (c) =>
          c.notNull(),
        )
        .addColumn('created_at', 'datetime(3)', (c) => c.notNull())
        .addColumn('idle_expires_at', 'datetime(3)', (c) => c.notNull())
        .addColumn('expires_at', 'datetime(3)', (c) => c.notNull())
        .addForeignKeyConstraint('sessions_user', ['user_id'], 'users', ['id'], (c) =>
          c.onDelete('cascade'),
        )
        .execute(),
  },
  '0003-create-rate-limits': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('rate_limits')
        .ifNotExists()
        .addColumn('key', sql`varchar(255) character set ascii collate ascii_bin`, (c) =>
          c.primaryKey(),
        )
        .addColumn('points', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('expire', sql`bigint unsigned`)
        .execute(),
  },
};
