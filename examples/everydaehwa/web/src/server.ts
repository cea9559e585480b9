import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';

/** How long requests in flight may take at the end, in milliseconds. */
const drainPatience = 20_000;

const port = readPort(process.env['PORT'] ?? '3000');
const instance = process.env['HOSTNAME'] ?? hostname();
let draining = false;

const app = createApp({
  root: process.env['CLIENT_ROOT'] ?? join(import.meta.dirname, 'client'),
  instance,
  isDraining: () => draining,
  log,
});
const server = serve({ fetch: app.fetch, hostname: '0.0.0.0', port }, ({ address, port }) =>
  log({ msg: 'listening', address, port, instance }),
) as Server;
// Longer than the edge keeps an idle connection (nginx: 60 s), or it would now and then send a
// request into a connection that we are just closing.
server.keepAliveTimeout = 75_000;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stop(signal));
}

/** Stops accepting, lets requests in flight finish, and exits with 0. */
function stop(signal: string): void {
  log({ msg: 'stopping', signal });
  draining = true;
  setTimeout(() => process.exit(1), drainPatience).unref();
  server.close(() => {
    log({ msg: 'stopped' });
    process.exit(0);
  });
}

/** One JSON line on standard output, which journald keeps. */
function log(entry: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ level: 'info', time: new Date().toISOString(), ...entry }));
}

function readPort(value: string): number {
  if (/^\d+$/.test(value) && Number(value) < 65_536) return Number(value);
  throw new Error(`PORT must be a number below 65536, but is ${JSON.stringify(value)}`);
}
