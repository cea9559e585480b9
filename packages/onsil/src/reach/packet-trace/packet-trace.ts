/**
 * A second, independent answer: one concrete packet, walked through the region step by step as a
 * human would with a pencil. It shares no code with the sets; the tests hold the two together.
 * (What counts as a NAT instance is an assumption, not a verdict, and is made in one place.)
 */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { Way } from '../verdict.ts';
import { type Arrival, addressesOf, type Memory, ownerOf, type Place } from './journey.ts';
import { replyOf, type TextPacket } from './packet.ts';
import { enter, fromInterface, fromOutside } from './walk.ts';

export type PacketVerdict =
  | { readonly kind: 'reachable' }
  | {
      readonly kind: 'blocked' | 'ambiguous' | 'not-modelled';
      readonly way: Way;
      readonly code: string;
    };

/**
 * @param from the id of the interface that sends; absent: somebody outside
 */
export function tracePacket(
  region: Region,
  from: string | undefined,
  packet: TextPacket,
): PacketVerdict {
  const drawn: string[] = [];
  const first = converse(region, from, packet, [], drawn);
  if (drawn.length === 0) return first;
  // NAT gateways draw ports as they like: every port that some ACL tells from its neighbour.
  const ports = portsOf(region);
  const verdicts = ports.flatMap((one) =>
    (drawn.length > 1 ? ports : [1024]).map((two) =>
      converse(region, from, packet, [one, two], []),
    ),
  );
  const passing = verdicts.filter(({ kind }) => kind === 'reachable').length;
  if (passing === 0 || passing === verdicts.length) return first;
  return { kind: 'ambiguous', way: 'return', code: 'REMAP_EPHEMERAL_PORT' };
}

function portsOf(region: Region): readonly number[] {
  const entries = Object.values(region.networkAcls).flatMap((acl) => acl.entries);
  const edges = entries.flatMap(({ fromPort = 0, toPort = 0 }) => [fromPort, toPort + 1]);
  return [...new Set([1024, ...edges])].filter((port) => port >= 1024 && port <= 65535);
}

/** There and back, with the ports that NAT gateways draw. */
function converse(
  region: Region,
  from: string | undefined,
  packet: TextPacket,
  draws: readonly number[],
  drawn: string[],
): PacketVerdict {
  const sender = from === undefined ? ('outside' as const) : region.networkInterfaces[from];
  if (sender === undefined) throw new RangeError(`The region has no network interface ${from}.`);
  const memory: Memory = {
    ...{ way: 'forward', boxes: [], translations: [], draws, drawn, leftBy: [] },
    ...{ expected: [], back: [] },
  };
  const there = start(region, sender, packet, memory);
  if ('stopped' in there) return { kind: there.stopped, way: 'forward', code: there.code };
  // What is for itself never left it; by its public address it did, and is answered as any other.
  const isForItself =
    sender !== 'outside' &&
    addressesOf(sender, packet).includes(packet.destination) &&
    packet.destination === there.packet.destination;
  if (there.at === 'service' || (isForItself && there.at === sender)) return { kind: 'reachable' };
  const reply = replyOf(there.packet);
  if (reply === undefined) return { kind: 'reachable' };
  const expected = [...memory.boxes].reverse();
  const back = answer(region, there.at, reply, { ...memory, way: 'return', expected });
  if ('stopped' in back) return { kind: back.stopped, way: 'return', code: back.code };
  if (back.at !== sender || JSON.stringify(back.packet) !== JSON.stringify(replyOf(packet))) {
    return { kind: 'blocked', way: 'return', code: 'ASYMMETRIC_TRANSLATION' };
  }
  if (JSON.stringify(memory.back) !== JSON.stringify(expected)) {
    return { kind: 'ambiguous', way: 'return', code: 'ASYMMETRIC_ROUTE' };
  }
  return { kind: 'reachable' };
}

function start(
  region: Region,
  sender: NetworkInterface | 'outside',
  packet: TextPacket,
  memory: Memory,
): Arrival {
  if (sender === 'outside') return fromOutside({ region, packet, memory });
  return ['nat-gateway', 'vpc-endpoint'].includes(sender.managedBy?.kind ?? '')
    ? { stopped: 'blocked', code: 'SERVICE_OPENS_NOTHING' }
    : fromInterface({ region, packet, memory }, sender);
}

function answer(region: Region, place: Place, packet: TextPacket, memory: Memory): Arrival {
  const journey = { region, packet, memory };
  if (place === 'outside') return fromOutside(journey);
  if (place === 'service') throw new TypeError('A service answers beside all filters.');
  if (!('behindEndpointOf' in place)) return fromInterface(journey, place);
  const to = ownerOf(region, place.behindEndpointOf, packet.destination);
  return to === undefined
    ? { stopped: 'blocked', code: 'NO_POSSIBLE_DESTINATION' }
    : enter(journey, to);
}
