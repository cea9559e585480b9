import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from 'dns-packet';
import type { Endpoint } from '../listen.ts';
import { Cache } from './cache.ts';
import { failure, NOERROR, NXDOMAIN, type Resolution, SERVFAIL } from './message.ts';

export interface ForwarderOptions {
  /** Undefined: the lab has no way out, every name of the real Internet is SERVFAIL. */
  readonly upstream: Endpoint | undefined;
  /** Milliseconds for one try; there are two. */
  readonly timeout?: number;
  readonly now?: () => number;
}

export interface Forwarder {
  /** Never rejects: what cannot be had is SERVFAIL, in bounded time. */
  forward(name: string, type: string): Promise<Resolution>;
  close(): void;
}

const MAX_IN_FLIGHT = 256;
const TRIES = 2;

/** A stub resolver: one recursive server, UDP with TCP where an answer does not fit. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const { upstream, timeout = 2_000 } = options;
  const cache = new Cache(options.now ?? Date.now);
  const pending = new Map<string, Promise<Resolution>>();
  const closing = new AbortController();

  async function ask(name: string, type: RecordType): Promise<Resolution> {
    if (upstream === undefined) return failure(SERVFAIL);
    for (let attempt = 0; attempt < TRIES && !closing.signal.aborted; attempt += 1) {
      try {
        const question = { name: name.slice(0, -1) || '.', type };
        const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeout)]);
        const over = await exchangeUdp(upstream, question, signal);
        const whole = over.flag_tc ? await exchangeTcp(upstream, question, signal) : over;
        return toResolution(whole);
      } catch {
        // The next try, then SERVFAIL: a client can do nothing with the reason.
      }
    }
    return failure(SERVFAIL);
  }

  return {
    async forward(name, type) {
      const key = `${type} ${name}`;
      const cached = cache.get(key);
      if (cached !== undefined) return cached;
      const running = pending.get(key);
      if (running !== undefined) return running;
      if (pending.size >= MAX_IN_FLIGHT) return failure(SERVFAIL);
      const asked = ask(name, type as RecordType).finally(() => pending.delete(key));
      pending.set(key, asked);
      const found = await asked;
      cache.set(key, found);
      return found;
    },
    close: () => closing.abort(),
  };
}

interface Asked {
  readonly name: string;
  readonly type: RecordType;
}

function exchangeUdp(to: Endpoint, question: Asked, signal: AbortSignal): Promise<DecodedPacket> {
  const id = randomInt(65_536);
  const socket = createSocket('udp4');
  return new Promise<DecodedPacket>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    socket.on('error', reject);
    socket.on('message', (message) => {
      const answer = accept(message, id, question);
      if (answer !== undefined) resolve(answer);
    });
    // Connected, so that nobody else's datagram is read and a refusal is noticed at once.
    socket.connect(to.port, to.address, () => socket.send(encodeQuery(id, question)));
  }).finally(() => socket.close());
}

function exchangeTcp(to: Endpoint, question: Asked, signal: AbortSignal): Promise<DecodedPacket> {
  const id = randomInt(65_536);
  const socket = connect({ host: to.address, port: to.port });
  return new Promise<DecodedPacket>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the upstream resolver closed the connection')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const answer = accept(received.subarray(2, 2 + received.readUInt16BE(0)), id, question);
      if (answer === undefined) reject(new Error('the upstream resolver answered something else'));
      else resolve(answer);
    });
    const query = encodeQuery(id, question);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  }).finally(() => socket.destroy());
}

function encodeQuery(id: number, question: Asked): Buffer {
  return encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [question] });
}

/** Undefined for what is not the answer to this question (RFC 5452, 9.1). */
function accept(message: Buffer, id: number, asked: Asked): DecodedPacket | undefined {
  try {
    const packet = decode(message);
    const question = packet.questions?.[0];
    return packet.flag_qr &&
      packet.id === id &&
      question?.name.toLowerCase() === asked.name.toLowerCase() &&
      question.type === asked.type
      ? packet
      : undefined;
  } catch {
    return undefined;
  }
}

function toResolution(packet: DecodedPacket): Resolution {
  const rcode = (packet.flags ?? 0) & 0xf;
  if (rcode !== NOERROR && rcode !== NXDOMAIN) return failure(rcode);
  return {
    rcode,
    authoritative: false,
    answers: packet.answers ?? [],
    authorities: (packet.authorities ?? []).filter(({ type }) => type === 'SOA'),
  };
}
