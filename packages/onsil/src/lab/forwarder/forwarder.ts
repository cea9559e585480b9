/**
 * The host's way to the site: `http://<name>.localhost:<port>` on the host's loopback becomes
 * `https://<domain>` at the edge's public address, as seen from the lab's Internet. Origin,
 * Referer, Location and cookie domains are translated, HSTS is dropped, nothing else is changed.
 *
 * Only requests for its own names are answered: a web page elsewhere whose name was pointed at
 * 127.0.0.1 (DNS rebinding) gets nothing.
 *
 * Browsers: Chromium and Firefox keep the site's Secure and __Host- cookies on *.localhost.
 * Safari does not, over plain HTTP: pages show there, but a login does not last. Weakening the
 * cookies for it would show a site that is not the one which is deployed, so they stay as they
 * are; use Chromium or Firefox.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Server as Listener, Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { EdgeAgent, type EdgeOptions } from './edge-agent.ts';
import { asHopError, errorPage } from './hop.ts';
import { type Origins, rewriteRequest, rewriteResponse } from './rewrite.ts';

export interface ForwarderOptions extends EdgeOptions {
  /** Visitors come to `<name>.localhost`. */
  readonly name: string;
  /** A listening socket: a server's, or one inherited by its file descriptor. */
  readonly listener: Listener | { readonly fd: number };
}

export interface Forwarder {
  /** Lets no one else in and cuts off who is. */
  readonly close: () => Promise<void>;
}

/** Starts to forward. Resolves when the listener accepts visitors. */
export async function startForwarder(options: ForwarderOptions): Promise<Forwarder> {
  const names = new Set([`${options.name}.localhost`, 'localhost', '127.0.0.1']);
  const real = `https://${options.domain}`;
  const agent = new EdgeAgent(options);
  const proxy = createProxyServer({ target: real, agent, prependPath: false });
  const originsOf = (request: IncomingMessage): Origins => ({
    local: `http://${request.headers.host}`,
    real,
  });

  const server = createServer((request, response) => {
    if (!names.has(hostOf(request))) return refuse(request, response, names);
    translate(request, originsOf(request));
    void proxy.web(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    if (!names.has(hostOf(request))) {
      socket.end('HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\n\r\n');
      return;
    }
    translate(request, originsOf(request));
    void proxy.ws(request, socket, {}, head).catch(() => socket.destroy());
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Long uploads and long answers are the site's business.
  server.requestTimeout = 0;

  proxy.on('proxyRes', (answer, request) => {
    const local = localOrigins.get(request);
    if (local !== undefined) answer.headers = rewriteResponse(answer.headers, local);
  });
  const upgraded = new WeakSet<Socket>();
  proxy.on('proxyReqWs', (outgoing, _request, socket) => {
    outgoing.once('upgrade', (_answer, upstream: Socket) => {
      upgraded.add(socket);
      // Neither side outlives the other, however it ended.
      socket.once('close', () => upstream.destroy());
      upstream.once('close', () => socket.destroySoon());
    });
  });
  proxy.on('error', (error, request, response) => {
    const { type, body } = errorPage(asHopError(error, options.domain), request?.headers.accept);
    if (response instanceof Socket) {
      if (upgraded.has(response)) return void response.destroy();
      response.end(
        `HTTP/1.1 502 Bad Gateway\r\nContent-Type: ${type}\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    } else if (response !== undefined) {
      if (response.headersSent) return void response.destroy();
      response.writeHead(502, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    }
  });

  await accept(server, options.listener);
  return {
    close: async () => {
      agent.destroy();
      const closing = 'fd' in options.listener ? server : options.listener;
      const closed = new Promise((resolve) => closing.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The origins of a request, kept for its response: its own headers are the site's by then. */
const localOrigins = new WeakMap<IncomingMessage, Origins>();

function translate(request: IncomingMessage, origins: Origins): void {
  localOrigins.set(request, origins);
  Object.assign(request.headers, rewriteRequest(request.headers, origins));
}

/** The name of the Host header in lower case, without its port. */
const hostOf = (request: IncomingMessage): string =>
  (request.headers.host ?? '').toLowerCase().replace(/:\d*$/, '');

/** https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20 */
function refuse(request: IncomingMessage, response: ServerResponse, names: Set<string>): void {
  response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(
    `This server does not answer for ${request.headers.host ?? 'a request without Host'}, ` +
      `only for ${[...names].join(', ')}.\n`,
  );
}

function accept(
  server: ReturnType<typeof createServer>,
  listener: ForwarderOptions['listener'],
): Promise<void> {
  if (!('fd' in listener)) {
    listener.on('connection', (socket) => server.emit('connection', socket));
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ fd: listener.fd }, resolve);
  });
}
