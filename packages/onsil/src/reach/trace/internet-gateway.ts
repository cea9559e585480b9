/**
 * Through the edge of a VPC: a stateless 1:1 translation between private and public addresses,
 * the same in both directions and on both ways.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 */
import { NOT_UNICAST, RFC1918, RFC6598, single } from '../addresses.ts';
import type { Association, Port } from '../model.ts';
import type { Range } from '../packet-set/packet-set.ts';
import type { Side } from '../packet-set/rewrite.ts';
import type { Blocker } from '../verdict.ts';
import {
  ends,
  type Outcome,
  type Part,
  passed,
  remaining,
  type State,
  shown,
  translated,
  withAddress,
} from './state.ts';

/** Where packets go that are outside, with a public address as their source. */
export type Outside = (state: State) => readonly Outcome[];
/** Where packets go that a gateway lets in, addressed to a private address of the port. */
export type Inside = (state: State, port: Port) => readonly Outcome[];

type Code = (Blocker & { readonly component: 'internet-gateway' })['code'];

/** From the interface out of its VPC. */
export function leave(state: State, from: Port, outside: Outside): readonly Outcome[] {
  const { vpc, vpcRanges } = from;
  const unknown = notModelledAt(state, vpc.id);
  if (unknown !== undefined) return [unknown];
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
  const unknown = notModelledAt(state, vpcId);
  if (unknown !== undefined) return [unknown];
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

function notModelledAt(state: State, vpcId: string): Outcome | undefined {
  const unknown = state.model.notModelled.find(
    (each) => each.kind === 'internet-gateway' && each.vpcId === vpcId,
  );
  if (unknown === undefined) return undefined;
  return ends(state, { kind: 'not-modelled', way: state.way, resource: unknown.resource });
}

function through(state: State, vpcId: string, side: Side, before: number, after: number): State {
  const hop = { kind: 'internet-gateway', vpcId, side, before, after } as const;
  return passed(translated(state, side, after), hop);
}

/** What has none of the forbidden addresses goes on. */
function sift(
  state: State,
  side: Side,
  outcomes: Outcome[],
  vpcId: string,
  forbidden: readonly (readonly [
    readonly Range[],
    Exclude<Code, 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS'>,
  ])[],
): Part {
  let rest: Part = state;
  for (const [ranges, code] of forbidden) {
    const caught: Part = rest === undefined ? undefined : withAddress(rest, side, ranges);
    if (caught === undefined || rest === undefined) continue;
    const by = { component: 'internet-gateway', code, vpcId } as const;
    outcomes.push(ends(caught, { kind: 'blocked', way: state.way, by }));
    rest = remaining(rest, caught);
  }
  return rest;
}

function unicast(state: State, outcomes: Outcome[]): Part {
  const caught = withAddress(state, 'destination', NOT_UNICAST);
  if (caught === undefined) return state;
  outcomes.push(nobody(caught));
  return remaining(state, caught);
}

/** Nobody has the destination. */
export function nobody(state: State): Outcome {
  const address = shown(state, 'destination')[0]?.first ?? 0;
  const by = { component: 'address', code: 'NO_POSSIBLE_DESTINATION', address } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}
