/** What an interface's security groups and a subnet's ACL let pass, as steps of a path. */
import type { Port } from '../model.ts';
import { gate, rulesOf } from '../security-group.ts';
import type { Direction } from '../verdict.ts';
import { ends, type Outcome, type Part, passed, passing, remaining, type State } from './state.ts';

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
  if (state.way === 'return') return { part: state, outcomes: [] };
  const { model } = state;
  const { id, networkInterface } = port;
  const groupIds = networkInterface.securityGroupIds;
  const part = passing(state, gate(model.region, groupIds, direction, peer));
  const rest = remaining(state, part);
  const rules = part === undefined ? [] : rulesOf(model.region, groupIds, direction, peer);
  const matched = rules.filter(
    ({ packets }) => part !== undefined && passing(part, packets) !== undefined,
  );
  const hop = {
    kind: 'security-group' as const,
    direction,
    networkInterfaceId: id,
    rules: matched.map(({ groupId, ruleId }) => ({ groupId, ruleId })),
  };
  return {
    part: part === undefined ? undefined : passed(part, hop),
    outcomes: rest === undefined ? [] : [refusedByGroups(rest, port, direction, peer)],
  };
}

function refusedByGroups(
  state: State,
  { id, networkInterface }: Port,
  direction: Direction,
  peer: Port | undefined,
): Outcome {
  const { region, notModelled } = state.model;
  const groupIds = networkInterface.securityGroupIds;
  const unknown = notModelled.find(
    (each) =>
      (each.kind === 'security-group-rule' &&
        each.direction === direction &&
        groupIds.includes(each.groupId)) ||
      (each.kind === 'network-interface' && each.networkInterfaceId === id),
  );
  const { way } = state;
  if (unknown !== undefined) {
    return ends(state, { kind: 'not-modelled', way, resource: unknown.resource });
  }
  const none = groupIds.every((each) => region.securityGroups[each]?.[direction].length === 0);
  return ends(state, {
    kind: 'blocked',
    way,
    by: {
      component: 'security-group',
      code: none ? 'SG_HAS_NO_RULES' : 'ENI_SG_RULES_MISMATCH',
      direction,
      networkInterfaceId: id,
      groupIds,
      ...(peer === undefined ? {} : { peerInterfaceId: peer.id }),
    },
  });
}

/** Asked both ways: an ACL knows no conversations. */
export function askAcl(state: State, port: Port, direction: Direction): Filtered {
  const { id: subnetId, networkAclId } = port.subnet;
  const unknown = state.model.notModelled.find(
    (each) => each.kind === 'network-acl' && each.networkAclId === networkAclId,
  );
  if (unknown !== undefined) {
    const { resource } = unknown;
    const outcome = ends(state, { kind: 'not-modelled', way: state.way, resource });
    return { part: undefined, outcomes: [outcome] };
  }
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
