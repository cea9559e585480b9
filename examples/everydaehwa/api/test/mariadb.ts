import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import type { DatabaseConfig } from '../src/config.ts';

/** A database server of the tests' own: in a temporary folder, on a free port of the loopback. */
export interface MariaDB {
  /** Makes an empty database and says how to reach it. */
  create(name: string): Promise<DatabaseConfig>;
  /** Locks a table, so that whoever writes to it waits until `release`. */
  hold(database: string, table: string): Promise<Hold>;
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export interface Hold {
  /** Resolves when someone waits for the table. */
  someoneWaits(): Promise<void>;
  release(): void;
}

export async function startMariaDB(): Promise<MariaDB> {
  const folder = await mkdtemp(join(tmpdir(), 'everydaehwa-mariadb-'));
  const socket = join(folder, 'socket');
  const port = await freePort();
  // The server refuses to run as root.
  const isRoot = userInfo().uid === 0;
  const user = isRoot ? ['--user=nobody'] : [];
  if (isRoot) await chown(folder, 65534, 65534);
  try {
    await install([...user, `--datadir=${join(folder, 'data')}`]);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }

  let server: ChildProcess | undefined;
  const start = async () => {
    server = await launch([
      ...user,
      `--datadir=${join(folder, 'data')}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${port}`,
    ]);
  };
  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  const connectAsRoot = async () => {
    const connection = await createConnection({ socketPath: socket, user: 'root' });
    // A test may kill the server under it.
    connection.on('error', () => {});
    return connection;
  };

  await start();
  const root = await connectAsRoot();
  await root.query("create user api@'127.0.0.1' identified by 'password of the api'");
  await root.end();
  return {
    async create(name) {
      const connection = await connectAsRoot();
      await connection.query(`create database ${name}`);
      await connection.query(`grant all on ${name}.* to api@'127.0.0.1'`);
      await connection.end();
      return { host: '127.0.0.1', port, name, user: 'api', password: 'password of the api' };
    },
    async hold(database, table) {
      const connection = await connectAsRoot();
      const eye = await connectAsRoot();
      await connection.query(`lock tables ${database}.${table} write`);
      const waiting =
        "select 1 from information_schema.processlist where state like 'Waiting for table%'";
      return {
        async someoneWaits() {
          for (let rows: unknown = []; Array.isArray(rows) && rows.length === 0; ) {
            [rows] = await eye.query(waiting);
            await sleep(20);
          }
        },
        release() {
          connection.destroy();
          eye.destroy();
        },
      };
    },
    kill,
    start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

async function install(args: readonly string[]): Promise<void> {
  const fixed = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db'];
  try {
    await promisify(execFile)('mariadb-install-db', [...fixed, ...fast, ...args]);
  } catch (cause) {
    throw isMissing(cause) ? missing(cause) : cause;
  }
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const fixed = ['--no-defaults', '--bind-address=127.0.0.1', '--skip-name-resolve'];
  const server = spawn(program, [...fixed, ...fast, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(server, 'spawn').catch((cause: unknown) => {
    throw isMissing(cause) ? missing(cause) : cause;
  });
  const lines: string[] = [];
  // Read to its end, or the server would one day wait for room in the pipe.
  const reader = createInterface({ input: server.stderr });
  return new Promise((resolve, reject) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (line.includes('ready for connections')) resolve(server);
    });
    server.once('exit', () => reject(new Error(`mariadbd ended:\n${lines.join('\n')}`)));
  });
}

/** Debian's place for it is not on the PATH of ordinary users. */
const program = '/usr/sbin/mariadbd';
/** Survives the end of the process (the tests kill it) but not of the machine, and is quick. */
const fast = ['--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=16M'];

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missing(cause: unknown): Error {
  const packages = 'mariadb-server-core mariadb-client-core';
  return new Error(
    `The integration tests need MariaDB's own programs. Do: apt-get install ${packages}`,
    { cause },
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
