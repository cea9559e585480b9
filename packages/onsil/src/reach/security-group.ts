/**
 * Security groups: what an interface's groups allow in one direction is the union of all their
 * rules, and nothing else.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
import type { Region } from '../region/region.ts';
import type { SecurityGroupRule } from '../region/security-group.ts';
import { rangeOf } from './addresses.ts';
import type { Port } from './model.ts';
import { EMPTY, type PacketSet, unionAll } from './packet-set/packet-set.ts';
import { packetsOf } from './rule-packets.ts';
import type { Direction } from './verdict.ts';

export interface RulePackets {
  readonly groupId: string;
  readonly ruleId: string;
  readonly packets: PacketSet;
}

/**
 * @param peer the interface that this leg of the path comes from (goes to); absent: an Internet
 * gateway. A reference to a group matches private addresses of this one interface, if it carries
 * the group: so neither its public address, nor what a middlebox forwards of another one.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
export function rulesOf(
  region: Region,
  groupIds: readonly string[],
  direction: Direction,
  peer: Port | undefined,
): readonly RulePackets[] {
  return groupIds.flatMap((groupId) => {
    const group = region.securityGroups[groupId];
    return (group?.[direction] ?? []).map((rule) => ({
      groupId,
      ruleId: rule.id,
      packets: packetsOfRule(rule, direction, peer),
    }));
  });
}

/** Everything that the groups allow. */
export function gate(
  region: Region,
  groupIds: readonly string[],
  direction: Direction,
  peer: Port | undefined,
): PacketSet {
  return unionAll(rulesOf(region, groupIds, direction, peer).map(({ packets }) => packets));
}

function packetsOfRule(
  { peer: allowed, ...fields }: SecurityGroupRule,
  direction: Direction,
  peer: Port | undefined,
): PacketSet {
  const side = direction === 'egress' ? 'destinations' : 'sources';
  switch (allowed.kind) {
    case 'cidr':
      return packetsOf(fields, { [side]: [rangeOf(allowed.cidr)] });
    case 'group': {
      const carries = peer?.networkInterface.securityGroupIds.includes(allowed.groupId) === true;
      return carries ? packetsOf(fields, { [side]: peer.own }) : EMPTY;
    }
    case 'cidr6':
      // The packets asked about are IPv4's.
      return EMPTY;
    case 'prefix-list':
      return EMPTY;
  }
}
