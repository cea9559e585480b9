import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DatabaseConfig } from '../src/config.ts';
import { siteOrigin } from './api.ts';
import { type MariaDB, startMariaDB } from './mariadb.ts';

interface Line {
  readonly msg: string;
  readonly port?: number;
  readonly migration?: string;
}

/** The server as a process of its own, as systemd runs it. */
interface Running {
  readonly process: ChildProcess;
  readonly lines: readonly Line[];
  /** Resolves with the first line that says `msg`, past or to come. */
  said(msg: string): Promise<Line>;
  readonly exitCode: Promise<number | null>;
}

let mariadb: MariaDB;
let folder: string;
const running = new Set<Running>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everydaehwa-server-'));
  mariadb = await startMariaDB();
});
afterEach(async () => {
  for (const { process, exitCode } of running) {
    process.kill('SIGKILL');
    await exitCode;
  }
  running.clear();
});
afterAll(async () => {
  await mariadb?.remove();
  await rm(folder, { recursive: true });
});

async function run(config: DatabaseConfig, changes: Record<string, string> = {}): Promise<Running> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${config.password}\n`, { mode: 0o600 });
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/server.ts')], {
    env: {
      PORT: '0',
      HOSTNAME: 'api-1',
      DATABASE_HOST: config.host,
      DATABASE_PORT: String(config.port),
      DATABASE_NAME: config.name,
      DATABASE_USER: config.user,
      DATABASE_PASSWORD_FILE: passwordFile,
      SITE_ORIGIN: siteOrigin,
      ...changes,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(JSON.parse(line)));
  const server: Running = {
    process: child,
    lines,
    exitCode: once(child, 'exit').then(([code]) => code),
    async said(msg) {
      for (;;) {
        const line = lines.find((line) => line.msg === msg);
        if (line !== undefined) return line;
        if (child.exitCode !== null) throw new Error(`ended: ${JSON.stringify(lines)}`);
        await Promise.race([once(reader, 'line'), once(reader, 'close')]);
      }
    },
  };
  running.add(server);
  return server;
}

async function address(server: Running): Promise<string> {
  return `http://127.0.0.1:${(await server.said('listening')).port}`;
}

describe('the server', () => {
  it('listens before the database is up; two that start together migrate it once', async () => {
    const config = await mariadb.create('late');
    await mariadb.kill();
    const servers = await Promise.all([run(config), run(config)]);
    for (const server of servers) {
      const health = await fetch(`${await address(server)}/api/health`);
      expect(health.status).toBe(503);
      expect(await health.json()).toEqual({ status: 'starting', instance: 'api-1' });
      const users = await fetch(`${await address(server)}/api/users/me`);
      expect(users.status).toBe(503);
    }
    await mariadb.start();
    for (const server of servers) {
      await server.said('ready');
      expect((await fetch(`${await address(server)}/api/health`)).status).toBe(200);
    }
    const migrated = servers.flatMap(({ lines }) => lines.flatMap((line) => line.migration ?? []));
    expect(migrated).toEqual([
      '0001-create-users',
      '0002-create-sessions',
      '0003-create-rate-limits',
    ]);
  });

  it('on SIGTERM accepts nothing new, finishes what is in flight and exits with 0', async () => {
    const server = await run(await mariadb.create('graceful'));
    await server.said('ready');
    const site = await address(server);

    // A sign-up that the database holds up for as long as we want.
    const hold = await mariadb.hold('graceful', 'users');
    const signUp = fetch(`${site}/api/users`, {
      method: 'POST',
      headers: { Origin: siteOrigin, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        email: 'a@example.com',
        name: '하나',
        password: '온실 속의 화초 하나',
      }),
    });
    await hold.someoneWaits();

    server.process.kill('SIGTERM');
    await server.said('stopping');
    await vi.waitFor(() => expect(fetch(`${site}/api/health`)).rejects.toThrow('fetch failed'), {
      timeout: 5_000,
      interval: 20,
    });
    expect(server.process.exitCode).toBeNull();

    hold.release();
    expect((await signUp).status).toBe(201);
    expect(await server.exitCode).toBe(0);
    expect(server.lines.at(-1)?.msg).toBe('stopped');
  });

  it('stops at once while it still waits for the database', async () => {
    const nowhere = { host: '127.0.0.1', port: 1, name: 'x', user: 'x', password: 'x' };
    const server = await run(nowhere);
    await server.said('The database is not ready');
    server.process.kill('SIGTERM');
    expect(await server.exitCode).toBe(0);
  });

  it('says in one line what its environment lacks, and exits with 1', async () => {
    const config = { host: '', port: 3306, name: 'x', user: 'x', password: 'x' };
    const server = await run(config, { SITE_ORIGIN: 'everydaehwa.net' });
    expect(await server.exitCode).toBe(1);
    expect(server.lines).toHaveLength(1);
    expect(server.lines[0]?.msg).toMatch(/DATABASE_HOST: must not be empty.*SITE_ORIGIN: must be/s);
  });
});
