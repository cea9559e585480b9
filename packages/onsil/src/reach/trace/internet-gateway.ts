/**
 * Through the edge of a VPC: a stateless 1:1 translation between private and public addresses,
 * the same in both directions and on both ways.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 */
import { RFC1918, RFC6598, single } from '../addresses.ts';
import type { Association, Port } from '../model.ts';
import { atEdge, isOpen } from '../not-modelled.ts';
import type { Side } from '../packet-set/rewrite.ts';
import { type Outside, sift, unicast } from './edge.ts';
import {
  ends,
  type Outcome,
  passed,
  remaining,
  type State,
  shown,
  translated,
  withAddress,
} from './state.ts';

/** Where packets go that a gateway lets in, addressed to a private address of the port. */
export type Inside = (state: State, port: Port) => readonly Outcome[];

/** From the interface out of its VPC. */
export function leave(state: State, from: Port, outside: Outside): readonly Outcome[] {
  const { vpc, vpcRanges } = from;
  const unknown = atEdge(state.model, vpc.id);
  if (unknown !== undefined) return [isOpen(state, unknown)];
  const outcomes: Outcome[] = [];
  const public_ = sift(state, 'destination', outcomes, vpc.id, [
    [vpcRanges, 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS'],
    [RFC1918, 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
    [RFC6598, 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'],
  ]);
  let rest = public_ === undefined ? undefined : unicast(public_, outcomes);
  if (rest === undefined) return outcomes;
  // The gateway knows addresses, not senders: it translates the source of what a middlebox
  // forwards as well, where that source has a public address.
  for (const { privateIp, publicIp } of visibleSources(rest, vpc.id)) {
    if (rest === undefined) continue;
    const part = withAddress(rest, 'source', [single(privateIp)]);
    if (part === undefined) continue;
    outcomes.push(...outside(through(part, vpc.id, 'source', privateIp, publicIp)));
    rest = remaining(rest, part);
  }
  if (rest !== undefined) {
    const by = {
      component: 'internet-gateway',
      code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
      vpcId: vpc.id,
      networkInterfaceId: from.id,
    } as const;
    outcomes.push(ends(rest, { kind: 'blocked', way: state.way, by }));
  }
  return outcomes;
}

/** The associations of source addresses: of each single one, or of those in a range. */
function visibleSources(state: State, vpcId: string): readonly Association[] {
  const { model } = state;
  const sources = shown(state, 'source');
  return sources.every(({ first, last }) => first === last)
    ? sources.flatMap(({ first }) => model.translation(vpcId, first) ?? [])
    : model.associations.filter(({ port }) => port.vpc.id === vpcId);
}

/** From outside to a public address of the region. */
export function enter(
  state: State,
  { publicIp, privateIp, port }: Association,
  inside: Inside,
): readonly Outcome[] {
  const { model, way } = state;
  const vpcId = port.vpc.id;
  const unknown = atEdge(model, vpcId);
  if (unknown !== undefined) return [isOpen(state, unknown)];
  if (!model.withGateway.has(vpcId)) {
    const by = { component: 'internet-gateway', code: 'BAD_STATE_ATTACHMENT', vpcId } as const;
    return [ends(state, { kind: 'blocked', way, by })];
  }
  const outcomes: Outcome[] = [];
  const part = sift(state, 'source', outcomes, vpcId, [
    [RFC1918, 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'],
    [RFC6598, 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'],
  ]);
  if (part === undefined) return outcomes;
  return [...outcomes, ...inside(through(part, vpcId, 'destination', publicIp, privateIp), port)];
}

function through(state: State, vpcId: string, side: Side, before: number, after: number): State {
  const { textOf } = state.model.space;
  const texts = { before: textOf(before), after: textOf(after) };
  return passed(translated(state, side, after), {
    kind: 'internet-gateway',
    vpcId,
    side,
    ...texts,
  });
}
