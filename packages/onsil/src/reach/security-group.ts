/**
 * Security groups: what an interface's groups allow in one direction is the union of all their
 * rules, and nothing else.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
import type { SecurityGroupPeer, SecurityGroupRule } from '../region/security-group.ts';
import type { Model, Port } from './model.ts';
import { EMPTY, type PacketSet, type Range } from './packet-set/packet-set.ts';
import { packetsOf } from './rule-packets.ts';
import type { Direction } from './verdict.ts';

export interface RulePackets {
  readonly groupId: string;
  readonly ruleId: string;
  readonly packets: PacketSet;
}

/**
 * Of the rules that allow anything.
 * @param peer the interface that this leg of the path comes from (goes to); absent: an Internet
 * gateway. A reference to a group matches private addresses of this one interface, if it carries
 * the group: so neither its public address, nor what a middlebox forwards of another one.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
export function rulesOf(
  model: Model,
  groupIds: readonly string[],
  direction: Direction,
  peer: Port | undefined,
): readonly RulePackets[] {
  return groupIds.flatMap((groupId) => {
    const group = model.region.securityGroups[groupId];
    return (group?.[direction] ?? []).flatMap((rule) => {
      const packets = packetsOfRule(model, rule, direction, peer);
      return packets.length === 0 ? [] : [{ groupId, ruleId: rule.id, packets }];
    });
  });
}

function packetsOfRule(
  model: Model,
  rule: SecurityGroupRule,
  direction: Direction,
  peer: Port | undefined,
): PacketSet {
  const side = direction === 'egress' ? 'destinations' : 'sources';
  const { peer: allowed } = rule;
  switch (allowed.kind) {
    case 'cidr':
    case 'cidr6':
    case 'prefix-list':
      return packetsOf(rule, { [side]: peerRangesOf(model, allowed) });
    case 'group': {
      const carries = peer?.networkInterface.securityGroupIds.includes(allowed.groupId) === true;
      return carries ? packetsOf(rule, { [side]: peer.own }) : EMPTY;
    }
  }
}

/** The addresses that a rule names; none where it names a group. */
export function peerRangesOf(
  { space, listRanges }: Model,
  peer: SecurityGroupPeer,
): readonly Range[] {
  switch (peer.kind) {
    case 'cidr':
    case 'cidr6':
      return space.rangesOf(peer.cidr);
    case 'prefix-list':
      return listRanges(peer.prefixListId) ?? [];
    case 'group':
      return [];
  }
}

/** Rules that name a prefix list which the region does not have: they may allow these packets. */
export function unknownRulesOf(
  { region, listRanges }: Model,
  groupIds: readonly string[],
  direction: Direction,
): readonly { readonly prefixListId: string; readonly packets: PacketSet }[] {
  return groupIds.flatMap((groupId) =>
    (region.securityGroups[groupId]?.[direction] ?? []).flatMap((rule) =>
      rule.peer.kind === 'prefix-list' && listRanges(rule.peer.prefixListId) === undefined
        ? [{ prefixListId: rule.peer.prefixListId, packets: packetsOf(rule, {}) }]
        : [],
    ),
  );
}
