/** The protocol and port fields that rules of security groups and entries of ACLs share. */
import { hasPorts, isIcmp, TCP, UDP } from './packet-set/packet.ts';
import {
  type Box,
  box,
  EMPTY,
  type PacketSet,
  type Range,
  unionAll,
} from './packet-set/packet-set.ts';

interface Fields {
  readonly protocol: number;
  readonly fromPort?: number;
  readonly toPort?: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
export function packetsOf(
  { protocol, fromPort, toPort }: Fields,
  ends: Pick<Box, 'sources' | 'destinations'>,
): PacketSet {
  if (protocol === -1) return box(ends);
  if (protocol < 0 || protocol > 255) return EMPTY;
  const details = detailsOf(protocol, fromPort, toPort);
  return box({ ...ends, protocol, ...(details === undefined ? {} : { details }) });
}

function detailsOf(protocol: number, from?: number, to?: number): Box['details'] {
  if (from === undefined) return undefined;
  if (hasPorts(protocol)) {
    return [undefined, { first: from, last: to ?? from }];
  }
  // Of ICMP the fields are type and code, -1 for any.
  return isIcmp(protocol) ? [exactly(from), exactly(to ?? -1)] : undefined;
}

const exactly = (value: number): Range | undefined =>
  value === -1 ? undefined : { first: value, last: value };

/** tcp or udp to a port, from any source port. */
export function toPort(protocol: number, port: number): PacketSet {
  return box({ protocol, details: [undefined, { first: port, last: port }] });
}

/** To a port of tcp or udp, both where the protocol is not given. */
export function toPortOfEither(port: number): PacketSet {
  return unionAll([toPort(TCP, port), toPort(UDP, port)]);
}
