import type { Server } from 'node:net';

/** An address and a port; port 0 takes any free one. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A service that could not take its address. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** The error for a failed bind: names the service, the address and the port. */
export function listenError(what: string, at: Endpoint, cause: unknown): ListenError {
  const code = (cause as NodeJS.ErrnoException).code;
  const hint =
    code === 'EADDRINUSE'
      ? 'another program holds it'
      : code === 'EADDRNOTAVAIL'
        ? 'no interface of this network namespace has that address'
        : code === 'EACCES'
          ? 'ports below 1024 need root'
          : (cause as Error).message;
  return new ListenError(`${what} cannot listen on ${at.address} port ${at.port}: ${hint}`, {
    cause,
  });
}

/** Starts a TCP, HTTP or TLS server. Resolves with what it really took; throws ListenError. */
export function listen(server: Server, at: Endpoint, what: string): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) => reject(listenError(what, at, cause));
    server.once('error', failed);
    server.listen({ host: at.address, port: at.port, exclusive: true }, () => {
      server.off('error', failed);
      // Later errors (descriptors used up while accepting) concern one connection only.
      server.on('error', () => {});
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new ListenError(`${what}: no port`));
      else resolve({ address: at.address, port: bound.port });
    });
  });
}
