/** One packet at the edges of its VPC: services, gateways, and the world outside. */
import { publicAddresses } from '../../region/elastic-ip.ts';
import { hostAt } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Route } from '../../region/route-table.ts';
import { inAny, inBlock, isIpv6, isUnknown } from './address.ts';
import { type Arrival, blocked, cidrsOf, type Journey, ownerOf } from './journey.ts';

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const SHARED = ['100.64.0.0/10'];
const NO_UNICAST = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

/** Goes on at an interface: where the packet enters its VPC. */
export type Enter = (journey: Journey, to: NetworkInterface) => Arrival;

/** Where the packet is for a service beside all filters, what comes of it. */
export function atService(
  { region, packet }: Journey,
  from: NetworkInterface,
): Arrival | undefined {
  const { protocol, destination, detail } = packet;
  const vpc = region.vpcs[from.vpcId];
  const resolver = hostAt(vpc?.cidrs[0] ?? '', 2);
  const special = ['169.254.0.0/16', `${resolver}/32`, 'fd00:ec2::/32'];
  if (!inAny(special, destination)) return undefined;
  const port = detail[1];
  const instance = region.instances[from.attachment?.instanceId ?? ''];
  const answers =
    (destination === '169.254.169.254' &&
      protocol === 6 &&
      port === 80 &&
      instance?.metadataOptions.enabled !== false) ||
    ([resolver, '169.254.169.253', 'fd00:ec2::253'].includes(destination) &&
      [6, 17].includes(protocol) &&
      port === 53 &&
      vpc?.dnsSupport === true) ||
    (['169.254.169.123', 'fd00:ec2::123'].includes(destination) && protocol === 17 && port === 123);
  if (answers) return { at: 'service', packet };
  if (destination === 'fd00:ec2::254') {
    return { stopped: 'not-modelled', code: 'instance metadata by IPv6' };
  }
  return ['169.254.169.250', '169.254.169.251', '169.254.170.2'].includes(destination)
    ? { stopped: 'not-modelled', code: 'link-local service of AWS' }
    : blocked('NO_POSSIBLE_DESTINATION');
}

/** Out by an Internet gateway or an egress-only one. */
export function leave(
  journey: Journey,
  { vpcId }: NetworkInterface,
  { target }: Route,
  enter: Enter,
): Arrival {
  const { region, packet, memory } = journey;
  const { source, destination } = packet;
  const gateway =
    target.kind === 'egress-only-internet-gateway'
      ? region.egressOnlyInternetGateways[target.id]
      : region.internetGateways['id' in target ? target.id : ''];
  const egressOnly = target.kind === 'egress-only-internet-gateway';
  if (gateway?.vpcId !== vpcId) return blocked('BAD_STATE_ROUTE');
  if (egressOnly && memory.way === 'return') return blocked('EIGW_REPLY_WITHOUT_REQUEST');
  if (inAny(cidrsOf(region, vpcId), destination)) {
    return blocked('IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS');
  }
  if (isIpv6(destination)) {
    if (!inBlock('2000::/3', destination)) return blocked('NO_POSSIBLE_DESTINATION');
    if (egressOnly) memory.leftBy.push(vpcId);
    return outside(journey, false, enter);
  }
  if (inAny(PRIVATE, destination)) return blocked('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS');
  if (inAny(SHARED, destination)) return blocked('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS');
  if (!isUnknown(destination) && inAny(NO_UNICAST, destination)) {
    return blocked('NO_POSSIBLE_DESTINATION');
  }
  const pair = publicAddresses(region).find(
    (each) =>
      each.privateIp === source &&
      region.networkInterfaces[each.networkInterfaceId]?.vpcId === vpcId,
  );
  if (pair === undefined) return blocked('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  return outside({ ...journey, packet: { ...packet, source: pair.publicIp } }, false, enter);
}

/** @param first whether the sender itself is outside */
export function outside(journey: Journey, first: boolean, enter: Enter): Arrival {
  return isIpv6(journey.packet.destination)
    ? outside6(journey, first, enter)
    : outside4(journey, first, enter);
}

function outside4(journey: Journey, first: boolean, enter: Enter): Arrival {
  const { region, packet, memory } = journey;
  const { source, destination } = packet;
  const pair = publicAddresses(region).find((each) => each.publicIp === destination);
  const to = region.networkInterfaces[pair?.networkInterfaceId ?? ''];
  if (pair === undefined || to === undefined) {
    const idle = Object.values(region.elasticIps).some((ip) => ip.publicIp === destination);
    const nowhere =
      idle ||
      (!isUnknown(destination) && inAny([...PRIVATE, ...SHARED, ...NO_UNICAST], destination));
    // Between two hosts outside, no VPC has a part in it.
    if (nowhere || (first && memory.way === 'forward')) return blocked('NO_POSSIBLE_DESTINATION');
    return { at: 'outside', packet };
  }
  if (!hasGateway(journey, to.vpcId)) return blocked('BAD_STATE_ATTACHMENT');
  if (inAny(PRIVATE, source)) return blocked('IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS');
  if (inAny(SHARED, source)) return blocked('IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS');
  return enter({ ...journey, packet: { ...packet, destination: pair.privateIp } }, to);
}

function outside6(journey: Journey, first: boolean, enter: Enter): Arrival {
  const { region, packet, memory } = journey;
  const { destination } = packet;
  const vpc = Object.values(region.vpcs).find(({ id }) => inAny(cidrsOf(region, id), destination));
  if (vpc === undefined) {
    const nowhere = !inBlock('2000::/3', destination) || (first && memory.way === 'forward');
    return nowhere ? blocked('NO_POSSIBLE_DESTINATION') : { at: 'outside', packet };
  }
  const awaited = memory.way === 'return' && memory.leftBy.includes(vpc.id);
  if (!awaited && !hasGateway(journey, vpc.id)) return blocked('BAD_STATE_ATTACHMENT');
  const to = ownerOf(region, vpc.id, destination);
  return to === undefined ? blocked('NO_POSSIBLE_DESTINATION') : enter(journey, to);
}

const hasGateway = ({ region }: Journey, vpcId: string): boolean =>
  Object.values(region.internetGateways).some((each) => each.vpcId === vpcId);
