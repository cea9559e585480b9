/** The daemon's control socket: HTTP over a Unix socket that only root can open. */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Handler = (
  body: unknown,
  respond: { json(value: unknown): void; stream(): ServerResponse },
) => Promise<void>;

/** Routes by `METHOD /path`. A handler that throws answers 500 with the error's message. */
export async function serveControl(
  socket: string,
  routes: Readonly<Record<string, Handler>>,
): Promise<() => Promise<void>> {
  await rm(socket, { force: true });
  const server = createServer((request, response) => {
    const handler = routes[`${request.method} ${request.url}`];
    if (handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    handle(handler, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: messageOf(error) }));
      }
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  return () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
}

async function handle(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  await handler(text === '' ? undefined : JSON.parse(text), {
    json: (value) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    },
    stream: () => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.flushHeaders();
      return response;
    },
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
