/** One process at a time claims or removes a lab. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any removal takes. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 10;

/**
 * Does the work while no other process does such work for the lab. Throws after a minute of
 * waiting. The lock is an abstract Unix socket (unix(7)): it cannot outlive its process.
 */
export async function withLock<T>(lab: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  const server = createServer();
  for (;;) {
    server.listen(`\0onsil.${lab}`);
    try {
      await once(server, 'listening');
      break;
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!inUse) throw error;
      if (Date.now() > deadline) {
        throw new Error(`Another process has been at the lab ${lab} for a minute: try again.`, {
          cause: error,
        });
      }
      await sleep(RETRY_MS);
    }
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}
