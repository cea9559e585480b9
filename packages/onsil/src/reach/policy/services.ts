/** Services as people write them, as packets. */
import { ICMP, TCP, UDP } from '../packet-set/packet.ts';
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

/** `tcp 80, 443; udp 53`; nothing where the text is none of these. */
export function servicesNamed(text: string): PacketSet | undefined {
  const sets = text.split(';').map((part) => partNamed(part.trim()));
  const known = sets.filter((set) => set !== undefined);
  return known.length === sets.length ? unionAll(known) : undefined;
}

function partNamed(text: string): PacketSet | undefined {
  if (text === 'everything') return UNIVERSE;
  if (text === 'icmp') return box({ protocol: ICMP });
  if (text === 'ping') return box({ protocol: ICMP, details: [only(8), only(0)] });
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
