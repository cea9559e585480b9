/** What an interface's security groups and a subnet's ACL let pass, as steps of a path. */
import { atAcl, atGroups, isOpen } from '../not-modelled.ts';
import { unionAll } from '../packet-set/packet-set.ts';
import type { Port } from '../port.ts';
import { rulesOf, unknownRulesOf } from '../security-group.ts';
import type { Direction } from '../verdict.ts';
import { overDrawnPorts } from './drawn-ports.ts';
import {
  ends,
  type Outcome,
  type Part,
  passed,
  passing,
  remaining,
  type State,
  withPackets,
} from './state.ts';

/** The part that goes on, and what becomes of the rest. */
export interface Filtered {
  readonly part: Part;
  readonly outcomes: readonly Outcome[];
}

/**
 * Asked for the way forward only: a group lets replies to what it let pass through, whatever its
 * rules. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
 * @param peer the interface at the other end of this leg; absent: an Internet gateway
 */
export function askGroups(
  state: State,
  port: Port,
  direction: Direction,
  peer: Port | undefined,
): Filtered {
  // A NAT gateway has no groups.
  const isFree = port.service?.kind === 'nat-gateway';
  if (state.way === 'return' || isFree) return { part: state, outcomes: [] };
  const { model } = state;
  const { id, networkInterface } = port;
  const groupIds = networkInterface.securityGroupIds;
  // Each rule cut by what is asked first: of hundreds few match, and what they join to is small.
  const matched = rulesOf(model, groupIds, direction, peer).flatMap((rule) => {
    const part = passing(state, rule.packets);
    return part === undefined ? [] : [{ ...rule, packets: part.packets }];
  });
  const part = withPackets(state, unionAll(matched.map(({ packets }) => packets)));
  const rest = remaining(state, part);
  const hop = {
    kind: 'security-group' as const,
    direction,
    networkInterfaceId: id,
    rules: matched.map(({ groupId, ruleId }) => ({ groupId, ruleId })),
  };
  return {
    part: part === undefined ? undefined : passed(part, hop),
    outcomes: rest === undefined ? [] : refusedByGroups(rest, port, direction, peer),
  };
}

function refusedByGroups(
  state: State,
  { id, networkInterface }: Port,
  direction: Direction,
  peer: Port | undefined,
): readonly Outcome[] {
  const { model, way } = state;
  const groupIds = networkInterface.securityGroupIds;
  const outcomes: Outcome[] = [];
  let rest: Part = state;
  for (const { prefixListId, packets } of unknownRulesOf(model, groupIds, direction)) {
    const open: Part = rest === undefined ? undefined : passing(rest, packets);
    if (open === undefined || rest === undefined) continue;
    outcomes.push(ends(open, { kind: 'not-modelled', way, resource: prefixListId }));
    rest = remaining(rest, open);
  }
  if (rest === undefined) return outcomes;
  const unknown = atGroups(model, id, groupIds, direction);
  if (unknown !== undefined) return [...outcomes, isOpen(rest, unknown)];
  const none = groupIds.every(
    (each) => model.region.securityGroups[each]?.[direction].length === 0,
  );
  const by = {
    component: 'security-group' as const,
    code: none ? ('SG_HAS_NO_RULES' as const) : ('ENI_SG_RULES_MISMATCH' as const),
    direction,
    networkInterfaceId: id,
    groupIds,
    ...(peer === undefined ? {} : { peerInterfaceId: peer.id }),
  };
  return [...outcomes, ends(rest, { kind: 'blocked', way, by })];
}

/**
 * Asked both ways: an ACL knows no conversations. What it lets through goes on.
 * @param goOn what becomes of that
 */
export function throughAcl(
  state: State,
  port: Port,
  direction: Direction,
  goOn: (state: State) => readonly Outcome[],
): readonly Outcome[] {
  const unknown = atAcl(state.model, port.subnet.networkAclId);
  if (unknown !== undefined) return [isOpen(state, unknown)];
  const { decisions } = state.model.acl(port.subnet.networkAclId)[direction];
  return overDrawnPorts(
    state,
    decisions.map(({ packets }) => packets),
    (each) => {
      const { part, outcomes } = askAcl(each, port, direction);
      return part === undefined ? outcomes : [...outcomes, ...goOn(part)];
    },
  );
}

function askAcl(state: State, port: Port, direction: Direction): Filtered {
  const { id: subnetId, networkAclId } = port.subnet;
  const side = state.model.acl(networkAclId)[direction];
  const part = passing(state, side.allowed);
  const rest = remaining(state, part);
  const allowing = side.decisions.filter(
    ({ action, packets }) =>
      action === 'allow' && part !== undefined && passing(part, packets) !== undefined,
  );
  const hop = {
    kind: 'network-acl' as const,
    direction,
    id: networkAclId,
    subnetId,
    entries: allowing.map(({ entry }) => entry),
  };
  const refused = rest === undefined ? [] : side.decisions;
  return {
    part: part === undefined ? undefined : passed(part, hop),
    outcomes: refused.flatMap(({ action, entry, packets }) => {
      const denied = action === 'deny' && rest !== undefined ? passing(rest, packets) : undefined;
      if (denied === undefined) return [];
      const by = {
        component: 'network-acl',
        code: 'SUBNET_ACL_RESTRICTION',
        direction,
        networkAclId,
        subnetId,
        entry,
      } as const;
      return [ends(denied, { kind: 'blocked', way: state.way, by })];
    }),
  };
}
