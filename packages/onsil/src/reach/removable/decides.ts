/**
 * Entries of network ACLs and routes that decide nothing: of no packet the first match, or the
 * longest one. Told from the table alone, whatever the machines.
 */
import type { Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import { type Model, natInstances } from '../model.ts';
import { isEmpty } from '../packet-set/packet-set.ts';
import { compileRoutes } from '../route-table.ts';
import type { Direction } from '../verdict.ts';
import { type Setting, without } from './setting.ts';

export type NeverDecides =
  /** Of a table or an ACL that no subnet has. */
  | 'UNUSED'
  /** Entries before it, or longer routes, match all that it matches. */
  | 'DECIDED_BEFORE';

export interface Undecided {
  readonly setting: Setting;
  readonly reason: NeverDecides;
}

/**
 * What a VPC brings with it (its default ACL, its main table, local routes) is not listed. Nor is
 * what is about a family or a prefix list that none of the models knows.
 * @param models of one region, each of a family
 */
export function undecided(models: readonly Model[]): readonly Undecided[] {
  const [first] = models;
  return first === undefined
    ? []
    : [...entriesOf(models, first.region), ...routesOf(models, first.region)];
}

function entriesOf(models: readonly Model[], region: Region): readonly Undecided[] {
  const used = new Set(Object.values(region.subnets).map(({ networkAclId }) => networkAclId));
  return Object.values(region.networkAcls).flatMap(({ id, isDefault, entries }) =>
    entries.flatMap(({ egress, number, cidr }): readonly Undecided[] => {
      const model = models.find(({ space }) => space.rangesOf(cidr).length > 0);
      if (model === undefined) return [];
      const direction: Direction = egress ? 'egress' : 'ingress';
      const setting = { kind: 'network-acl-entry', networkAclId: id, direction, number } as const;
      if (!used.has(id)) return isDefault ? [] : [{ setting, reason: 'UNUSED' }];
      const decision = model.acl(id)[direction].decisions.find(({ entry }) => entry === number);
      const decides = decision !== undefined && !isEmpty(decision.packets);
      return decides ? [] : [{ setting, reason: 'DECIDED_BEFORE' }];
    }),
  );
}

function routesOf(models: readonly Model[], region: Region): readonly Undecided[] {
  const used = new Set(Object.values(region.subnets).map(({ routeTableId }) => routeTableId));
  return Object.values(region.routeTables).flatMap(({ id, main, routes }) =>
    routes.flatMap((route): readonly Undecided[] => {
      if (route.target.kind === 'local') return [];
      const isKnown = models.some((model) => destinationsOf(model, route).length > 0);
      if (!isKnown) return [];
      const setting = { kind: 'route', routeTableId: id, route } as const;
      if (!used.has(id)) return main ? [] : [{ setting, reason: 'UNUSED' }];
      const rest = without(region, setting);
      const isSame = models.every((model) => {
        const after = compileRoutes({ ...model, region: rest }, id);
        return JSON.stringify(after) === JSON.stringify(model.routes(id));
      });
      // A default route is also what tells a NAT instance from another middlebox.
      const isSign = natInstances(rest).size < natInstances(region).size;
      return isSame && !isSign ? [{ setting, reason: 'DECIDED_BEFORE' }] : [];
    }),
  );
}

const destinationsOf = ({ space, listRanges }: Model, { destination }: Route) =>
  destination.includes('/') ? space.rangesOf(destination) : (listRanges(destination) ?? []);
