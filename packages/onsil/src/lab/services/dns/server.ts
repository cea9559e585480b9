import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { type Endpoint, listen, listenError } from '../listen.ts';

/** Answers one message; undefined, and a rejection, say nothing. */
export type Answerer = (
  message: Buffer,
  from: string,
  transport: 'udp' | 'tcp',
) => Promise<Buffer | undefined>;

export interface DnsServer {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

/** Messages in work at once; more are dropped, and clients ask again. */
const MAX_IN_WORK = 1_024;
const MAX_CONNECTIONS = 128;
const TCP_IDLE_MILLISECONDS = 10_000;

/** Listens on UDP and TCP at the same port. Throws ListenError. */
export async function listenDns(at: Endpoint, what: string, answer: Answerer): Promise<DnsServer> {
  let inWork = 0;
  const bounded: Answerer = async (message, from, transport) => {
    if (inWork >= MAX_IN_WORK) return undefined;
    inWork += 1;
    try {
      return await answer(message, from, transport);
    } catch {
      // No message of a client may end the lab's daemon.
      return undefined;
    } finally {
      inWork -= 1;
    }
  };
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    serve(socket, bounded);
  });
  tcp.maxConnections = MAX_CONNECTIONS;
  const endpoint = await listen(tcp, at, what);
  const closeTcp = () =>
    new Promise<void>((resolve) => {
      tcp.close(() => resolve());
      for (const socket of connections) socket.destroy();
    });
  try {
    const udp = await bind(endpoint, what, bounded);
    return {
      endpoint,
      async close() {
        await Promise.all([closeTcp(), new Promise<void>((resolve) => udp.close(() => resolve()))]);
      },
    };
  } catch (cause) {
    await closeTcp();
    throw cause;
  }
}

function bind(at: Endpoint, what: string, answer: Answerer): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  let open = true;
  socket.on('close', () => {
    open = false;
  });
  socket.on('message', async (message, peer) => {
    const reply = await answer(message, peer.address, 'udp');
    // A client that is gone is no concern of ours.
    if (reply !== undefined && open) socket.send(reply, peer.port, peer.address, () => {});
  });
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(listenError(what, at, cause));
    socket.once('error', failed);
    socket.bind({ address: at.address, port: at.port, exclusive: true }, () => {
      socket.off('error', failed);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

/** Messages with two bytes of length before each (RFC 7766), answered one after the other. */
function serve(socket: Socket, answer: Answerer): void {
  const from = socket.remoteAddress ?? '';
  let received = Buffer.alloc(0);
  let busy = false;
  socket.setTimeout(TCP_IDLE_MILLISECONDS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const next = async () => {
    if (busy) return;
    busy = true;
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const message = received.subarray(2, end);
      received = received.subarray(end);
      const reply = await answer(message, from, 'tcp');
      if (reply === undefined || !socket.writable) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
    busy = false;
    socket.resume();
  };
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    // One client may not fill the memory with questions that wait.
    if (received.length > 131_072) socket.pause();
    void next();
  });
}
