/**
 * The packets of probes: whole IPv4 packets with a token that survives every translation, so that
 * whoever sees one knows whose it is. TCP carries it as its sequence number, and the answer as
 * the acknowledged one; all others carry it as their content.
 */
import { parseAddress } from '../../region/ipv4.ts';

export interface Probe {
  /** IANA number. ICMP is sent as an echo request. */
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** 0 and 0 where the protocol has no ports; of ICMP, the echo's identifier and number. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface Seen {
  readonly token: number;
  readonly isReply: boolean;
  /** A reply that is TCP's reset: the port is closed. */
  readonly isReset?: true;
  readonly probe: Probe;
}

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;
const IP_HEADER = 20;
const SYN = 2;
const ACK = 16;
const RST = 4;
const MAGIC = 0x6f6e736c;

/** The packet that asks, or, where it is not the other system's own business, that answers. */
export function encode(probe: Probe, token: number, isReply = false): Buffer {
  const content = contentOf(probe, token, isReply);
  const header = Buffer.alloc(IP_HEADER);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(IP_HEADER + content.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(probe.protocol, 9);
  header.writeUInt32BE(number(probe.source), 12);
  header.writeUInt32BE(number(probe.destination), 16);
  return Buffer.concat([header, content]);
}

/** What a UDP service answers to a probe's content; other content comes back as it is. */
export function answerTo(content: Buffer): Buffer {
  const answer = Buffer.from(content);
  if (content.length >= 12 && content.readUInt32BE(0) === MAGIC) answer.writeUInt8(1, 8);
  return answer;
}

function contentOf(probe: Probe, token: number, isReply: boolean): Buffer {
  const { protocol, sourcePort, destinationPort } = probe;
  const mark = Buffer.alloc(12);
  mark.writeUInt32BE(MAGIC, 0);
  mark.writeUInt32BE(token, 4);
  mark.writeUInt8(Number(isReply), 8);
  switch (protocol) {
    case TCP: {
      const segment = Buffer.alloc(20);
      segment.writeUInt16BE(sourcePort, 0);
      segment.writeUInt16BE(destinationPort, 2);
      segment.writeUInt32BE(token, 4);
      segment.writeUInt8(5 << 4, 12);
      segment.writeUInt8(SYN, 13);
      segment.writeUInt16BE(64_240, 14);
      segment.writeUInt16BE(checksum(pseudoHeader(probe, segment.length), segment), 16);
      return segment;
    }
    case UDP: {
      const datagram = Buffer.concat([Buffer.alloc(8), mark]);
      datagram.writeUInt16BE(sourcePort, 0);
      datagram.writeUInt16BE(destinationPort, 2);
      datagram.writeUInt16BE(datagram.length, 4);
      const sum = checksum(pseudoHeader(probe, datagram.length), datagram);
      datagram.writeUInt16BE(sum === 0 ? 0xffff : sum, 6);
      return datagram;
    }
    case ICMP: {
      const echo = Buffer.concat([Buffer.alloc(8), mark]);
      echo.writeUInt8(isReply ? ECHO_REPLY : ECHO_REQUEST, 0);
      echo.writeUInt16BE(sourcePort, 4);
      echo.writeUInt16BE(destinationPort, 6);
      echo.writeUInt16BE(checksum(echo), 2);
      return echo;
    }
    default:
      return mark;
  }
}

/** https://www.rfc-editor.org/rfc/rfc9293#section-3.1 (Checksum) */
function pseudoHeader({ protocol, source, destination }: Probe, length: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(number(source), 0);
  bytes.writeUInt32BE(number(destination), 4);
  bytes.writeUInt8(protocol, 9);
  bytes.writeUInt16BE(length, 10);
  return bytes;
}

/** https://www.rfc-editor.org/rfc/rfc1071. Each part has an even number of bytes. */
function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const bytes of parts) {
    for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Nothing where it is no probe's packet. */
export function decode(bytes: Buffer): Seen | undefined {
  const start = (bytes[0] ?? 0) & 0x0f;
  if ((bytes[0] ?? 0) >> 4 !== 4 || bytes.length < IP_HEADER) return undefined;
  const protocol = bytes.readUInt8(9);
  const content = bytes.subarray(start * 4);
  const ends = {
    protocol,
    source: bytes.subarray(12, 16).join('.'),
    destination: bytes.subarray(16, 20).join('.'),
  };
  switch (protocol) {
    case TCP: {
      if (content.length < 20) return undefined;
      const flags = content.readUInt8(13) & (SYN | ACK | RST);
      const ports = portsOf(content);
      if (flags === SYN) {
        return { token: content.readUInt32BE(4), isReply: false, probe: { ...ends, ...ports } };
      }
      if ((flags & ACK) === 0 || flags === ACK) return undefined;
      // What a closed port says, and an open one.
      const token = (content.readUInt32BE(8) - 1) >>> 0;
      const reset = (flags & RST) === 0 ? {} : { isReset: true as const };
      return { token, isReply: true, ...reset, probe: { ...ends, ...ports } };
    }
    case UDP:
      return marked(content.subarray(8), { ...ends, ...portsOf(content) });
    case ICMP: {
      const [type] = content;
      const ports = portsOf(content.subarray(4));
      const found = marked(content.subarray(8), { ...ends, ...ports });
      if (type !== ECHO_REQUEST && type !== ECHO_REPLY) return undefined;
      return found && { ...found, isReply: type === ECHO_REPLY };
    }
    default:
      return marked(content, { ...ends, sourcePort: 0, destinationPort: 0 });
  }
}

function portsOf(content: Buffer): Pick<Probe, 'sourcePort' | 'destinationPort'> {
  if (content.length < 4) return { sourcePort: 0, destinationPort: 0 };
  return { sourcePort: content.readUInt16BE(0), destinationPort: content.readUInt16BE(2) };
}

function marked(content: Buffer, probe: Probe): Seen | undefined {
  if (content.length < 12 || content.readUInt32BE(0) !== MAGIC) return undefined;
  return { token: content.readUInt32BE(4), isReply: content.readUInt8(8) === 1, probe };
}

function number(address: string): number {
  const value = parseAddress(address);
  if (value === undefined) throw new RangeError(`${address} is no IPv4 address.`);
  return value;
}
