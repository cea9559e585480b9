/** The text of what a question is about: an end, and perhaps a port. */
import type { Family } from '../address-space.ts';
import { familyOf } from '../endpoint.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../packet-set/packet.ts';
import { box, type PacketSet, type Range } from '../packet-set/packet-set.ts';

/** Clients draw from these: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
export const EPHEMERAL: Range = { first: 1024, last: 65535 };

/** What a question is about, and its packets. */
export interface Target {
  readonly to: string;
  /** Of both ends: IPv6 where one of them is such an address, or where it was asked for. */
  readonly family: Family;
  readonly packets: PacketSet;
  /** Whether one port or ICMP's echo was named. */
  readonly exact: boolean;
}

/**
 * `name`, `name:port`, `name:port/udp` or `name:ping`; an IPv6 address before a port in brackets.
 * A Name tag may have colons before blanks: `Chapter 6: firewall:22`.
 * Undefined for any other text.
 * @param from the other end, which may be an IPv6 address as well
 */
export function targetOf(text: string, asked?: Family, from = ''): Target | undefined {
  const bare = familyOf(text) === 'ipv6';
  const [, bracketed, plain, name, protocol] = bare
    ? ['', text]
    : (/^(?:\[([^\]]+)\]|((?:[^:]|:(?=\s))+))(?::(\d+|ping)(?:\/(tcp|udp))?)?$/.exec(text) ?? []);
  const to = bracketed ?? plain ?? '';
  const isIpv6 = [to, from].some((each) => familyOf(each) === 'ipv6');
  const family = asked ?? (isIpv6 ? 'ipv6' : 'ipv4');
  const port = Number(name);
  if (to !== '' && name === undefined) return { to, family, packets: box({}), exact: false };
  if (to !== '' && name === 'ping' && protocol === undefined) {
    return { to, family, packets: pingOf(family), exact: true };
  }
  if (to !== '' && port >= 1 && port <= 65535) {
    const details = [EPHEMERAL, { first: port, last: port }] as const;
    const packets = box({ protocol: protocol === 'udp' ? UDP : TCP, details });
    return { to, family, packets, exact: true };
  }
  return undefined;
}

function pingOf(family: Family): PacketSet {
  const [protocol, type] = family === 'ipv4' ? [ICMP, 8] : [ICMPV6, 128];
  const details = [
    { first: type, last: type },
    { first: 0, last: 0 },
  ] as const;
  return box({ protocol, details });
}
