/** Services as people write them, as packets. */
import type { Family } from '../address-space.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../packet-set/packet.ts';
import {
  box,
  intersect,
  type PacketSet,
  type Range,
  subtract,
  UNIVERSE,
  union,
  unionAll,
} from '../packet-set/packet-set.ts';

const PORTS = /^(tcp|udp)(?: +(\d+(?:[-–]\d+)?(?: *, *\d+(?:[-–]\d+)?)*))?$/;

/** `tcp 80, 443; udp 53`; nothing where the text is none of these. `icmp` is what the family has. */
export function servicesNamed(text: string, family: Family = 'ipv4'): PacketSet | undefined {
  const sets = text.split(';').map((part) => partNamed(part.trim(), family));
  const known = sets.filter((set) => set !== undefined);
  return known.length === sets.length ? unionAll(known) : undefined;
}

function partNamed(text: string, family: Family): PacketSet | undefined {
  const icmp = family === 'ipv4' ? ICMP : ICMPV6;
  // Echo request: RFC 792, RFC 4443.
  const echo = family === 'ipv4' ? 8 : 128;
  if (text === 'everything') return UNIVERSE;
  if (text === 'icmp') return box({ protocol: icmp });
  if (text === 'ping') return box({ protocol: icmp, details: [only(echo), only(0)] });
  const [whole, name, list] = PORTS.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const protocol = name === 'udp' ? UDP : TCP;
  if (list === undefined) return box({ protocol });
  const ranges = list.split(',').map(portsNamed);
  if (ranges.some(({ first, last }) => first > last || last > 65535)) return undefined;
  return unionAll(ranges.map((ports) => box({ protocol, details: [undefined, ports] })));
}

function portsNamed(text: string): Range {
  const [first = 0, last = first] = text.split(/[-–]/).map(Number);
  return { first, last };
}

const only = (value: number): Range => ({ first: value, last: value });

/** Clients draw from these: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
export const EPHEMERAL: Range = { first: 1024, last: 65535 };

const HAVE_PORTS = union(box({ protocol: TCP }), box({ protocol: UDP }));
const CLIENTS = union(
  subtract(UNIVERSE, HAVE_PORTS),
  union(
    box({ protocol: TCP, details: [EPHEMERAL, undefined] }),
    box({ protocol: UDP, details: [EPHEMERAL, undefined] }),
  ),
);

/** Of the packets those that a client may send. */
export const fromClients = (packets: PacketSet): PacketSet => intersect(packets, CLIENTS);
