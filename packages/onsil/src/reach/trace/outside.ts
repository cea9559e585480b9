/** Outside every VPC: on the way in again, or at the end. */
import { finderIn, single } from '../addresses.ts';
import type { Port } from '../port.ts';
import { nobody } from './edge.ts';
import { enter } from './internet-gateway.ts';
import { enterUntranslated } from './ipv6-edge.ts';
import { type Outcome, type Part, remaining, type State, shown, withAddress } from './state.ts';

/** The ways in from an edge, and what becomes of replies to those outside. */
export interface Inwards {
  /** At an interface, which has the destination. */
  receive(state: State, to: Port): readonly Outcome[];
  /** Inside a VPC, at whoever has the destination. */
  deliver(state: State, vpcId: string): readonly Outcome[];
  /** At somebody outside. */
  arrive(state: State): readonly Outcome[];
}

/** Perhaps on the way to an address of the region. */
export function beyond(state: State, inwards: Inwards): readonly Outcome[] {
  const { associations, idlePublicIps, outside, space, vpcRanges } = state.model;
  const outcomes: Outcome[] = [];
  let rest: Part = state;
  const take = (part: Part, of: (part: State) => readonly Outcome[]): void => {
    if (part === undefined || rest === undefined) return;
    outcomes.push(...of(part));
    rest = remaining(rest, part);
  };
  const isAsked = finderIn(shown(state, 'destination'));
  for (const association of associations) {
    if (!isAsked(association.publicIp) || rest === undefined) continue;
    take(withAddress(rest, 'destination', [single(association.publicIp)]), (part) =>
      enter(part, association, inwards.receive),
    );
  }
  for (const [vpcId, ranges] of space.family === 'ipv6' ? vpcRanges : []) {
    take(rest && withAddress(rest, 'destination', ranges), (part) =>
      enterUntranslated(part, vpcId, inwards.deliver),
    );
  }
  take(rest && withAddress(rest, 'destination', outside), inwards.arrive);
  // Elastic IPs of nobody, and addresses that are in no way public.
  take(rest && withAddress(rest, 'destination', idlePublicIps.map(single)), (part) => [
    nobody(part),
  ]);
  take(rest, (part) => [nobody(part)]);
  return outcomes;
}
