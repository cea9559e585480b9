/**
 * Traces between parties. Interfaces whose addresses are of the same classes are asked about once,
 * so that the cost of a policy about everybody grows with the classes, not with the machines.
 */

import { commonRanges, withoutRanges } from '../addresses.ts';
import { classesOf } from '../classes.ts';
import type { Model } from '../model.ts';
import type { PacketSet } from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { addressesFor, type Question, trace } from '../trace/trace.ts';
import type { Party } from './ends.ts';

/** What stands for many: each of `from` to each of `to` gets what the first of them get. */
export interface Flow {
  /** Ids of interfaces; empty: the party's addresses outside. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export interface Asker {
  /**
   * Of each two different ends. Private addresses are asked for where the sender knows them.
   * @param publicToo also the detour by a neighbour's public address: for what must not be
   */
  flows(from: Party, to: Party, packets: PacketSet, publicToo: boolean): readonly Flow[];
  /** The question behind a flow, of a model with the same ends. */
  questionOf(flow: Flow, from: Party, to: Party, packets: PacketSet): (model: Model) => Question;
}

export function askerOf(model: Model): Asker {
  const kinds = kindsOf(model);
  const kindOf = (id: string): string => kinds.get(id) ?? id;
  const byKind = (ids: readonly string[]): readonly (readonly string[])[] => [
    ...Map.groupBy(ids, kindOf).values(),
  ];
  return {
    flows: (from, to, packets, publicToo) => {
      const outward = to.outside.length === 0 ? [] : byKind(from.interfaces);
      const inward = from.outside.length === 0 ? [] : byKind(to.interfaces);
      return [
        ...inward.flatMap(([id = '', ...more]) => [
          {
            from: [],
            to: [id, ...more],
            outcomes: trace(model, question(model, undefined, id, from, to, packets)),
          },
        ]),
        ...byKind(from.interfaces).flatMap((senders) =>
          byKind(to.interfaces).flatMap((receivers) =>
            apart(senders, receivers).map(([a, b]) => ({
              ...{ from: a, to: b },
              outcomes: between(model, a, b, packets, publicToo),
            })),
          ),
        ),
        ...outward.flatMap(([id = '', ...more]) => [
          {
            from: [id, ...more],
            to: [],
            outcomes: trace(model, question(model, id, undefined, from, to, packets)),
          },
        ]),
      ];
    },
    questionOf: (flow, from, to, packets) => (copy) =>
      question(copy, flow.from[0], flow.to[0], from, to, packets),
  };
}

/**
 * Senders and receivers of one kind each, so that every pair of the two lists is of two different
 * interfaces: an end that is on both sides is asked about apart.
 */
function apart(
  senders: readonly string[],
  receivers: readonly string[],
): readonly (readonly [readonly string[], readonly string[]])[] {
  const both = senders.filter((id) => receivers.includes(id));
  if (both.length === 0) return [[senders, receivers]];
  const pairs = senders.map((id) => [[id], receivers.filter((other) => other !== id)] as const);
  return pairs.filter(([, others]) => others.length > 0);
}

function between(
  model: Model,
  [from = '']: readonly string[],
  [to = '']: readonly string[],
  packets: PacketSet,
  publicToo: boolean,
): readonly Outcome[] {
  const known = addressesFor(model, to, model.ports.get(from)?.vpc.id);
  // Of IPv6, and of VPCs that are no peers, these are the same.
  const others = publicToo ? withoutRanges(addressesFor(model, to, undefined), known) : [];
  const ranges = [...known, ...others];
  const end = { kind: 'network-interface', id: from } as const;
  // The interface itself is asked for to hear why it has none.
  const at =
    ranges.length === 0
      ? ({ kind: 'network-interface', id: to } as const)
      : ({ kind: 'addresses', ranges } as const);
  return trace(model, { from: end, to: at, packets });
}

/** Outside addresses that a changed copy has taken for itself are no longer outside. */
function question(
  model: Model,
  fromId: string | undefined,
  toId: string | undefined,
  from: Party,
  to: Party,
  packets: PacketSet,
): Question {
  const end = (id: string | undefined, { outside }: Party): Question['from'] =>
    id === undefined
      ? { kind: 'addresses', ranges: commonRanges(outside, model.outside) }
      : { kind: 'network-interface', id };
  return { from: end(fromId, from), to: end(toId, to), packets };
}

/** What no rule can tell apart has one kind: by the id of the interface. */
export function kindsOf(model: Model): ReadonlyMap<string, string> {
  const classes = new Map<string, number[]>();
  for (const { index, members } of classesOf(model)) {
    for (const { networkInterfaceId: id } of members) {
      classes.set(id, [...(classes.get(id) ?? []), index]);
    }
  }
  return new Map([...classes].map(([id, indexes]) => [id, indexes.join(' ')]));
}
