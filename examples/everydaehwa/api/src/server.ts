import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { ConfigError, parseConfig } from './config.ts';
import { connectDatabase } from './database/connect.ts';
import { migrateWhenUp } from './database/migrate.ts';
import { sweep } from './database/sweep.ts';
import { createRateLimiter } from './http/rate-limits.ts';
import { createLog } from './log.ts';
import type { Readiness } from './readiness.ts';

/** How long requests in flight may take at the end, in milliseconds. systemd kills after 90 seconds. */
const drainPatience = 20_000;
const sweepInterval = 10 * 60_000;

const config = readConfig();
const log = createLog(config.logLevel);
const { database, pool } = connectDatabase(config.database, log);
const readiness: Readiness = { state: 'starting' };
const stopping = new AbortController();

const app = createApp({
  database,
  rateLimiter: createRateLimiter(pool, config.database.name),
  log,
  now: () => new Date(),
  readiness,
  instance: config.instance,
  siteOrigin: config.siteOrigin,
  trustedProxies: config.trustedProxies,
});

const server = serve(
  { fetch: app.fetch, hostname: '0.0.0.0', port: config.port },
  ({ address, port }) => log.info({ address, port, instance: config.instance }, 'listening'),
) as Server;
// Longer than the gateway keeps an idle connection (nginx: 60 s), or it would now and then send a
// request into a connection that we are just closing.
server.keepAliveTimeout = 75_000;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void stop(signal));
}

try {
  await migrateWhenUp(database, log, stopping.signal);
  if (!stopping.signal.aborted) {
    readiness.state = 'ready';
    log.info('ready');
  }
} catch (err) {
  if (!stopping.signal.aborted) throw err;
}

const sweeping = setInterval(() => {
  sweep(database, new Date()).catch((err: unknown) => log.warn({ err }, 'Could not sweep'));
}, sweepInterval);
sweeping.unref();

/** Stops accepting, lets requests in flight finish, closes the database, and exits with 0. */
async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'stopping');
  readiness.state = 'draining';
  stopping.abort();
  setTimeout(() => {
    log.error('Requests were still in flight when time ran out');
    process.exit(1);
  }, drainPatience).unref();
  await new Promise((resolve) => server.close(resolve));
  await database.destroy();
  log.info('stopped');
  process.exit(0);
}

function readConfig() {
  try {
    const environment = { ...process.env, HOSTNAME: process.env['HOSTNAME'] ?? hostname() };
    return parseConfig(environment, (path) => readFileSync(path, 'utf8'));
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err;
    createLog('info').fatal({ err }, err.message);
    process.exit(1);
  }
}
