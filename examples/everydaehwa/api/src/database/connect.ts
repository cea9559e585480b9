import { Kysely, MysqlDialect } from 'kysely';
import { createPool, type Pool } from 'mysql2';
import type { DatabaseConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Schema } from './schema.ts';

export interface DatabaseConnections {
  readonly database: Kysely<Schema>;
  /** The pool beneath, for the rate limiter. `database.destroy()` closes it. */
  readonly pool: Pool;
}

/** Opens a pool. Connects only when first asked for something, so the database need not be up. */
export function connectDatabase(config: DatabaseConfig, log: Logger): DatabaseConnections {
  const pool = createPool({
    host: config.host,
    port: config.port,
    database: config.name,
    user: config.user,
    password: config.password,
    charset: 'utf8mb4',
    timezone: 'Z',
    connectionLimit: 10,
    // Beyond this, a request is better refused at once than made to wait.
    queueLimit: 200,
    connectTimeout: 5_000,
  });
  // The pool hears only the first 'error' event of a connection, and one that nobody hears ends Node.
  pool.on('connection', (connection) => {
    connection.on('error', (err) => log.warn({ err }, 'A database connection broke'));
  });
  return { pool, database: new Kysely<Schema>({ dialect: new MysqlDialect({ pool }) }) };
}

/** Whether an error means that the database is away, rather than that a statement was wrong. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { fatal, code } = error as { fatal?: unknown; code?: unknown };
  return (
    fatal === true ||
    code === 'ER_SERVER_SHUTDOWN' ||
    code === 'ER_CON_COUNT_ERROR' ||
    error.message === 'Queue limit reached.'
  );
}

/** Whether a statement failed because a row with the same unique key is there. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ER_DUP_ENTRY';
}
