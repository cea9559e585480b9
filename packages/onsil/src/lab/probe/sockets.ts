/** The sockets that probes send and receive with, in the namespace where they are made. */
import { closeSync } from 'node:fs';
import { call, nameOf, openSocket, SOCK, SystemCallError } from '../system-calls.ts';

/** Numbers of Linux: socket(2), packet(7), raw(7). */
const AF_INET = 2;
const AF_PACKET = 17;
/** A socket of IPv4 alone would not see what its own host sends. */
const ETH_P_ALL = 0x0003;
const IPPROTO_RAW = 255;
const SOL_SOCKET = 1;
const SOL_PACKET = 263;
const OPTION = { error: 4, sendBufferForce: 32, receiveBufferForce: 33 } as const;
const PACKET_STATISTICS = 6;
const MSG_DONTWAIT = 0x40;
const POLLOUT = 4;
/** Bytes: a tap may have to hold all that arrives between two looks at it. */
const BUFFER = 32 * 2 ** 20;

function setNumber(fd: number, option: number, value: number): void {
  const bytes = Buffer.alloc(4);
  new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, value, true);
  call('setsockopt', fd, SOL_SOCKET, option, bytes, bytes.length);
}

/** struct sockaddr_in; the family is in the machine's order, which is little on all of Node's. */
function socketAddress(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  host.split('.').forEach((octet, index) => {
    bytes.writeUInt8(Number(octet), 4 + index);
  });
  return bytes;
}

/** A socket that sends whole IPv4 packets from `address`, by the routes that hold for it. */
export function openSender(address: string): number {
  const fd = openSocket(AF_INET, SOCK.raw, IPPROTO_RAW);
  try {
    setNumber(fd, OPTION.sendBufferForce, BUFFER);
    const at = socketAddress(address, 0);
    call('bind', fd, at, at.length);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Throws SystemCallError, as with EPERM where the sender's own firewall drops it. */
export function sendPacket(fd: number, packet: Buffer, destination: string): void {
  const to = socketAddress(destination, 0);
  call('sendto', fd, packet, packet.length, 0, to, to.length);
}

/**
 * A socket that sees every packet of a namespace, coming and going, on the outer side of all of
 * its own filters. Bytes begin after the link's header.
 */
export function openTap(): number {
  const fd = openSocket(AF_PACKET, SOCK.datagram, 0);
  try {
    setNumber(fd, OPTION.receiveBufferForce, BUFFER);
    // struct sockaddr_ll with the protocol only: all links.
    const at = Buffer.alloc(20);
    at.writeUInt16LE(AF_PACKET, 0);
    at.writeUInt16BE(ETH_P_ALL, 2);
    call('bind', fd, at, at.length);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const taken = { data: Buffer.alloc(2048), from: Buffer.alloc(20), length: Buffer.alloc(4) };
const PACKET_OUTGOING = 4;

/** The packets that a tap has seen since it was last read. The bytes are valid for one step. */
export function* readTap(
  fd: number,
): Generator<{ readonly bytes: Buffer; readonly outgoing: boolean }> {
  for (;;) {
    const bytes = receive(fd);
    if (bytes === undefined) return;
    const outgoing = taken.from.readUInt8(10) === PACKET_OUTGOING;
    yield { bytes, outgoing };
  }
}

/** What came next, with its sender in `taken.from`; nothing where nothing waits. */
function receive(fd: number): Buffer | undefined {
  for (;;) {
    taken.length.writeInt32LE(taken.from.length);
    const { data, from, length } = taken;
    try {
      const size = call('recvfrom', fd, data, data.length, MSG_DONTWAIT, from, length);
      return data.subarray(0, size);
    } catch (error) {
      const code = error instanceof SystemCallError ? error.code : undefined;
      if (code === 'EAGAIN') return undefined;
      // A link that went down tells so once.
      if (code !== 'ENETDOWN') throw error;
    }
  }
}

/** How many packets a tap had no room for since it was last asked. */
export function lostBy(fd: number): number {
  const value = Buffer.alloc(8);
  const length = Buffer.alloc(4);
  length.writeInt32LE(value.length);
  call('getsockopt', fd, SOL_PACKET, PACKET_STATISTICS, value, length);
  return value.readUInt32LE(4);
}

/** Of connections that nobody accepts: more than come to one port before they are reset. */
const BACKLOG = 128;

/**
 * A TCP socket that listens: the kernel answers whoever begins a connection. Throws SystemCallError
 * as with EADDRINUSE.
 */
export function openListener(address: string, port: number): number {
  const fd = openBound(SOCK.stream, address, port);
  try {
    call('listen', fd, BACKLOG);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A UDP socket for answerDatagrams. Throws SystemCallError as with EADDRINUSE. */
export function openDatagrams(address: string, port: number): number {
  return openBound(SOCK.datagram, address, port);
}

function openBound(type: number, address: string, port: number): number {
  const fd = openSocket(AF_INET, type, 0);
  try {
    const at = socketAddress(address, port);
    call('bind', fd, at, at.length);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Answers every datagram that has come to a UDP socket, to where it came from.
 * @returns how many there were
 */
export function answerDatagrams(fd: number, answer: (bytes: Buffer) => Buffer): number {
  for (let count = 0; ; count += 1) {
    const asked = receive(fd);
    if (asked === undefined) return count;
    const bytes = answer(asked);
    call('sendto', fd, bytes, bytes.length, 0, taken.from, 16);
  }
}

/**
 * Begins a TCP connection. Throws SystemCallError where the system refuses at once.
 * @param localAddress the source address; the system's choice where absent
 */
export function beginConnection(host: string, port: number, localAddress?: string): number {
  const fd = openSocket(AF_INET, SOCK.stream, 0);
  try {
    if (localAddress !== undefined) {
      const from = socketAddress(localAddress, 0);
      call('bind', fd, from, from.length);
    }
    const to = socketAddress(host, port);
    call('connect', fd, to, to.length);
  } catch (error) {
    if (error instanceof SystemCallError && error.code === 'EINPROGRESS') return fd;
    closeSync(fd);
    throw error;
  }
  return fd;
}

/** `connected`, or the system's code for why not; nothing while it is not decided. */
export function connectionState(fd: number): string | undefined {
  const waiting = Buffer.alloc(8);
  waiting.writeInt32LE(fd, 0);
  waiting.writeInt16LE(POLLOUT, 4);
  if (call('poll', waiting, 1, 0) === 0) return undefined;
  const error = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  length.writeInt32LE(error.length);
  call('getsockopt', fd, SOL_SOCKET, OPTION.error, error, length);
  const code = error.readInt32LE();
  return code === 0 ? 'connected' : nameOf(code);
}
