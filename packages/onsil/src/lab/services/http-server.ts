import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** A client that stops in the middle of a request or an answer is dropped after this. */
const IDLE_MILLISECONDS = 60_000;

/** Bounds what one slow or hostile client can hold. */
export function withLimits<S extends HttpServer | HttpsServer>(server: S): S {
  server.headersTimeout = 15_000;
  // A release of some tens of megabytes, from a machine that is busy with its first boot.
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 1_024;
  server.setTimeout(IDLE_MILLISECONDS);
  server.on('clientError', (_cause, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

/** Ends a server together with the connections it still has. */
export function closeHttp(server: HttpServer | HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
