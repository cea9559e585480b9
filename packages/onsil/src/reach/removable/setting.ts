/** Settings of a region that can be taken away one by one, and the region without them. */
import { put, type Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import type { Direction } from '../verdict.ts';

export type Setting =
  | {
      readonly kind: 'security-group-rule';
      readonly groupId: string;
      readonly direction: Direction;
      readonly rule: SecurityGroupRule;
    }
  | {
      readonly kind: 'network-acl-entry';
      readonly networkAclId: string;
      readonly direction: Direction;
      readonly number: number;
    }
  | { readonly kind: 'route'; readonly routeTableId: string; readonly route: Route };

export type RuleSetting = Setting & { readonly kind: 'security-group-rule' };

/** Throws RangeError where the region has no such group, ACL or table. */
export function without(region: Region, setting: Setting): Region {
  switch (setting.kind) {
    case 'security-group-rule': {
      const { groupId, direction, rule } = setting;
      const group = known(region.securityGroups[groupId], groupId);
      // Of equal rules one only.
      const at = group[direction].findIndex(({ id }) => id === rule.id);
      const rules = group[direction].filter((_, index) => index !== at);
      return put(region, 'securityGroups', groupId, { ...group, [direction]: rules });
    }
    case 'network-acl-entry': {
      const { networkAclId, direction, number } = setting;
      const acl = known(region.networkAcls[networkAclId], networkAclId);
      const entries = acl.entries.filter(
        (each) => each.number !== number || each.egress !== (direction === 'egress'),
      );
      return put(region, 'networkAcls', networkAclId, { ...acl, entries });
    }
    case 'route': {
      const { routeTableId, route } = setting;
      const table = known(region.routeTables[routeTableId], routeTableId);
      const routes = table.routes.filter(({ destination }) => destination !== route.destination);
      return put(region, 'routeTables', routeTableId, { ...table, routes });
    }
  }
}

export const withoutAll = (region: Region, settings: readonly Setting[]): Region =>
  settings.reduce(without, region);

function known<T>(thing: T | undefined, id: string): T {
  if (thing === undefined) throw new RangeError(`The region has no ${id}.`);
  return thing;
}
