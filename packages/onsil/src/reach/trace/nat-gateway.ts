/**
 * NAT gateways: like NAT instances, but of AWS. No security groups, three protocols, and a source
 * port of their own; the network ACL of their subnet is asked in both directions.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
import { ICMP, TCP, UDP } from '../packet-set/packet.ts';
import { box, unionAll } from '../packet-set/packet-set.ts';
import type { Port } from '../port.ts';
import type { Blocker } from '../verdict.ts';
import { DRAWN_PORTS } from './drawn-ports.ts';
import { loops, otherAddress } from './middlebox.ts';
import {
  ends,
  type Outcome,
  passed,
  passing,
  remaining,
  type State,
  translated,
  withSourcePorts,
} from './state.ts';

const TRANSLATED = unionAll([TCP, UDP, ICMP].map((protocol) => box({ protocol })));

type Code = (Blocker & { readonly component: 'nat-gateway' })['code'];

/**
 * What a route leads to the gateway.
 * @param from the interface that sent it there
 */
export function translateAtGateway(
  state: State,
  from: Port | undefined,
  gateway: Port,
  send: (state: State, from: Port) => readonly Outcome[],
): readonly Outcome[] {
  // A reply by another way than the request's: it would leave with another address.
  if (state.way === 'return') return [otherAddress(state, gateway)];
  // Not documented; seen by the authors of Batfish, who tried it on AWS.
  if (from?.subnet.id === gateway.subnet.id) return [refused(state, gateway, 'NGW_SAME_SUBNET')];
  // Packets of other VPCs do not come this far: no peering carries them to a route.
  const known = passing(state, TRANSLATED);
  const strange = remaining(state, known);
  const outcomes = strange === undefined ? [] : [refused(strange, gateway, 'PROTOCOL_RESTRICTION')];
  if (known === undefined) return outcomes;
  if (known.middleboxes.includes(gateway.id)) return [...outcomes, loops(known, gateway)];
  return [...outcomes, ...send(masqueraded(known, gateway), gateway)];
}

function masqueraded(state: State, gateway: Port): State {
  const { id, primary } = gateway;
  if (primary === undefined) throw new TypeError(`NAT gateway interface ${id} has no address.`);
  const after = state.model.space.textOf(primary);
  const natGatewayId = gateway.service?.id ?? id;
  const hop = { kind: 'nat-gateway', natGatewayId, side: 'source', after } as const;
  const before = { before: state.source, portsBefore: state.sourcePorts };
  return {
    ...passed(withSourcePorts(translated(state, 'source', primary), DRAWN_PORTS), hop),
    middleboxes: [...state.middleboxes, id],
    translations: [...state.translations, { networkInterfaceId: id, ...before }],
  };
}

/** What is for the gateway itself, and no reply. */
export function unsolicited(state: State, gateway: Port): Outcome {
  return refused(state, gateway, 'NGW_UNSOLICITED_INBOUND');
}

function refused(state: State, { id, service }: Port, code: Code): Outcome {
  const by = { component: 'nat-gateway', code, natGatewayId: service?.id ?? id } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}
