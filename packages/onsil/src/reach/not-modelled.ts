/**
 * What a template or an account has and the region has no state for. A verdict that depends on it names it and
 * is never "allowed", nor "blocked".
 */
import type { Stack } from '../cloudformation/stack.ts';
import type { Problem } from '../region/problem.ts';
import type { Direction } from './verdict.ts';

export type NotModelled =
  | {
      readonly kind: 'route';
      readonly routeTableId: string;
      /** An IPv4 block or the id of a prefix list. */
      readonly destination: string;
      /** As the user knows it: the logical id in the template, or the target. */
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

const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const EGRESS = 'AWS::EC2::SecurityGroupEgress';

/** Of a stack and its warnings. IPv6 routes are left out: the questions are about IPv4. */
export function notModelledOf(
  { resources }: Pick<Stack, 'resources'>,
  problems: readonly Problem[],
): readonly NotModelled[] {
  const recorded = Object.values(resources).filter(({ status }) => status === 'recorded');
  const routes = recorded.flatMap(({ type, logicalId, physicalId }): readonly NotModelled[] => {
    const [routeTableId = '', destination = ''] = physicalId.split('|');
    if (type !== 'AWS::EC2::Route' || destination.includes(':')) return [];
    return [{ kind: 'route', routeTableId, destination, resource: logicalId }];
  });
  const rules = recorded.flatMap(({ type, logicalId, dependsOn }): readonly NotModelled[] => {
    if (type !== INGRESS && type !== EGRESS) return [];
    const direction = type === INGRESS ? 'ingress' : 'egress';
    // The state does not say which of the groups that it names has the rule: then all of them.
    return dependsOn.flatMap((name): readonly NotModelled[] => {
      const group = resources[name];
      if (group?.type !== 'AWS::EC2::SecurityGroup') return [];
      return [
        {
          kind: 'security-group-rule',
          groupId: group.physicalId,
          direction,
          resource: logicalId,
        },
      ];
    });
  });
  const inline = problems.flatMap(({ path }): readonly NotModelled[] => {
    const [, logicalId = '', property] =
      /^Resources\.([^.]+)\.Properties\.SecurityGroup(Ingress|Egress)\b.*PrefixListId$/.exec(
        path,
      ) ?? [];
    const group = resources[logicalId];
    if (group === undefined || property === undefined) return [];
    const direction = property === 'Ingress' ? 'ingress' : 'egress';
    const { physicalId: groupId } = group;
    return [{ kind: 'security-group-rule', groupId, direction, resource: logicalId }];
  });
  return [...routes, ...rules, ...inline];
}
