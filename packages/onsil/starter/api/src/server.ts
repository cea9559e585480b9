/** The API: everything below /api. The gateway asks it, and it asks the database. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { createPool } from 'mysql2/promise';

const { env } = process;
const port = Number(env['PORT'] ?? 8080);

/** onsil sets these on the host: see its documentation of `onsil new`. */
const pool = createPool({
  host: env['DATABASE_HOST'] ?? '127.0.0.1',
  port: Number(env['DATABASE_PORT'] ?? 3306),
  database: env['DATABASE_NAME'] ?? '@DATABASE@',
  user: env['DATABASE_USER'] ?? '@DATABASE@',
  // By a file, since an environment is inherited by children and shown by systemd.
  password: readPassword(env['DATABASE_PASSWORD_FILE']),
  connectTimeout: 2_000,
});

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://api');
  answer(`${request.method} ${pathname}`, response).catch((error: unknown) => {
    console.error(error);
    // Whatever failed, it was on the way to the database: that is all this API does.
    send(response, 503, { status: 'database-unavailable', instance: hostname() });
  });
});

async function answer(asked: string, response: ServerResponse): Promise<void> {
  const instance = hostname();
  switch (asked) {
    case 'GET /api/health':
      await pool.query('select 1');
      return send(response, 200, { status: 'ok', instance });
    case 'POST /api/visits':
      return send(response, 200, { visits: await countVisit(), instance });
    default:
      return send(response, 404, { status: 'not-found', instance });
  }
}

/** Counts one more. @returns how many there were, with this one */
async function countVisit(): Promise<number> {
  await pool.query('create table if not exists visits (id int primary key, number bigint)');
  // One connection: the second statement reads what the first one set there.
  const connection = await pool.getConnection();
  try {
    await connection.query(
      'insert into visits values (1, last_insert_id(1)) ' +
        'on duplicate key update number = last_insert_id(number + 1)',
    );
    const [rows] = await connection.query('select last_insert_id() as visits');
    return Number((rows as { visits: number }[])[0]?.visits);
  } finally {
    connection.release();
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(`${JSON.stringify(body)}\n`);
}

function readPassword(file: string | undefined): string {
  return file === undefined ? '' : readFileSync(file, 'utf8').trim();
}

// Longer than nginx keeps an idle connection, or a request would now and then meet a closed one.
server.keepAliveTimeout = 75_000;
server.listen(port, () => console.log(`listening on ${port}`));

/** A new release comes by a restart: requests in flight are finished first. */
process.once('SIGTERM', () => {
  server.close(() => void pool.end().then(() => process.exit(0)));
});
