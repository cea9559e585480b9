/** What stops getting through when one rule of a security group is taken away. */
import type { Region } from '../../region/region.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { isIn } from '../addresses.ts';
import type { AddressClass } from '../classes.ts';
import type { NameSpace } from '../endpoint.ts';
import type { Hop } from '../hop.ts';
import { compile, type Model } from '../model.ts';
import {
  EMPTY,
  intersect,
  isEmpty,
  type PacketSet,
  subtract,
  unionAll,
} from '../packet-set/packet-set.ts';
import { packetsOf } from '../rule-packets.ts';
import { peerRangesOf } from '../security-group.ts';
import type { Outcome } from '../trace/state.ts';
import { type DirectPair, type Flows, flowsOf, lostOf, type TracedFlow } from './flows.ts';
import { type RuleSetting, without } from './setting.ts';

/** Packets that got through between these two, and no longer do. */
export interface Loss {
  /** Of the family that it is about. */
  readonly space: NameSpace;
  readonly flow: DirectPair | TracedFlow;
  readonly packets: PacketSet;
}

/** Traced flows by each rule that lets some of their packets pass. */
export type Mentions<T> = ReadonlyMap<string, readonly T[]>;

export function mentionsOf<T extends { readonly outcomes: readonly Outcome[] }>(
  flows: readonly T[],
): Mentions<T> {
  const mentions = new Map<string, Set<T>>();
  const add = (hops: readonly Hop[], flow: T): void => {
    for (const hop of hops) {
      if (hop.kind !== 'security-group') continue;
      for (const { groupId, ruleId } of hop.rules) {
        const key = keyOf(groupId, hop.direction, ruleId);
        mentions.set(key, (mentions.get(key) ?? new Set()).add(flow));
      }
    }
  };
  for (const flow of flows) {
    for (const { verdict, forward } of flow.outcomes) {
      if (verdict.kind !== 'blocked') add(forward, flow);
    }
  }
  return new Map([...mentions].map(([key, set]) => [key, [...set]]));
}

export const keyOf = (groupId: string, direction: string, ruleId: string): string =>
  `${groupId} ${direction} ${ruleId}`;

/** All that gets through in one family of addresses. */
export interface View {
  readonly space: NameSpace;
  readonly flows: Flows;
  readonly mentions: Mentions<TracedFlow>;
}

export function viewOf(space: NameSpace): View {
  const flows = flowsOf(space.model);
  return { space, flows, mentions: mentionsOf(flows.traced) };
}

/** A changed copy of the region, in the view's family: numbers mean the same addresses. */
export const copyOf = (model: Model, region: Region): Model =>
  compile(region, model.space.family, { space: model.space, notModelled: model.notModelled });

/**
 * Worked out one by one, so that who only asks whether there are any pays for one. Direct pairs by
 * sets: a pair loses what no other rule of the carrier's groups allows. Traced ones by asking again
 * on a copy; those whose path the rule is no part of lose nothing, since rules only ever allow.
 * @param region the view's, perhaps with fewer rules
 */
export function* lossesOf(
  { space, flows, mentions }: View,
  region: Region,
  setting: RuleSetting,
): Generator<Loss> {
  const { groupId, direction, rule } = setting;
  const added = adder(space.model, region, setting);
  for (const flow of flows.carriedBy(groupId, direction)) {
    const [carrier, peer] = direction === 'ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
    const packets = intersect(flow.open, added(carrier, peer));
    if (!isEmpty(packets)) yield { space, flow, packets };
  }
  const named = mentions.get(keyOf(groupId, direction, rule.id)) ?? [];
  if (named.length === 0) return;
  const copy = copyOf(space.model, without(region, setting));
  for (const flow of named) {
    const packets = lostOf(flow, copy);
    if (!isEmpty(packets)) yield { space, flow, packets };
  }
}

/** Whether the rule allows some of what gets through, be it alone or beside others. */
export function isPartOf(
  { space: { model }, flows, mentions }: View,
  { groupId, direction, rule }: RuleSetting,
): boolean {
  if (mentions.has(keyOf(groupId, direction, rule.id))) return true;
  return flows.carriedBy(groupId, direction).some(({ from, to, open }) => {
    const peer = direction === 'ingress' ? from : to;
    return matches(model, rule, peer) && !isEmpty(intersect(open, packetsOf(rule, {})));
  });
}

/** What the rule lets through of a peer and no other rule of the carrier does: ports and types. */
function adder(
  model: Model,
  region: Region,
  { direction, rule, groupId }: RuleSetting,
): (carrier: AddressClass, peer: AddressClass) => PacketSet {
  const known = new Map<string, PacketSet>();
  const services = (each: SecurityGroupRule): PacketSet => packetsOf(each, {});
  return (carrier, peer) => {
    if (!matches(model, rule, peer)) return EMPTY;
    const others = carrier.port.networkInterface.securityGroupIds.flatMap((id) => {
      const rules = region.securityGroups[id]?.[direction] ?? [];
      const rest = id === groupId ? withoutOne(rules, rule) : rules;
      return rest.filter((each) => matches(model, each, peer));
    });
    const key = others.map(({ id }) => id).join(' ');
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const made = subtract(services(rule), unionAll(others.map(services)));
    known.set(key, made);
    return made;
  };
}

/** Of equal rules one stays. */
function withoutOne(
  rules: readonly SecurityGroupRule[],
  rule: SecurityGroupRule,
): readonly SecurityGroupRule[] {
  const at = rules.findIndex(({ id }) => id === rule.id);
  return rules.filter((_, index) => index !== at);
}

/** Whether a rule is about a peer's address, on a path without a middlebox. */
function matches(model: Model, { peer }: SecurityGroupRule, other: AddressClass): boolean {
  if (peer.kind === 'group') {
    return other.port.networkInterface.securityGroupIds.includes(peer.groupId);
  }
  return isIn(other.address, peerRangesOf(model, peer));
}
