import type { ColumnType } from 'kysely';

/** The tables, as the migrations make them. Times are UTC, to the millisecond. */
export interface Schema {
  readonly users: UsersTable;
  readonly sessions: SessionsTable;
  readonly rate_limits: RateLimitsTable;
}

interface UsersTable {
  /** A UUID. */
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  /** A PHC string, see passwords.ts. */
  readonly password_hash: string;
  readonly created_at: Date;
}

interface SessionsTable {
  /** SHA-256 of the token in the cookie. */
  readonly token_hash: Buffer;
  readonly user_id: string;
  readonly created_at: Date;
  readonly idle_expires_at: ColumnType<Date, Date, Date>;
  readonly expires_at: Date;
}

/** The columns that rate-limiter-flexible expects. */
interface RateLimitsTable {
  readonly key: string;
  readonly points: number;
  /** Milliseconds since 1970. */
  readonly expire: number | null;
}
