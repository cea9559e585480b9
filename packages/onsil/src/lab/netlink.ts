/**
 * Asks the kernel over netlink, in the network namespace where the caller is. All numbers but those
 * of netfilter's own attributes are in the machine's order, which is little on all of Node's.
 * https://docs.kernel.org/userspace-api/netlink/intro.html
 */
import { closeSync } from 'node:fs';
import { call, openSocket, SOCK, SystemCallError } from './system-calls.ts';

/** socket(2) */
const AF_NETLINK = 16;
/** Bytes: more than the kernel puts into one answer. */
const NETLINK_BUFFER = 65_536;
const HEADER_BYTES = 16;
const ATTRIBUTE_BYTES = 4;
/** linux/netlink.h */
const TYPE = { error: 2, done: 3 } as const;
const FLAG = { request: 0x1, dumpInterrupted: 0x10, dump: 0x300 } as const;
const NESTED_OR_ORDERED = 0xc000;

export type Attributes = ReadonlyMap<number, Buffer>;

/**
 * All objects of a kind, each as what follows the message's header. It is asked for again where
 * they changed meanwhile. Throws SystemCallError where the kernel refuses.
 */
export function dump(protocol: number, type: number, body: Buffer): readonly Buffer[] {
  for (;;) {
    const objects = dumpOnce(protocol, message(type, body));
    if (objects !== undefined) return objects;
  }
}

function dumpOnce(protocol: number, request: Buffer): readonly Buffer[] | undefined {
  const objects: Buffer[] = [];
  let isWhole = true;
  for (const datagram of askKernel(protocol, request)) {
    for (const { type, flags, body } of messages(datagram)) {
      if ((flags & FLAG.dumpInterrupted) !== 0) isWhole = false;
      if (type === TYPE.error || type === TYPE.done) {
        const error = body.readInt32LE(0);
        if (error < 0) throw new SystemCallError('netlink', -error);
        return isWhole ? objects : undefined;
      }
      // The next datagram is written over this one.
      objects.push(Buffer.from(body));
    }
  }
  return undefined;
}

/**
 * Sends one request to the kernel and gives what it answers, datagram for datagram, for as long as
 * the caller takes them. @param protocol of netlink(7)
 */
function* askKernel(protocol: number, request: Buffer): Generator<Buffer> {
  const fd = openSocket(AF_NETLINK, SOCK.raw, protocol);
  try {
    // struct sockaddr_nl; the kernel is number 0.
    const kernel = Buffer.alloc(12);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    call('sendto', fd, request, request.length, 0, kernel, kernel.length);
    const data = Buffer.alloc(NETLINK_BUFFER);
    for (;;) yield data.subarray(0, call('recvfrom', fd, data, data.length, 0, null, null));
  } finally {
    closeSync(fd);
  }
}

function message(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(FLAG.request | FLAG.dump, 6);
  return Buffer.concat([header, body]);
}

function* messages(datagram: Buffer) {
  for (let at = 0; at + HEADER_BYTES <= datagram.length; ) {
    const length = datagram.readUInt32LE(at);
    yield {
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      body: datagram.subarray(at + HEADER_BYTES, at + length),
    };
    at += aligned(Math.max(HEADER_BYTES, length));
  }
}

/** Attributes by their numbers; of several with one number the last. */
export function attributesOf(bytes: Buffer): Attributes {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + ATTRIBUTE_BYTES <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    const number = bytes.readUInt16LE(at + 2) & ~NESTED_OR_ORDERED;
    found.set(number, bytes.subarray(at + ATTRIBUTE_BYTES, at + length));
    at += aligned(Math.max(ATTRIBUTE_BYTES, length));
  }
  return found;
}

/** One attribute whose value is text, ended by a zero byte, as the kernel takes it. */
export function textAttribute(number: number, text: string): Buffer {
  const value = Buffer.from(`${text}\0`);
  const bytes = Buffer.alloc(aligned(ATTRIBUTE_BYTES + value.length));
  bytes.writeUInt16LE(ATTRIBUTE_BYTES + value.length, 0);
  bytes.writeUInt16LE(number, 2);
  value.copy(bytes, ATTRIBUTE_BYTES);
  return bytes;
}

export const textOf = (value: Buffer): string => value.toString().replace(/\0.*$/s, '');

const aligned = (length: number): number => Math.ceil(length / 4) * 4;
