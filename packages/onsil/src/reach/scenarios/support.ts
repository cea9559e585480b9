/** For scenarios: a question and its answer as a few words, so that a test reads as a table. */
import type { Region } from '../../region/region.ts';
import { endpointOf } from '../endpoint.ts';
import type { Hop } from '../hop.ts';
import { compile } from '../model.ts';
import { box, type PacketSet } from '../packet-set/packet-set.ts';
import { sourcePortsOf } from '../text/packets.ts';
import type { Outcome } from '../trace/state.ts';
import { trace } from '../trace/trace.ts';

const ADMINISTRATOR = '198.51.100.10/32';

export function outcomesOf(
  region: Region,
  from: string,
  to: string,
  packets: PacketSet,
  named: readonly string[] = [],
): readonly Outcome[] {
  const family = named.length > 0 ? 'ipv6' : 'ipv4';
  const space = { model: compile(region, family, { named }), administrator: ADMINISTRATOR };
  const [one, other] = [endpointOf(space, from), endpointOf(space, to)];
  if ('unknown' in one || 'unknown' in other) throw new RangeError(`${from} or ${to} is unknown`);
  return trace(space.model, { from: one, to: other, packets });
}

export const tcp = (port: number, first = 1024, last = 65535): PacketSet =>
  box({
    protocol: 6,
    details: [
      { first, last },
      { first: port, last: port },
    ],
  });

/** As `ask`, of IPv6 addresses. */
export function ask6(region: Region, from: string, to: string, port: number): readonly string[] {
  const outcomes = outcomesOf(region, from, to, tcp(port), ['::', ...[from, to].filter(isIpv6)]);
  return [...new Set(outcomes.map(wordsOf))].sort();
}

const isIpv6 = (text: string): boolean => text.includes(':');

/** Verdicts of a tcp port, each with the source ports that it holds for where they differ. */
export function ask(region: Region, from: string, to: string, port: number): readonly string[] {
  const outcomes = outcomesOf(region, from, to, tcp(port));
  return [...new Set(outcomes.map(wordsOf))].sort();
}

function wordsOf({ verdict, packets }: Outcome): string {
  const ports = sourcePortsOf(packets).map(({ first, last }) => `${first}-${last}`);
  const from = ports[0] === '1024-65535' ? '' : ` ${ports.join(',')}`;
  switch (verdict.kind) {
    case 'reachable':
      return `reachable${from}`;
    case 'blocked':
      return `${verdict.way} ${verdict.by.code}${from}`;
    case 'ambiguous':
      return `${verdict.way} ambiguous ${verdict.reason.code}${from}`;
    case 'not-modelled':
      return `${verdict.way} not modelled ${verdict.resource}${from}`;
  }
}

/** The kinds of hops of the only outcome, with the names that matter. */
export function hopsOf(
  region: Region,
  from: string,
  to: string,
  port: number,
): { readonly forward: readonly string[]; readonly back: readonly string[] } {
  const outcomes = outcomesOf(region, from, to, tcp(port));
  const [only, ...more] = outcomes;
  if (only === undefined || more.length > 0) throw new Error(`${outcomes.length} outcomes`);
  return { forward: only.forward.map(hopWord), back: only.back.map(hopWord) };
}

function hopWord(hop: Hop): string {
  switch (hop.kind) {
    case 'network-interface':
      return `${hop.id} ${hop.does}`;
    case 'security-group':
      return `${hop.direction} ${hop.networkInterfaceId}`;
    case 'network-acl':
      return `${hop.direction} ${hop.id} ${hop.entries.join(' ')}`;
    case 'route-table':
      return `${hop.id} ${hop.route.destination}`;
    case 'internet-gateway':
      return `igw ${hop.side}`;
    case 'nat-instance':
      return `nat ${hop.side}`;
    case 'ipv6-gateway':
      return hop.egressOnly ? 'eigw' : 'igw';
    case 'nat-gateway':
      return `${hop.natGatewayId} ${hop.side}`;
    case 'vpc-peering-connection':
    case 'vpc-endpoint':
      return hop.id;
    case 'vpc-service':
      return hop.name;
    case 'internet':
      return 'internet';
  }
}
