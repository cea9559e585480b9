/** One packet's header as the filters of a VPC see it. */

/** IANA protocol numbers with fields that a rule can name. */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

export const MAXIMUM_ADDRESS = 2 ** 32 - 1;
export const MAXIMUM_PORT = 65535;

export interface Packet {
  /** IANA number, 0 to 255. */
  readonly protocol: number;
  /** Numbers that stand for addresses, as address-space.ts says. */
  readonly source: number;
  readonly destination: number;
  /**
   * tcp and udp: source and destination port. icmp and icmpv6: type and code. Other protocols have nothing
   * that a rule could ask for: 0 and 0.
   */
  readonly detail: readonly [number, number];
}

/** The greatest value of each of the two details of a protocol. */
export function maximumDetail(protocol: number): number {
  if (protocol === TCP || protocol === UDP) return MAXIMUM_PORT;
  return isIcmp(protocol) ? 255 : 0;
}

export const isIcmp = (protocol: number): boolean => protocol === ICMP || protocol === ICMPV6;

export const hasPorts = (protocol: number): boolean => protocol === TCP || protocol === UDP;

/**
 * Types of ICMP queries and of the messages that answer them, by protocol; no other message is
 * answered. https://www.rfc-editor.org/rfc/rfc792 (echo, timestamp, information), rfc950 (address
 * mask), rfc4443 (echo of ICMPv6)
 */
export const ICMP_REPLIES: ReadonlyMap<
  number,
  readonly (readonly [query: number, reply: number])[]
> = new Map([
  [
    ICMP,
    [
      [8, 0],
      [13, 14],
      [15, 16],
      [17, 18],
    ],
  ],
  [ICMPV6, [[128, 129]]],
]);

/** The packet that answers; nothing where none is expected. */
export function replyTo({ protocol, source, destination, detail }: Packet): Packet | undefined {
  const [first, second] = detail;
  const back = { protocol, source: destination, destination: source };
  const types = ICMP_REPLIES.get(protocol);
  if (types === undefined) return { ...back, detail: [second, first] };
  const reply = types.find(([query]) => query === first);
  return reply === undefined ? undefined : { ...back, detail: [reply[1], second] };
}
