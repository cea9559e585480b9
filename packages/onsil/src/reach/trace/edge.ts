/** What the edges of a VPC let nobody carry, whichever gateway is there. */
import type { Range } from '../packet-set/packet-set.ts';
import type { Side } from '../packet-set/rewrite.ts';
import type { Blocker } from '../verdict.ts';
import {
  ends,
  type Outcome,
  type Part,
  remaining,
  type State,
  shown,
  withAddress,
} from './state.ts';

/** Where packets go that are outside, with a public address as their source. */
export type Outside = (state: State) => readonly Outcome[];

type Code = (Blocker & { readonly component: 'internet-gateway' })['code'];
type AddressCode = Exclude<Code, 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS'>;

/** What has none of the forbidden addresses goes on. */
export function sift(
  state: State,
  side: Side,
  outcomes: Outcome[],
  vpcId: string,
  forbidden: readonly (readonly [readonly Range[], AddressCode])[],
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

export function unicast(state: State, outcomes: Outcome[]): Part {
  const caught = withAddress(state, 'destination', state.model.notUnicast);
  if (caught === undefined) return state;
  outcomes.push(nobody(caught));
  return remaining(state, caught);
}

/** Nobody has the destination. */
export function nobody(state: State): Outcome {
  const address = state.model.space.textOf(shown(state, 'destination')[0]?.first ?? 0);
  const by = { component: 'address', code: 'NO_POSSIBLE_DESTINATION', address } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}
