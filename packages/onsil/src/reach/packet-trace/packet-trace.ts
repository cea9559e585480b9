/**
 * A second, independent answer: one concrete packet, walked through the region step by step as a
 * human would with a pencil. It shares no code with the sets; the tests hold the two together.
 * (What counts as a NAT instance is an assumption, not a verdict, and is made in one place.)
 */
import { publicAddresses } from '../../region/elastic-ip.ts';
import { contains, formatAddress, hostAt, parseAddress } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import { natInstances } from '../model.ts';
import { type Packet, replyTo } from '../packet-set/packet.ts';
import type { Way } from '../verdict.ts';
import { aclAllows, groupsAllow, routeFor } from './match.ts';

export type PacketVerdict =
  | { readonly kind: 'reachable' }
  | {
      readonly kind: 'blocked' | 'ambiguous' | 'not-modelled';
      readonly way: Way;
      readonly code: string;
    };

/** Where a packet came to, or why it did not. */
type Arrival =
  | { readonly at: NetworkInterface | 'outside' | 'service'; readonly packet: Packet }
  | { readonly stopped: 'blocked' | 'ambiguous' | 'not-modelled'; readonly code: string };

interface Translation {
  readonly by: string;
  readonly before: number;
}

/** What the middleboxes of a conversation remember of its first packet. */
interface Memory {
  readonly way: Way;
  readonly boxes: string[];
  readonly translations: Translation[];
  /** On the way back: the boxes that the way forward passed. */
  readonly expected: readonly string[];
  readonly back: string[];
}

/** @param from the id of the interface that sends; absent: somebody outside */
export function tracePacket(
  region: Region,
  from: string | undefined,
  packet: Packet,
): PacketVerdict {
  const sender = from === undefined ? ('outside' as const) : region.networkInterfaces[from];
  if (sender === undefined) throw new RangeError(`The region has no network interface ${from}.`);
  const memory: Memory = { way: 'forward', boxes: [], translations: [], expected: [], back: [] };
  const there = travel(region, sender, packet, memory);
  if ('stopped' in there) return { kind: there.stopped, way: 'forward', code: there.code };
  // What is for itself never left it; by its public address it did, and is answered as any other.
  const isForItself = sender !== 'outside' && sender.privateIps.includes(text(packet.destination));
  if (there.at === 'service' || isForItself) return { kind: 'reachable' };
  const reply = replyTo(there.packet);
  if (reply === undefined) return { kind: 'reachable' };
  const awaited = replyTo(packet);
  const expected = [...memory.boxes].reverse();
  const back = travel(region, there.at, reply, { ...memory, way: 'return', expected });
  if ('stopped' in back) return { kind: back.stopped, way: 'return', code: back.code };
  if (back.at !== sender || JSON.stringify(back.packet) !== JSON.stringify(awaited)) {
    return { kind: 'blocked', way: 'return', code: 'ASYMMETRIC_TRANSLATION' };
  }
  if (JSON.stringify(memory.back) !== JSON.stringify(expected)) {
    return { kind: 'ambiguous', way: 'return', code: 'ASYMMETRIC_ROUTE' };
  }
  return { kind: 'reachable' };
}

function blocked(code: string): Arrival {
  return { stopped: 'blocked', code };
}

function travel(
  region: Region,
  start: NetworkInterface | 'outside',
  packet: Packet,
  memory: Memory,
): Arrival {
  return start === 'outside'
    ? fromOutside(region, packet, memory, true)
    : fromInterface(region, start, packet, memory);
}

const text = (address: number): string => formatAddress(address);
const isIn = (address: number, cidrs: readonly string[]): boolean =>
  cidrs.some((cidr) => contains(cidr, text(address)));

function fromInterface(
  region: Region,
  from: NetworkInterface,
  packet: Packet,
  memory: Memory,
): Arrival {
  if (from.attachment === undefined) return blocked('BAD_STATE_ATTACHMENT');
  const { destination } = packet;
  if (from.privateIps.includes(text(destination))) return { at: from, packet };
  const subnet = region.subnets[from.subnetId];
  const vpc = region.vpcs[from.vpcId];
  if (subnet === undefined || vpc === undefined) throw new Error(`${from.id} is nowhere.`);
  if (memory.way === 'forward') {
    const resolver = hostAt(vpc.cidrs[0] ?? '', 2);
    if (isIn(destination, ['169.254.0.0/16', `${resolver}/32`])) {
      return toService(region, from, packet, resolver);
    }
  }
  const owner = Object.values(region.networkInterfaces).find(
    (each) => each.vpcId === vpc.id && each.privateIps.includes(text(destination)),
  );
  const beside = contains(subnet.cidr, text(destination));
  const route = routeFor(region.routeTables[subnet.routeTableId], destination);
  const byRoute =
    !beside && route?.target.kind === 'network-interface'
      ? region.networkInterfaces[route.target.id]
      : undefined;
  const usable =
    byRoute?.attachment !== undefined && byRoute.vpcId === vpc.id ? byRoute : undefined;
  const local = beside || route?.target.kind === 'local';
  const next = local ? owner : usable;

  if (memory.way === 'forward' && !groupsAllow(region, from, 'egress', packet, next)) {
    return blocked('SECURITY_GROUP');
  }
  const crosses = !beside && next?.subnetId !== subnet.id;
  if (crosses && !aclAllows(region, subnet.id, 'egress', packet)) {
    return blocked('SUBNET_ACL_RESTRICTION');
  }
  if (!local && route === undefined) return blocked('NO_ROUTE_TO_DESTINATION');
  if (!local && route?.target.kind === 'internet-gateway') {
    const gateway = region.internetGateways[route.target.id];
    if (gateway?.vpcId !== vpc.id) return blocked('BAD_STATE_ROUTE');
    return throughGateway(region, vpc.id, vpc.cidrs, packet, memory);
  }
  if (next === undefined) return blocked(local ? 'NO_POSSIBLE_DESTINATION' : 'BAD_STATE_ROUTE');
  return toInterface(region, from, next, packet, memory, crosses);
}

function toService(
  region: Region,
  from: NetworkInterface,
  { protocol, destination, detail: [, port] }: Packet,
  resolver: string,
): Arrival {
  const packet = { protocol, destination, source: 0, detail: [0, port] } as const;
  const address = text(destination);
  const instance = region.instances[from.attachment?.instanceId ?? ''];
  const vpc = region.vpcs[from.vpcId];
  const answers =
    (address === '169.254.169.254' &&
      protocol === 6 &&
      port === 80 &&
      instance?.metadataOptions.enabled !== false) ||
    ([resolver, '169.254.169.253'].includes(address) &&
      [6, 17].includes(protocol) &&
      port === 53 &&
      vpc?.dnsSupport === true) ||
    (address === '169.254.169.123' && protocol === 17 && port === 123);
  if (answers) return { at: 'service', packet };
  return ['169.254.169.250', '169.254.169.251', '169.254.170.2'].includes(address)
    ? { stopped: 'not-modelled', code: 'link-local service of AWS' }
    : blocked('NO_POSSIBLE_DESTINATION');
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const SHARED = ['100.64.0.0/10'];
const NO_UNICAST = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

function throughGateway(
  region: Region,
  vpcId: string,
  cidrs: readonly string[],
  packet: Packet,
  memory: Memory,
): Arrival {
  const { source, destination } = packet;
  if (isIn(destination, cidrs)) return blocked('IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS');
  if (isIn(destination, PRIVATE)) return blocked('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS');
  if (isIn(destination, SHARED)) return blocked('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS');
  if (isIn(destination, NO_UNICAST)) return blocked('NO_POSSIBLE_DESTINATION');
  const pair = publicAddresses(region).find(
    (each) =>
      each.privateIp === text(source) &&
      region.networkInterfaces[each.networkInterfaceId]?.vpcId === vpcId,
  );
  const publicIp = parseAddress(pair?.publicIp ?? '');
  if (publicIp === undefined) return blocked('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  return fromOutside(region, { ...packet, source: publicIp }, memory, false);
}

function fromOutside(region: Region, packet: Packet, memory: Memory, first: boolean): Arrival {
  const { source, destination } = packet;
  const pair = publicAddresses(region).find((each) => each.publicIp === text(destination));
  const to = region.networkInterfaces[pair?.networkInterfaceId ?? ''];
  if (pair === undefined || to === undefined) {
    const idle = Object.values(region.elasticIps).some((ip) => ip.publicIp === text(destination));
    const nowhere = idle || isIn(destination, [...PRIVATE, ...SHARED, ...NO_UNICAST]);
    // Between two hosts outside, no VPC has a part in it.
    if (nowhere || (first && memory.way === 'forward')) return blocked('NO_POSSIBLE_DESTINATION');
    return { at: 'outside', packet };
  }
  if (!Object.values(region.internetGateways).some(({ vpcId }) => vpcId === to.vpcId)) {
    return blocked('BAD_STATE_ATTACHMENT');
  }
  if (isIn(source, PRIVATE)) return blocked('IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS');
  if (isIn(source, SHARED)) return blocked('IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS');
  const inside = { ...packet, destination: parseAddress(pair.privateIp) ?? 0 };
  return toInterface(region, undefined, to, inside, memory, true);
}

function toInterface(
  region: Region,
  from: NetworkInterface | undefined,
  to: NetworkInterface,
  packet: Packet,
  memory: Memory,
  crosses: boolean,
): Arrival {
  if (crosses && !aclAllows(region, to.subnetId, 'ingress', packet)) {
    return blocked('SUBNET_ACL_RESTRICTION');
  }
  if (to.attachment === undefined) return blocked('BAD_STATE_ATTACHMENT');
  const isOwn = to.privateIps.includes(text(packet.destination));
  if (!isOwn && to.sourceDestCheck) return blocked('ENI_SOURCE_DEST_CHECK_RESTRICTION');
  if (memory.way === 'forward' && !groupsAllow(region, to, 'ingress', packet, from)) {
    return blocked('SECURITY_GROUP');
  }
  if (isOwn) return atOwner(region, to, packet, memory);
  return throughBox(region, to, packet, memory);
}

function atOwner(region: Region, to: NetworkInterface, packet: Packet, memory: Memory): Arrival {
  const last = memory.translations.at(-1);
  const isReplyToBox =
    memory.way === 'return' && last?.by === to.id && to.privateIps[0] === text(packet.destination);
  if (!isReplyToBox || last === undefined) return { at: to, packet };
  memory.translations.pop();
  memory.back.push(to.id);
  return fromInterface(region, to, { ...packet, destination: last.before }, memory);
}

function throughBox(
  region: Region,
  box: NetworkInterface,
  packet: Packet,
  memory: Memory,
): Arrival {
  const cidrs = region.vpcs[box.vpcId]?.cidrs ?? [];
  const masquerades = natInstances(region).has(box.id) && !isIn(packet.destination, cidrs);
  if (memory.way === 'return') {
    const expected = memory.expected[memory.back.length];
    memory.back.push(box.id);
    if (expected === box.id) return fromInterface(region, box, packet, memory);
    return masquerades
      ? blocked('ASYMMETRIC_TRANSLATION')
      : { stopped: 'ambiguous', code: 'ASYMMETRIC_ROUTE' };
  }
  if (memory.boxes.includes(box.id)) return blocked('FORWARDING_LOOP');
  memory.boxes.push(box.id);
  if (!masquerades) return fromInterface(region, box, packet, memory);
  memory.translations.push({ by: box.id, before: packet.source });
  const source = parseAddress(box.privateIps[0] ?? '') ?? 0;
  return fromInterface(region, box, { ...packet, source }, memory);
}
