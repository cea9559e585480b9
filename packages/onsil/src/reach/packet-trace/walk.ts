/** One packet from interface to interface, as a human would walk it with a pencil. */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import { natInstances } from '../model.ts';
import { inAny, inBlock, isIpv6 } from './address.ts';
import { atService, leave, outside } from './edges.ts';
import { type Arrival, addressesOf, blocked, cidrsOf, type Journey, ownerOf } from './journey.ts';
import { aclAllows, type Choice, groupsAllow, routeFor } from './match.ts';
import type { TextPacket } from './packet.ts';

export function fromOutside(journey: Journey): Arrival {
  return outside(journey, true, enter);
}

/** At an interface of a VPC, from one of its gateways. */
export function enter(journey: Journey, to: NetworkInterface): Arrival {
  return toInterface(journey, undefined, to, true);
}

export function fromInterface(journey: Journey, from: NetworkInterface): Arrival {
  const { region, packet, memory } = journey;
  if (from.attachment === undefined && from.managedBy === undefined) {
    return blocked('BAD_STATE_ATTACHMENT');
  }
  if (addressesOf(from, packet).includes(packet.destination)) return { at: from, packet };
  const service = memory.way === 'forward' ? atService(journey, from) : undefined;
  if (service !== undefined) return service;
  const { next, crosses, choice } = onwards(region, from, packet);
  if (memory.way === 'forward') {
    const stopped = groups(journey, from, 'egress', next);
    if (stopped !== undefined) return stopped;
  }
  if (crosses && !aclAllows(region, from.subnetId, 'egress', packet)) {
    return blocked('SUBNET_ACL_RESTRICTION');
  }
  return byRoute(journey, from, next, crosses, choice);
}

/** Who is next, whether the packet leaves its subnet for it, and by which route. */
function onwards(region: Region, from: NetworkInterface, packet: TextPacket) {
  const { destination } = packet;
  const subnet = region.subnets[from.subnetId];
  const blocks = [subnet?.cidr ?? '', subnet?.ipv6Cidr ?? ''];
  if (blocks.some((cidr) => cidr !== '' && inBlock(cidr, destination))) {
    return { next: ownerOf(region, from.vpcId, destination), crosses: false, choice: undefined };
  }
  const choice = routeFor(region, region.routeTables[subnet?.routeTableId ?? ''], destination);
  const next = nextBy(region, from, destination, choice);
  const isLocal = choice.kind === 'route' && choice.route.target.kind === 'local';
  return { next, crosses: isLocal || next?.subnetId !== from.subnetId, choice };
}

function nextBy(
  region: Region,
  { vpcId }: NetworkInterface,
  destination: string,
  choice: Choice,
): NetworkInterface | undefined {
  if (choice.kind !== 'route' || choice.route.blackhole === true) return undefined;
  const { target } = choice.route;
  switch (target.kind) {
    case 'local':
      return ownerOf(region, vpcId, destination);
    case 'network-interface': {
      const box = region.networkInterfaces[target.id];
      return box?.attachment !== undefined && box.vpcId === vpcId ? box : undefined;
    }
    case 'nat-gateway': {
      const gateway = region.natGateways[target.id];
      const isHere = gateway?.vpcId === vpcId && !isIpv6(destination);
      return isHere ? region.networkInterfaces[gateway.networkInterfaceId] : undefined;
    }
    case 'vpc-peering-connection': {
      const peer = peerOf(region, target.id, vpcId);
      return peer === undefined ? undefined : ownerOf(region, peer, destination);
    }
    default:
      return undefined;
  }
}

function peerOf(region: Region, id: string, vpcId: string): string | undefined {
  const found = region.vpcPeeringConnections[id];
  if (found?.active !== true) return undefined;
  if (found.requesterVpcId === vpcId) return found.accepterVpcId;
  return found.accepterVpcId === vpcId ? found.requesterVpcId : undefined;
}

function byRoute(
  journey: Journey,
  from: NetworkInterface,
  next: NetworkInterface | undefined,
  crosses: boolean,
  choice: Choice | undefined,
): Arrival {
  const { region, packet } = journey;
  const goOn = (): Arrival =>
    next === undefined
      ? blocked('NO_POSSIBLE_DESTINATION')
      : toInterface(journey, from, next, crosses);
  if (choice === undefined) return goOn();
  if (choice.kind === 'none') return blocked('NO_ROUTE_TO_DESTINATION');
  if (choice.kind === 'ambiguous')
    return { stopped: 'ambiguous', code: 'OVERLAPPING_PREFIX_LISTS' };
  if (choice.kind === 'unknown') return { stopped: 'not-modelled', code: choice.prefixListId };
  const { target } = choice.route;
  if (choice.route.blackhole === true) return blocked('BAD_STATE_ROUTE');
  switch (target.kind) {
    case 'local':
      return goOn();
    case 'network-interface':
    case 'nat-gateway': {
      const isHere = region.natGateways[target.id]?.vpcId === from.vpcId;
      if (isHere && isIpv6(packet.destination)) {
        return { stopped: 'not-modelled', code: `NAT64 by ${target.id}` };
      }
      return next === undefined ? blocked('BAD_STATE_ROUTE') : goOn();
    }
    case 'vpc-peering-connection': {
      const peer = peerOf(region, target.id, from.vpcId);
      if (peer === undefined) return blocked('BAD_STATE_ROUTE');
      if (region.vpcs[peer] === undefined) {
        return { stopped: 'not-modelled', code: `${peer}, peered by ${target.id}` };
      }
      return inAny(cidrsOf(region, peer), packet.destination)
        ? goOn()
        : blocked('PCX_REQUIRES_ADDRESS_IN_VPC_CIDR');
    }
    case 'vpc-endpoint':
      return choice.route.destination.includes('/')
        ? blocked('BAD_STATE_ROUTE')
        : byEndpoint(journey, from, target.id);
    case 'not-modelled':
      return { stopped: 'not-modelled', code: target.id };
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
      return leave(journey, from, choice.route, enter);
  }
}

function byEndpoint(
  { region, packet, memory }: Journey,
  from: NetworkInterface,
  id: string,
): Arrival {
  const endpoint = region.vpcEndpoints[id];
  if (endpoint?.type !== 'gateway' || endpoint.vpcId !== from.vpcId) {
    return blocked('BAD_STATE_ROUTE');
  }
  if (memory.way === 'return') return blocked('ASYMMETRIC_TRANSLATION');
  const isEcho = packet.protocol === 1 && packet.detail[0] === 8;
  if (packet.protocol !== 6 && !isEcho) return blocked('VPCE_GATEWAY_PROTOCOL_RESTRICTION');
  return { at: { behindEndpointOf: from.vpcId }, packet };
}

function groups(
  { region, packet }: Journey,
  at: NetworkInterface,
  direction: 'ingress' | 'egress',
  peer: NetworkInterface | undefined,
): Arrival | undefined {
  if (at.managedBy?.kind === 'nat-gateway') return undefined;
  const { allow, unknown } = groupsAllow(region, at, direction, packet, peer);
  if (allow) return undefined;
  return unknown === undefined
    ? blocked('SECURITY_GROUP')
    : { stopped: 'not-modelled', code: unknown };
}

function toInterface(
  journey: Journey,
  from: NetworkInterface | undefined,
  to: NetworkInterface,
  crosses: boolean,
): Arrival {
  const { region, packet, memory } = journey;
  if (crosses && !aclAllows(region, to.subnetId, 'ingress', packet)) {
    return blocked('SUBNET_ACL_RESTRICTION');
  }
  if (to.attachment === undefined && to.managedBy === undefined) {
    return blocked('BAD_STATE_ATTACHMENT');
  }
  const isOwn = addressesOf(to, packet).includes(packet.destination);
  if (to.managedBy?.kind === 'nat-gateway') {
    if (!isOwn) return throughGateway(journey, from, to);
    return memory.way === 'forward' ? blocked('NGW_UNSOLICITED_INBOUND') : atOwner(journey, to);
  }
  if (!isOwn && to.sourceDestCheck) return blocked('ENI_SOURCE_DEST_CHECK_RESTRICTION');
  if (memory.way === 'forward') {
    const stopped = groups(journey, to, 'ingress', from);
    if (stopped !== undefined) return stopped;
    if (isOwn && to.managedBy?.kind === 'vpc-endpoint' && packet.protocol !== 6) {
      return blocked('PROTOCOL_RESTRICTION');
    }
  }
  return isOwn ? atOwner(journey, to) : throughBox(journey, to);
}

function atOwner(journey: Journey, to: NetworkInterface): Arrival {
  const { packet, memory } = journey;
  const last = memory.translations.at(-1);
  const isReplyToBox =
    memory.way === 'return' && last?.by === to.id && to.privateIps[0] === packet.destination;
  if (!isReplyToBox || last === undefined) return { at: to, packet };
  memory.translations.pop();
  memory.back.push(to.id);
  return fromInterface({ ...journey, packet: towards(packet, last.source, last.port) }, to);
}

const hasPorts = ({ protocol }: TextPacket): boolean => protocol === 6 || protocol === 17;

function towards(packet: TextPacket, destination: string, port: number): TextPacket {
  const [one] = packet.detail;
  return hasPorts(packet)
    ? { ...packet, destination, detail: [one, port] }
    : { ...packet, destination };
}

/** A route leads to a NAT gateway. */
function throughGateway(
  journey: Journey,
  from: NetworkInterface | undefined,
  gateway: NetworkInterface,
): Arrival {
  const { packet, memory } = journey;
  if (memory.way === 'return') return blocked('ASYMMETRIC_TRANSLATION');
  if (from?.subnetId === gateway.subnetId) return blocked('NGW_SAME_SUBNET');
  if (![1, 6, 17].includes(packet.protocol)) return blocked('PROTOCOL_RESTRICTION');
  if (memory.boxes.includes(gateway.id)) return blocked('FORWARDING_LOOP');
  memory.boxes.push(gateway.id);
  const port = memory.draws[memory.drawn.length] ?? 1024;
  memory.drawn.push(gateway.id);
  remember(journey, gateway.id);
  const source = gateway.privateIps[0] ?? '';
  const [one, two] = packet.detail;
  const detail = hasPorts(packet) ? ([port, two] as const) : ([one, two] as const);
  return fromInterface({ ...journey, packet: { ...packet, source, detail } }, gateway);
}

function remember({ packet, memory }: Journey, by: string): void {
  memory.translations.push({ by, source: packet.source, port: packet.detail[0] });
}

function throughBox(journey: Journey, box: NetworkInterface): Arrival {
  const { region, packet, memory } = journey;
  const masquerades =
    natInstances(region).has(box.id) &&
    !isIpv6(packet.destination) &&
    !inAny(cidrsOf(region, box.vpcId), packet.destination);
  if (memory.way === 'return') {
    const expected = memory.expected[memory.back.length];
    memory.back.push(box.id);
    if (expected === box.id) return fromInterface(journey, box);
    return masquerades
      ? blocked('ASYMMETRIC_TRANSLATION')
      : { stopped: 'ambiguous', code: 'ASYMMETRIC_ROUTE' };
  }
  if (memory.boxes.includes(box.id)) return blocked('FORWARDING_LOOP');
  memory.boxes.push(box.id);
  if (!masquerades) return fromInterface(journey, box);
  remember(journey, box.id);
  const source = box.privateIps[0] ?? '';
  return fromInterface({ ...journey, packet: { ...packet, source } }, box);
}
