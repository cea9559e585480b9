/** One process at a time claims or removes a lab, or builds an image. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any removal takes. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 10;

/**
 * Does the work while no other process does such work for the lab. Throws after a minute of
 * waiting.
 */
export async function withLock<T>(lab: string, work: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await alone(lab, work, signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    throw new Error(`Another process has been at the lab ${lab} for a minute: try again.`, {
      cause: error,
    });
  }
}

/**
 * Does the work while nobody else does work of this name; the signal ends the waiting. The lock
 * is an abstract Unix socket (unix(7)): it cannot outlive its process, and is of one network
 * namespace.
 */
export async function alone<T>(
  name: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const server = createServer();
  for (;;) {
    server.listen(`\0onsil.${name}`);
    try {
      await once(server, 'listening');
      break;
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!inUse) throw error;
      signal?.throwIfAborted();
      await sleep(RETRY_MS);
    }
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}
