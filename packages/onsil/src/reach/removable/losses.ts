/** What stops getting through when one rule of a security group is taken away. */
import type { Region } from '../../region/region.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { rangeOf, within } from '../addresses.ts';
import type { AddressClass } from '../classes.ts';
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
import type { Outcome } from '../trace/state.ts';
import { trace } from '../trace/trace.ts';
import { type DirectPair, type Flows, openIn, type TracedFlow } from './flows.ts';
import { type RuleSetting, without } from './setting.ts';

/** Packets that got through between these two, and no longer do. */
export interface Loss {
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

/**
 * Worked out one by one, so that who only asks whether there are any pays for one. Direct pairs by
 * sets: a pair loses what no other rule of the carrier's groups allows. Traced ones by asking again
 * on a copy; those whose path the rule is no part of lose nothing, since rules only ever allow.
 */
export function* lossesOf(
  { region, notModelled }: Pick<Model, 'region' | 'notModelled'>,
  flows: Flows,
  mentions: Mentions<TracedFlow>,
  setting: RuleSetting,
): Generator<Loss> {
  const { groupId, direction, rule } = setting;
  const added = adder(region, setting);
  for (const flow of flows.carriedBy(groupId, direction)) {
    const [carrier, peer] = direction === 'ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
    const packets = intersect(flow.open, added(carrier, peer));
    if (!isEmpty(packets)) yield { flow, packets };
  }
  const named = mentions.get(keyOf(groupId, direction, rule.id)) ?? [];
  const copy: Model | undefined =
    named.length === 0 ? undefined : compile(without(region, setting), 'ipv4', { notModelled });
  for (const flow of named) {
    if (copy === undefined) return;
    const packets = subtract(flow.open, openIn(trace(copy, flow.question)));
    if (!isEmpty(packets)) yield { flow, packets };
  }
}

/** Whether the rule allows some of what gets through, be it alone or beside others. */
export function isPartOf(
  region: Region,
  flows: Flows,
  mentions: Mentions<TracedFlow>,
  { groupId, direction, rule }: RuleSetting,
): boolean {
  if (mentions.has(keyOf(groupId, direction, rule.id))) return true;
  return flows.carriedBy(groupId, direction).some(({ from, to, open }) => {
    const peer = direction === 'ingress' ? from : to;
    return matches(region, rule, peer) && !isEmpty(intersect(open, packetsOf(rule, {})));
  });
}

/** What the rule lets through of a peer and no other rule of the carrier does: ports and types. */
function adder(
  region: Region,
  { direction, rule, groupId }: RuleSetting,
): (carrier: AddressClass, peer: AddressClass) => PacketSet {
  const known = new Map<string, PacketSet>();
  const services = (each: SecurityGroupRule): PacketSet => packetsOf(each, {});
  return (carrier, peer) => {
    if (!matches(region, rule, peer)) return EMPTY;
    const others = carrier.port.networkInterface.securityGroupIds.flatMap((id) => {
      const rules = region.securityGroups[id]?.[direction] ?? [];
      const rest = id === groupId ? withoutOne(rules, rule) : rules;
      return rest.filter((each) => matches(region, each, peer));
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
function matches(region: Region, { peer }: SecurityGroupRule, other: AddressClass): boolean {
  switch (peer.kind) {
    case 'cidr':
      return within(other.address, rangeOf(peer.cidr));
    case 'group':
      return other.port.networkInterface.securityGroupIds.includes(peer.groupId);
    case 'cidr6':
      return false;
    case 'prefix-list': {
      const list = region.prefixLists[peer.prefixListId];
      const entries = list?.family === 'ipv4' ? (list.entries ?? []) : [];
      return entries.some((entry) => within(other.address, rangeOf(entry)));
    }
  }
}
