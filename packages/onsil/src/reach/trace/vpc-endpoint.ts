/**
 * Endpoints: of the gateway kind, a way to a service of AWS by a route; of the interface kind,
 * interfaces that answer.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
import { ICMP, TCP } from '../packet-set/packet.ts';
import { box, union } from '../packet-set/packet-set.ts';
import type { Port } from '../port.ts';
import type { Blocker } from '../verdict.ts';
import { otherAddress } from './middlebox.ts';
import { ends, type Outcome, type Part, passed, passing, remaining, type State } from './state.ts';

const ECHO = box({ protocol: ICMP, details: [{ first: 8, last: 8 }, undefined] });
const ACCEPTED = union(box({ protocol: TCP }), ECHO);

/** By an interface endpoint. */
export const ANSWERED_BY_ENDPOINT = box({ protocol: TCP });

type Code = (Blocker & { readonly component: 'vpc-endpoint' })['code'];

/**
 * To the service of a gateway endpoint, which sees private addresses and answers to them.
 * @param from the interface that sends it there
 * @param answer what becomes of the replies
 */
export function throughGatewayEndpoint(
  state: State,
  from: Port,
  vpcEndpointId: string,
  answer: (state: State) => readonly Outcome[],
): readonly Outcome[] {
  // A reply to the service's public address, from a private one.
  if (state.way === 'return') return [otherAddress(state, from)];
  // Packets of other VPCs do not come this far: no peering carries them to a route.
  const accepted = passing(state, ACCEPTED);
  const rest = remaining(state, accepted);
  const outcomes =
    rest === undefined ? [] : [refused(rest, vpcEndpointId, 'VPCE_GATEWAY_PROTOCOL_RESTRICTION')];
  if (accepted === undefined) return outcomes;
  return [...outcomes, ...answer(passed(accepted, { kind: 'vpc-endpoint', id: vpcEndpointId }))];
}

/** What an interface endpoint accepts: tcp, whatever its groups allow. */
export function askEndpoint(
  state: State,
  { id, service }: Port,
): { readonly part: Part; readonly outcomes: readonly Outcome[] } {
  if (service?.kind !== 'vpc-endpoint' || state.way === 'return') {
    return { part: state, outcomes: [] };
  }
  const part = passing(state, ANSWERED_BY_ENDPOINT);
  const rest = remaining(state, part);
  const outcomes =
    rest === undefined ? [] : [refused(rest, service.id ?? id, 'PROTOCOL_RESTRICTION')];
  return { part, outcomes };
}

function refused(state: State, vpcEndpointId: string, code: Code): Outcome {
  const by = { component: 'vpc-endpoint', code, vpcEndpointId } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}
