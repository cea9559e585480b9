/**
 * Security groups in the router, out of reach of the guest's root. The sender's egress and the
 * receiver's ingress are two base chains: an `accept` ends one chain only, so both must accept.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
import type { Region } from '../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../region/security-group.ts';
import type { Decider, Direction } from './label.ts';
import type { InterfacePlan } from './network-interface.ts';
import { addressMatches, packetMatches } from './packet-match.ts';
import { type Chain, decide, type Lookup, type Rule, type Ruleset, rule } from './ruleset.ts';

/** Chains `<direction>-<group>` and the map of each direction from interface to its chain. */
export function planSecurityGroups(region: Region, interfaces: readonly InterfacePlan[]): Ruleset {
  const groupIds = [...new Set(interfaces.flatMap((each) => each.securityGroupIds))];
  const groups = groupIds.flatMap((id) => region.securityGroups[id] ?? []);
  const referenced = new Set(
    groups
      .flatMap((group) => [...group.ingress, ...group.egress])
      .flatMap(({ peer }) => (peer.kind === 'group' ? [peer.groupId] : [])),
  );
  const members = [...referenced].map((id) => membersOf(id, interfaces));
  const directions = ['egress', 'ingress'] as const;
  return {
    lookups: [...members, ...directions.map((direction) => gates(direction, interfaces))],
    chains: directions.flatMap((direction) => [
      ...groups.map((group) => groupChain(direction, group)),
      ...interfaces.flatMap((each) => unionChain(direction, each)),
    ]),
  };
}

/**
 * The members of a group as pairs of interface and private address. A pair, since a reference
 * matches only what comes straight from (or goes straight to) the member's own interface: through
 * a middlebox it does not match although the address would.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
function membersOf(groupId: string, interfaces: readonly InterfacePlan[]): Lookup {
  return {
    name: `members-${groupId}`,
    type: 'ifname . ipv4_addr',
    elements: interfaces
      .filter((each) => each.securityGroupIds.includes(groupId))
      .flatMap(({ name, privateIps }) => privateIps.map((ip) => `"${name}" . ${ip}`)),
  };
}

/**
 * What falls out of a group's chain was not allowed by it: its caller drops. On AWS the order of
 * rules means nothing; here it says which of several rules that allow a packet counts it: the
 * first one by its id.
 */
function groupChain(direction: Direction, group: SecurityGroup): Chain {
  const rules = group[direction].toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  return {
    name: `${direction}-${group.id}`,
    rules: rules.flatMap((each) => ruleOf(direction, group.id, each) ?? []),
  };
}

function ruleOf(direction: Direction, groupId: string, from: SecurityGroupRule): Rule | undefined {
  const packet = packetMatches(from);
  const by: Decider = { kind: 'security-group', direction, rule: { groupId, ruleId: from.id } };
  switch (from.peer.kind) {
    case 'cidr': {
      const side = direction === 'egress' ? 'daddr' : 'saddr';
      return decide(by, 'accept', ...addressMatches(side, from.peer.cidr), ...packet);
    }
    case 'group': {
      const pair = direction === 'egress' ? 'oifname . ip daddr' : 'iifname . ip saddr';
      return decide(by, 'accept', `${pair} @members-${from.peer.groupId}`, ...packet);
    }
    case 'cidr6':
      // IPv6 is off in the lab's routers: nothing could match.
      return undefined;
    case 'prefix-list':
      return undefined;
  }
}

/** An interface with several groups asks each in turn, by their ids as above. */
function unionChain(direction: Direction, each: InterfacePlan): readonly Chain[] {
  if (each.securityGroupIds.length < 2) return [];
  const jumps = [...each.securityGroupIds].sort().map((id) => rule(`jump ${direction}-${id}`));
  return [{ name: `${direction}-${each.id}`, rules: jumps }];
}

function gates(direction: Direction, interfaces: readonly InterfacePlan[]): Lookup {
  return {
    name: `${direction}-gates`,
    type: 'ifname : verdict',
    elements: interfaces.flatMap(({ id, name, securityGroupIds }) => {
      const [first, second] = securityGroupIds;
      if (first === undefined) return [];
      return [`"${name}" : jump ${direction}-${second === undefined ? first : id}`];
    }),
  };
}
