/**
 * Decisions of the lab as records of VPC Flow Logs, version 2.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
import { nameOf } from '../reach/text/path.ts';
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import { OUTSIDE_HOSTS } from './addresses.ts';
import type { FlowEvent } from './daemon/flow.ts';
import { ruleNames } from './decider-text.ts';

/** The fields by AWS's names, in AWS's order, and after them what decided. */
export interface FlowRecord {
  readonly version: 2;
  readonly 'account-id': string;
  /** `-` where the packet is at none. */
  readonly 'interface-id': string;
  readonly srcaddr: string;
  readonly dstaddr: string;
  /** 0 for protocols without ports. */
  readonly srcport: number;
  readonly dstport: number;
  readonly protocol: number;
  readonly packets: 1;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly 'log-status': 'OK';
  /** The rule that accepts, or what rejects or is missing. */
  readonly because: string;
}

export function flowRecord(region: Region, event: FlowEvent): FlowRecord {
  const { packet, accepted } = event;
  const second = Math.floor(event.time / 1000);
  return {
    version: 2,
    'account-id': region.account,
    'interface-id': interfaceOf(event) ?? '-',
    srcaddr: packet.source,
    dstaddr: packet.destination,
    srcport: packet.sourcePort ?? 0,
    dstport: packet.destinationPort ?? 0,
    protocol: packet.protocol,
    packets: 1,
    bytes: packet.bytes,
    start: second,
    end: second,
    action: accepted ? 'ACCEPT' : 'REJECT',
    'log-status': 'OK',
    because: becauseOf(region, event) + missing(region, event),
  };
}

/** The network interface at which it was decided, as AWS counts a flow to one. */
function interfaceOf({ decider, from, to }: FlowEvent): string | undefined {
  switch (decider.kind) {
    case 'security-group':
    case 'network-acl':
    case 'internet-gateway':
      return decider.direction === 'egress' ? from : to;
    case 'destination-check':
      return to;
    case 'route-table':
    case 'source-check':
    case 'address':
    case 'link-local':
    case 'connection-tracking':
    case 'vpc-peering-connection':
    case 'nat-gateway':
    case 'vpc-endpoint':
      return from ?? to;
  }
}

/** What decided, in a sentence's part. */
export function becauseOf(region: Region, event: FlowEvent): string {
  const { decider, packet } = event;
  const at = interfaceOf(event);
  const name = at === undefined ? 'nobody' : nameOf(region, at);
  const [owner, text] = ruleNames(region, decider);
  switch (decider.kind) {
    case 'security-group':
      return decider.rule === undefined ? `${text} of ${name}` : `${owner}: ${text}`;
    case 'network-acl':
      return `${owner}: ${text}`;
    case 'route-table':
      return decider.destination === undefined
        ? `no route in ${nameOf(region, decider.routeTableId)}`
        : `blackhole ${decider.destination} in ${nameOf(region, decider.routeTableId)}`;
    case 'internet-gateway': {
      const refused = packet[decider.address];
      return decider.direction === 'egress' && decider.address === 'source'
        ? `${name} has no public address`
        : `Internet gateway: ${refused} is no public address`;
    }
    case 'source-check':
      return `source check: ${packet.source} is not ${name}'s`;
    case 'destination-check':
      return `destination check of ${name}`;
    case 'address':
      return `nobody has ${packet.destination}`;
    case 'link-local':
      return `no such service at ${packet.destination}`;
    case 'connection-tracking':
      return 'belongs to no connection';
    case 'vpc-peering-connection':
      return `${decider.id} carries only what is between its two VPCs`;
    case 'nat-gateway':
      return decider.refuses === 'unsolicited'
        ? `nobody behind ${decider.id} has asked for it`
        : `${decider.id} carries tcp, udp and icmp of its own VPC only`;
    case 'vpc-endpoint':
      return 'a gateway endpoint carries tcp and ICMP echo only';
  }
}

/** Of a missing rule: what it would have to allow. */
export function missing(region: Region, event: FlowEvent): string {
  const { decider, packet } = event;
  if (decider.kind !== 'security-group' || decider.rule !== undefined) return '';
  const [source, destination] = endsOf(region, event);
  const end = decider.direction === 'ingress' ? `from ${source}` : `to ${destination}`;
  return `: ${serviceOf(packet)} ${end}`;
}

/** e.g. `tcp 22`. */
export function serviceOf({ protocol, destinationPort, type }: FlowEvent['packet']): string {
  const name = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[protocol] ?? `protocol ${protocol}`;
  const detail = destinationPort ?? type;
  return detail === undefined ? name : `${name} ${detail}`;
}

/** Names of the packet's ends: instances, the lab's outside hosts, else addresses. */
export function endsOf(region: Region, { packet, from, to }: FlowEvent): readonly [string, string] {
  return [
    nameOfAddress(region, packet.source, from),
    nameOfAddress(region, packet.destination, to),
  ];
}

/** @param near an interface of the VPC in which the address is meant: VPCs may overlap */
function nameOfAddress(region: Region, address: string, near: string | undefined): string {
  const host = Object.entries(OUTSIDE_HOSTS).find(([, each]) => each === address);
  if (host !== undefined) return host[0];
  const nearby = region.networkInterfaces[near ?? ''];
  if (nearby?.privateIps.includes(address) === true) return nameOf(region, nearby.id);
  const owners = Object.values(region.networkInterfaces).filter(
    ({ vpcId, privateIps }) =>
      privateIps.includes(address) && (nearby === undefined || vpcId === nearby.vpcId),
  );
  const [owner, other] = owners;
  if (owner !== undefined && other === undefined) return nameOf(region, owner.id);
  const pair = publicAddresses(region).find(({ publicIp }) => publicIp === address);
  return pair === undefined ? address : nameOf(region, pair.networkInterfaceId);
}

/** Whether a packet comes from or goes to an instance or an outside host, or passes it. */
export function concerns(region: Region, event: FlowEvent, name: string): boolean {
  if (endsOf(region, event).includes(name)) return true;
  return [event.from, event.to].some((id) => id !== undefined && nameOf(region, id) === name);
}
