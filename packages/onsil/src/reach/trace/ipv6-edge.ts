/**
 * IPv6 at the edge of a VPC: nothing is translated, every address is public, and an egress-only
 * gateway differs from an Internet gateway by knowing who began.
 * https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
 */
import { atEdge, isOpen } from '../not-modelled.ts';
import type { Port } from '../port.ts';
import type { CompiledTarget } from '../route-table.ts';
import { type Outside, sift, unicast } from './edge.ts';
import { ends, type Outcome, passed, type State } from './state.ts';

type Gateway = CompiledTarget & {
  readonly kind: 'internet-gateway' | 'egress-only-internet-gateway';
};

/** From the interface out of its VPC. */
export function leaveUntranslated(
  state: State,
  from: Port,
  gateway: Gateway,
  outside: Outside,
): readonly Outcome[] {
  const { way } = state;
  const { vpc, vpcRanges } = from;
  const unknown = atEdge(state.model, vpc.id);
  if (unknown !== undefined) return [isOpen(state, unknown)];
  const egressOnly = gateway.kind === 'egress-only-internet-gateway';
  if (egressOnly && way === 'return') {
    const code = 'EIGW_REPLY_WITHOUT_REQUEST';
    const at = { component: gateway.kind, egressOnlyInternetGatewayId: gateway.id } as const;
    return [ends(state, { kind: 'blocked', way, by: { ...at, code } })];
  }
  const outcomes: Outcome[] = [];
  const abroad = sift(state, 'destination', outcomes, vpc.id, [
    [vpcRanges, 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS'],
  ]);
  const rest = abroad === undefined ? undefined : unicast(abroad, outcomes);
  if (rest === undefined) return outcomes;
  const gone = passed(rest, { kind: 'ipv6-gateway', vpcId: vpc.id, egressOnly });
  const leftBy = egressOnly ? [...gone.leftBy, vpc.id] : gone.leftBy;
  return [...outcomes, ...outside({ ...gone, leftBy })];
}

/** From outside to addresses of a VPC. */
export function enterUntranslated(
  state: State,
  vpcId: string,
  deliver: (state: State, vpcId: string) => readonly Outcome[],
): readonly Outcome[] {
  const { model, way } = state;
  const unknown = atEdge(model, vpcId);
  if (unknown !== undefined) return [isOpen(state, unknown)];
  const isReply = way === 'return' && state.leftBy.includes(vpcId);
  if (!isReply && !model.withGateway.has(vpcId)) {
    const by = { component: 'internet-gateway', code: 'BAD_STATE_ATTACHMENT', vpcId } as const;
    return [ends(state, { kind: 'blocked', way, by })];
  }
  return deliver(passed(state, { kind: 'ipv6-gateway', vpcId, egressOnly: isReply }), vpcId);
}
