import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';

/** RFC 1035, 4.1.1. */
export const NOERROR = 0;
export const FORMERR = 1;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const NOTIMP = 4;
export const REFUSED = 5;

/** What a lookup found; empty answers with NOERROR are NODATA (RFC 2308). */
export interface Resolution {
  readonly rcode: number;
  /** From a zone of the region, not from elsewhere. */
  readonly authoritative: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

export const failure = (rcode: number): Resolution => ({
  rcode,
  authoritative: false,
  answers: [],
  authorities: [],
});

export interface Query {
  readonly id: number;
  readonly flags: number;
  readonly question: Question;
  /** Bytes of an answer over UDP that the client takes; absent without EDNS (RFC 6891). */
  readonly edns: number | undefined;
}

/** `reply`: an answer to something that is no query we can serve; undefined: say nothing. */
export type Parsed = { readonly query: Query } | { readonly reply: Buffer } | undefined;

/** The largest answer over UDP, whatever the client allows: as much as public resolvers send. */
const MAX_UDP_BYTES = 4_096;
const HEADER_BYTES = 12;

export function parseQuery(message: Buffer): Parsed {
  if (message.length < HEADER_BYTES) return undefined;
  const flags = message.readUInt16BE(2);
  // An answer is never answered: two servers would talk to each other for ever.
  if ((flags & 0x8000) !== 0) return undefined;
  const id = message.readUInt16BE(0);
  const bare = (rcode: number) => ({
    reply: encode({ type: 'response', id, flags: (flags & 0x7900) | rcode }),
  });
  if ((flags & 0x7800) !== 0) return bare(NOTIMP);
  try {
    const packet = decode(message);
    const question = packet.questions?.[0];
    if (question === undefined || packet.questions?.length !== 1) return bare(FORMERR);
    const opt = packet.additionals?.find((extra): extra is OptAnswer => extra.type === 'OPT');
    return { query: { id, flags, question, edns: opt?.udpPayloadSize } };
  } catch {
    return bare(FORMERR);
  }
}

/** The answer as bytes; over UDP cut to nothing but the TC flag where it does not fit. */
export function encodeResponse(query: Query, found: Resolution, transport: 'udp' | 'tcp'): Buffer {
  const flags =
    (query.flags & RECURSION_DESIRED) |
    RECURSION_AVAILABLE |
    (found.authoritative ? AUTHORITATIVE_ANSWER : 0) |
    found.rcode;
  const packet: Packet = {
    type: 'response',
    id: query.id,
    flags,
    questions: [query.question],
    answers: [...found.answers],
    authorities: [...found.authorities],
    additionals: query.edns === undefined ? [] : [opt()],
  };
  const limit =
    transport === 'tcp' ? 65_535 : Math.min(Math.max(query.edns ?? 512, 512), MAX_UDP_BYTES);
  const whole = encode(packet);
  if (whole.length <= limit) return whole;
  return encode({
    ...packet,
    flags: flags | TRUNCATED_RESPONSE,
    answers: [],
    authorities: [],
  });
}

function opt(): OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: MAX_UDP_BYTES,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}
