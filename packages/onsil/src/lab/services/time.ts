/**
 * The Amazon Time Sync Service of a VPC: a server of SNTP (RFC 4330), whose time is the host's.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html
 */
import { createSocket } from 'node:dgram';
import { type Endpoint, listenError } from './listen.ts';

export interface TimeServer {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

/** Throws ListenError. */
export async function startTime(at: Endpoint, now: () => number): Promise<TimeServer> {
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    const reply = answerTime(message, now());
    if (reply !== undefined) socket.send(reply, peer.port, peer.address, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: Error) => reject(listenError('the time service', at, cause));
    socket.once('error', failed);
    socket.bind({ address: at.address, port: at.port, exclusive: true }, () => {
      socket.off('error', failed);
      socket.on('error', () => {});
      resolve();
    });
  });
  return {
    endpoint: { address: at.address, port: socket.address().port },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Modes of the first byte's last three bits. */
const CLIENT = 3;
const SERVER = 4;
/** From 1900, where NTP's seconds begin, to 1970. */
const SECONDS_TO_1970 = 2_208_988_800;

/**
 * The answer to a message of 48 bytes or more; nothing to anything but a client's request of
 * version 1 to 4.
 * @param now milliseconds since 1970
 */
export function answerTime(request: Buffer, now: number): Buffer | undefined {
  if (request.length < 48) return undefined;
  const first = request.readUInt8(0);
  const version = (first >> 3) & 7;
  if ((first & 7) !== CLIENT || version < 1 || version > 4) return undefined;
  const reply = Buffer.alloc(48);
  // No leap second is announced.
  reply.writeUInt8((version << 3) | SERVER, 0);
  // Stratum, the poll interval as asked, and a precision of 2^-10 seconds.
  reply.writeUInt8(3, 1);
  reply.writeUInt8(request.readUInt8(2), 2);
  reply.writeInt8(-10, 3);
  // Ten milliseconds of dispersion; the reference is the host, by a loopback address.
  reply.writeUInt32BE(655, 8);
  reply.writeUInt32BE(0x7f_00_00_01, 12);
  writeTimestamp(reply, 16, now);
  // The client's own transmit time tells it which request this is.
  request.copy(reply, 24, 40, 48);
  writeTimestamp(reply, 32, now);
  writeTimestamp(reply, 40, now);
  return reply;
}

/** Seconds since 1900 and their fraction, 32 bits each; they begin anew in 2036 (section 3). */
function writeTimestamp(buffer: Buffer, offset: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000) + SECONDS_TO_1970;
  const fraction = Math.floor(((milliseconds % 1000) / 1000) * 2 ** 32);
  buffer.writeUInt32BE(seconds % 2 ** 32, offset);
  buffer.writeUInt32BE(fraction, offset + 4);
}
