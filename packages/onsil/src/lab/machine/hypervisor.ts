/** The machine's side door to its hypervisor: a socket that takes requests to mount a volume. */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { MachinePlan } from './plan.ts';
import { mountVolume } from './volume.ts';

const ROUTE = /^\/volumes\/([a-z0-9]{1,32})$/;

/** Listens on the plan's socket until the returned function is called. */
export async function serveHypervisor(plan: MachinePlan): Promise<() => Promise<void>> {
  const socket = join(plan.hypervisor, 'socket');
  await rm(socket, { force: true });
  const server: Server = createServer((request, response) => {
    const device = request.method === 'POST' ? ROUTE.exec(request.url ?? '')?.[1] : undefined;
    if (device === undefined) {
      response.writeHead(404).end('Only POST /volumes/<device>.\n');
      return;
    }
    mountVolume(plan, device).then(
      () => response.writeHead(204).end(),
      (error: unknown) =>
        response.writeHead(409).end(`${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  // Connecting needs write permission; only this one machine sees the socket.
  await chmod(socket, 0o666);
  return () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
}
