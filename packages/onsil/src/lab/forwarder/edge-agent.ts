/** Connections to the site's edge: by its present address, verified by the present roots. */
import { Agent, type AgentOptions } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { HopError } from './hop.ts';

export interface EdgeOptions {
  readonly domain: string;
  /** The site's public IPv4 address now; undefined where the domain has none. */
  readonly resolve: () => string | undefined | Promise<string | undefined>;
  /** Certificates (PEM) of the authorities to trust; asked anew for every connection. */
  readonly roots: () => readonly string[] | Promise<readonly string[]>;
  /** By default 443. */
  readonly port?: number;
  /** Milliseconds for each of the TCP and the TLS handshake; by default 5,000. */
  readonly timeout?: number;
}

type Created = (error: Error | null, socket: Duplex) => void;

/** How long an idle connection is kept: an edge that vanished is noticed after that. */
const IDLE_MILLISECONDS = 4_000;

export class EdgeAgent extends Agent {
  readonly #edge: EdgeOptions;

  constructor(edge: EdgeOptions) {
    const options: AgentOptions = {
      keepAlive: true,
      timeout: IDLE_MILLISECONDS,
      // A resumed session is not verified again, and the roots may have changed since.
      maxCachedSessions: 0,
    };
    super(options);
    this.#edge = edge;
  }

  override createConnection(_options: unknown, created?: Created): undefined {
    this.#connect().then(
      (socket) => created?.(null, socket),
      // Node's own agents leave the second argument out as well, though its type asks for one.
      (error: Error) => Reflect.apply(created ?? (() => {}), undefined, [error]),
    );
  }

  async #connect(): Promise<TLSSocket> {
    const { domain, port = 443, timeout = 5_000 } = this.#edge;
    const address = await this.#edge.resolve();
    if (address === undefined) {
      throw new HopError('name', `${domain} has no public address.`);
    }
    const ca = [...(await this.#edge.roots())];
    const where = `${address}:${port}`;
    const socket = connectTcp({ host: address, port, noDelay: true });
    await settled(socket, 'connect', timeout, (detail, cause) => {
      return new HopError('connection', `Nothing answers at ${where} (${domain}): ${detail}.`, {
        cause,
      });
    });
    const secure = connectTls({ socket, servername: domain, ca, ALPNProtocols: ['http/1.1'] });
    await settled(secure, 'secureConnect', timeout, (detail, cause) => {
      const message = `What answers at ${where} cannot prove to be ${domain}: ${detail}.`;
      return new HopError('certificate', message, { cause });
    });
    return secure;
  }
}

/** Waits for an event of a socket; destroys the socket where it fails or takes too long. */
function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeout: number,
  explain: (detail: string, cause?: unknown) => HopError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: HopError) => {
      clearTimeout(timer);
      socket.off(event, onDone).off('error', onError).off('close', onClose);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onDone = () => finish();
    const onError = (error: Error) => finish(explain(error.message, error));
    const onClose = () => finish(explain('it closed the connection'));
    const timer = setTimeout(() => finish(explain(`no answer within ${timeout} ms`)), timeout);
    socket.once(event, onDone).once('error', onError).once('close', onClose);
  });
}
