/**
 * The console's server: guards first, and what it serves only after them. Loading this costs next
 * to nothing; what answers is loaded with the first request that has a session.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Refusal, refusalOf, SECURITY_HEADERS } from './guard.ts';
import { cookieOf, Sessions, sessionIn } from './sessions.ts';

/** What answers whoever has a session. */
export interface Application {
  readonly answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer, url: URL) => void;
  /** Works out what the first view asks for, which takes longest the first time. */
  readonly warm: () => Promise<void>;
}

export interface Console {
  readonly server: Server;
  /** The URL that opens one session. It is a secret: for the person who asked, and no log. */
  open(): string;
}

const CLOSED =
  'This console is not open here. Open it with: npx onsil console\n' +
  '(its address is good once, for two minutes)\n';

/**
 * A server that is not listening yet.
 * @param port of 127.0.0.1 that it will be reached at
 * @param load gives what answers; called when a session is opened, and again if it failed
 */
export function createConsole({
  port,
  load,
  now = () => performance.now(),
}: {
  readonly port: () => number;
  readonly load: () => Promise<Application>;
  readonly now?: () => number;
}): Console {
  const sessions = new Sessions(now);
  let loading: Promise<Application> | undefined;
  const application = (): Promise<Application> => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw cause;
    });
    return loading;
  };
  const admit = (request: IncomingMessage, isSocket: boolean): Refusal | undefined =>
    refusalOf(request, port(), isSocket) ??
    (sessions.isOpen(sessionIn(request.headers.cookie, port()))
      ? undefined
      : { status: 401, message: CLOSED });

  const open = (response: ServerResponse, url: URL): void => {
    const session = sessions.exchange(url.searchParams.get('token') ?? '');
    if (session === undefined) refuse(response, { status: 401, message: CLOSED });
    else {
      response.writeHead(303, { location: '/', 'set-cookie': cookieOf(port(), session) });
      response.end();
      // Meanwhile the browser loads the page; what fails now is told to the request that needs it.
      application()
        .then(({ warm }) => warm())
        .catch(report);
    }
  };

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const url = urlOf(request);
    const isOpening = request.method === 'GET' && url?.pathname === '/open';
    const refusal = isOpening ? refusalOf(request, port()) : admit(request, false);
    if (refusal !== undefined) refuse(response, refusal);
    else if (url === undefined) refuse(response, { status: 403, message: 'That is no path.' });
    else if (isOpening) open(response, url);
    else {
      application()
        .then(({ answer }) => answer(request, response, url))
        .catch((cause: unknown) => {
          report(cause);
          if (response.headersSent) response.destroy();
          else response.writeHead(500).end();
        });
    }
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    const refusal = admit(request, true);
    if (refusal !== undefined || url === undefined) {
      socket.end(`HTTP/1.1 ${refusal?.status ?? 400} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    application().then(
      ({ upgrade }) => upgrade(request, socket, head, url),
      () => socket.destroy(),
    );
  });
  server.headersTimeout = 15_000;
  server.maxConnections = 256;
  return { server, open: () => `http://127.0.0.1:${port()}/open?token=${sessions.issue()}` };
}

function report(cause: unknown): void {
  process.stderr.write(`console: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(message);
}

function urlOf({ url = '' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') && !url.startsWith('//') && URL.canParse(url, 'http://console')
    ? new URL(url, 'http://console')
    : undefined;
}
