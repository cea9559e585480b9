/**
 * Reads what `tcpdump -i nflog:…` writes: a pcap stream whose packets are the kernel's log
 * messages as type-length-value triples. Both are in the byte order of the machine that wrote
 * them, which is this one; interface indices and the packet are in the network's.
 * https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 */
import { endianness } from 'node:os';

/** One log message of the kernel. */
export interface LogMessage {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly prefix: string;
  /** Kernel numbers of the interfaces that the packet came by and leaves by; 0 for none. */
  readonly inIndex: number;
  readonly outIndex: number;
  /** The first bytes of the packet, from its IP header on. */
  readonly payload: Buffer;
}

const IS_LITTLE = endianness() === 'LE';
const MAGIC = 0xa1b2c3d4;
const NFLOG = 239;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
/** linux/netfilter/nfnetlink_log.h */
const ATTRIBUTE = { inIndex: 4, outIndex: 5, payload: 9, prefix: 10 } as const;

/** Messages from chunks of a stream, wherever the chunks are cut. */
export class LogReader {
  #rest = Buffer.alloc(0);
  /** The stream's header has come: whoever writes it is listening. */
  isOpen = false;

  /** Throws on a stream that is none of log messages. */
  *read(chunk: Uint8Array): Generator<LogMessage> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.isOpen) {
      if (this.#rest.length < HEADER_BYTES) return;
      if (u32(this.#rest, 0) !== MAGIC || u32(this.#rest, 20) !== NFLOG) {
        throw new Error('This is no pcap stream of NFLOG messages.');
      }
      this.#rest = this.#rest.subarray(HEADER_BYTES);
      this.isOpen = true;
    }
    while (this.#rest.length >= RECORD_BYTES) {
      const end = RECORD_BYTES + u32(this.#rest, 8);
      if (this.#rest.length < end) return;
      const record = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      const time = u32(record, 0) * 1000 + u32(record, 4) / 1000;
      yield message(time, record.subarray(RECORD_BYTES));
    }
  }
}

function message(time: number, record: Buffer): LogMessage {
  const found = { time, prefix: '', inIndex: 0, outIndex: 0, payload: record.subarray(0, 0) };
  // Family, version and group come first: four bytes.
  for (let at = 4; at + 4 <= record.length; ) {
    const length = u16(record, at);
    const value = record.subarray(at + 4, at + length);
    switch (u16(record, at + 2)) {
      case ATTRIBUTE.inIndex:
        found.inIndex = value.readUInt32BE();
        break;
      case ATTRIBUTE.outIndex:
        found.outIndex = value.readUInt32BE();
        break;
      case ATTRIBUTE.payload:
        found.payload = value;
        break;
      case ATTRIBUTE.prefix:
        found.prefix = value.toString('latin1').replace(/\0.*$/s, '');
        break;
    }
    // Padded to four bytes; a length below its own header's would never end.
    at += Math.max(4, Math.ceil(length / 4) * 4);
  }
  return found;
}

const u16 = (bytes: Buffer, at: number): number =>
  IS_LITTLE ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
const u32 = (bytes: Buffer, at: number): number =>
  IS_LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);

/** What a log message shows of an IPv4 packet. */
export interface LoggedPacket {
  /** IANA number. */
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** TCP and UDP; absent in all but the first fragment of a packet. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** ICMP. */
  readonly type?: number;
  readonly code?: number;
  /** The whole packet's. */
  readonly bytes: number;
}

/** https://www.rfc-editor.org/rfc/rfc791#section-3.1; nothing where that is no IPv4 packet. */
export function packetOf(bytes: Buffer): LoggedPacket | undefined {
  const [first = 0] = bytes;
  const header = (first & 0x0f) * 4;
  if (bytes.length < 20 || first >> 4 !== 4 || bytes.length < header) return undefined;
  const packet = {
    protocol: bytes.readUInt8(9),
    source: bytes.subarray(12, 16).join('.'),
    destination: bytes.subarray(16, 20).join('.'),
    bytes: bytes.readUInt16BE(2),
  };
  const isFirst = (bytes.readUInt16BE(6) & 0x1fff) === 0;
  if (!isFirst || bytes.length < header + 4) return packet;
  if (packet.protocol === 1) {
    return { ...packet, type: bytes.readUInt8(header), code: bytes.readUInt8(header + 1) };
  }
  if (packet.protocol !== 6 && packet.protocol !== 17) return packet;
  return {
    ...packet,
    sourcePort: bytes.readUInt16BE(header),
    destinationPort: bytes.readUInt16BE(header + 2),
  };
}
