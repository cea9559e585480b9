/**
 * What an account has and the region has no state for, beside route targets and prefix lists,
 * which the region itself names. A verdict that depends on it names it and is never "allowed",
 * nor "blocked".
 */
import type { Model } from './model.ts';
import { ends, type Outcome, type State } from './trace/state.ts';
import type { Direction } from './verdict.ts';

export type NotModelled =
  | {
      readonly kind: 'route';
      readonly routeTableId: string;
      /** A block or the id of a prefix list. */
      readonly destination: string;
      /** As the user knows it. */
      readonly resource: string;
    }
  | {
      readonly kind: 'security-group-rule';
      readonly groupId: string;
      readonly direction: Direction;
      readonly resource: string;
    }
  /** What passes the edge of a VPC. */
  | { readonly kind: 'internet-gateway'; readonly vpcId: string; readonly resource: string }
  /** What passes the edge of its subnets. */
  | { readonly kind: 'network-acl'; readonly networkAclId: string; readonly resource: string }
  /** What passes an interface: its groups are not known. */
  | {
      readonly kind: 'network-interface';
      readonly networkInterfaceId: string;
      readonly resource: string;
    };

/** What is not modelled at the edge of a VPC. */
export function atEdge({ notModelled }: Model, vpcId: string): NotModelled | undefined {
  return notModelled.find((each) => each.kind === 'internet-gateway' && each.vpcId === vpcId);
}

export function atAcl({ notModelled }: Model, networkAclId: string): NotModelled | undefined {
  return notModelled.find(
    (each) => each.kind === 'network-acl' && each.networkAclId === networkAclId,
  );
}

/** What may allow anything that the known rules of an interface's groups do not. */
export function atGroups(
  { notModelled }: Model,
  networkInterfaceId: string,
  groupIds: readonly string[],
  direction: Direction,
): NotModelled | undefined {
  return notModelled.find(
    (each) =>
      (each.kind === 'security-group-rule' &&
        each.direction === direction &&
        groupIds.includes(each.groupId)) ||
      (each.kind === 'network-interface' && each.networkInterfaceId === networkInterfaceId),
  );
}

/** The end of packets that come there. */
export function isOpen(state: State, { resource }: NotModelled): Outcome {
  return ends(state, { kind: 'not-modelled', way: state.way, resource });
}
