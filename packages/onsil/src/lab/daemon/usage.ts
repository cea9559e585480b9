/** Which rules, entries and routes of a region the packets of its lab have used. */
import type { Region } from '../../region/region.ts';
import { readCounters } from '../fabric/counters.ts';
import { type Decider, labelOf } from '../fabric/label.ts';
import type { FabricPlan } from '../fabric/plan.ts';
import type { Count } from '../fabric/ruleset.ts';

export interface Usage extends Count {
  readonly decider: Extract<Decider, { kind: 'security-group' | 'network-acl' | 'route-table' }>;
  /** False where nothing in the lab asks it: nobody carries the group, or it is for IPv6. */
  readonly inForce: boolean;
}

/** Since `up`, of everything that a user has written: no local routes, no last entries. */
export function readUsage(region: Region, fabric: FabricPlan): readonly Usage[] {
  const routers = fabric.namespaces.filter(({ counters }) => counters.length > 0);
  // A group, an ACL or a table is of one VPC: its labels are in one router.
  return usageOf(region, new Map(routers.flatMap(({ name }) => [...readCounters(name)])));
}

export function usageOf(region: Region, counts: ReadonlyMap<string, Count>): readonly Usage[] {
  return writtenIn(region).map((decider) => {
    const count = counts.get(labelOf(decider));
    const { packets, bytes } = count ?? { packets: 0, bytes: 0 };
    return { decider, inForce: count !== undefined, packets, bytes };
  });
}

/**
 * What each took between two readings; those that took nothing are left out. One that had no
 * counter in the former reading is too: what it shows now may be of long before.
 */
export function usageSince(before: readonly Usage[], now: readonly Usage[]): readonly Usage[] {
  const former = new Map(before.map((each) => [JSON.stringify(each.decider), each]));
  return now.flatMap((each) => {
    const { inForce, packets, bytes } = former.get(JSON.stringify(each.decider)) ?? NEW;
    if (!inForce || each.packets <= packets) return [];
    return [{ ...each, packets: each.packets - packets, bytes: each.bytes - bytes }];
  });
}

/** A rule that was written in between counts from nothing. */
const NEW = { inForce: true, packets: 0, bytes: 0 };

function writtenIn(region: Region): readonly Usage['decider'][] {
  return [
    ...Object.values(region.securityGroups).flatMap((group) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        group[direction].map(({ id }) => ({
          ...({ kind: 'security-group', direction } as const),
          rule: { groupId: group.id, ruleId: id },
        })),
      ),
    ),
    ...Object.values(region.networkAcls).flatMap((acl) =>
      acl.entries.map(({ egress, number }) => ({
        ...({ kind: 'network-acl', direction: egress ? 'egress' : 'ingress' } as const),
        ...{ networkAclId: acl.id, entry: number },
      })),
    ),
    ...Object.values(region.routeTables).flatMap((table) =>
      table.routes
        .filter(({ target }) => target.kind !== 'local')
        .map(({ destination }) => ({
          ...({ kind: 'route-table', routeTableId: table.id } as const),
          destination,
        })),
    ),
  ];
}
