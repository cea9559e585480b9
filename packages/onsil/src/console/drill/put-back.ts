/** What a drill took away, and how it comes back: the very thing, in the very place. */
import { put, type Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';

/** A route or a rule with its place among its neighbours. */
export type Taken =
  | {
      readonly kind: 'route';
      readonly routeTableId: string;
      readonly route: Route;
      readonly place: number;
    }
  | {
      readonly kind: 'rule';
      readonly groupId: string;
      readonly direction: 'ingress' | 'egress';
      readonly rule: SecurityGroupRule;
      readonly place: number;
    };

/** Undefined where there is no such route, or where it cannot be cut: a local one. */
export function takeRoute(
  region: Region,
  routeTableId: string,
  destination: string,
): Taken | undefined {
  const routes = region.routeTables[routeTableId]?.routes ?? [];
  const place = routes.findIndex((each) => each.destination === destination);
  const route = routes[place];
  if (route === undefined || route.target.kind === 'local') return undefined;
  return { kind: 'route', routeTableId, route, place };
}

/** Undefined where there is no such rule. */
export function takeRule(
  region: Region,
  groupId: string,
  direction: 'ingress' | 'egress',
  ruleId: string,
): Taken | undefined {
  const rules = region.securityGroups[groupId]?.[direction] ?? [];
  const place = rules.findIndex(({ id }) => id === ruleId);
  const rule = rules[place];
  return rule === undefined ? undefined : { kind: 'rule', groupId, direction, rule, place };
}

/**
 * The region with it again. Where its table or group is gone, or where somebody has put another in
 * its place meanwhile, it stays as it is.
 */
export function putBack(region: Region, taken: Taken): Region {
  if (taken.kind === 'route') {
    const table = region.routeTables[taken.routeTableId];
    const isThere = table?.routes.some(
      ({ destination }) => destination === taken.route.destination,
    );
    if (table === undefined || isThere === true) return region;
    const routes = table.routes.toSpliced(taken.place, 0, taken.route);
    return put(region, 'routeTables', table.id, { ...table, routes });
  }
  const group = region.securityGroups[taken.groupId];
  if (group === undefined || group[taken.direction].some(({ id }) => id === taken.rule.id)) {
    return region;
  }
  const rules = group[taken.direction].toSpliced(taken.place, 0, taken.rule);
  return put(region, 'securityGroups', group.id, { ...group, [taken.direction]: rules });
}
