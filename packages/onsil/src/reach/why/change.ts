/** Changes to a region that would let packets through, and how to make them on a copy. */
import type { NetworkAclEntry } from '../../region/network-acl.ts';
import { put, type Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import type { Direction } from '../verdict.ts';

export type Change =
  | {
      readonly kind: 'add-security-group-rule';
      readonly groupId: string;
      readonly direction: Direction;
      readonly rule: SecurityGroupRule;
    }
  | {
      readonly kind: 'add-network-acl-entry';
      readonly networkAclId: string;
      readonly entry: NetworkAclEntry;
    }
  /** In the place of the route to the same destination, where there is one. */
  | { readonly kind: 'set-route'; readonly routeTableId: string; readonly route: Route }
  | {
      readonly kind: 'associate-public-address';
      readonly networkInterfaceId: string;
      readonly publicIp: string;
    }
  | { readonly kind: 'accept-peering'; readonly vpcPeeringConnectionId: string }
  | { readonly kind: 'switch-off-source-dest-check'; readonly networkInterfaceId: string }
  | {
      readonly kind: 'attach-internet-gateway';
      readonly vpcId: string;
      readonly internetGatewayId: string;
    };

/** The region with the change made. Throws RangeError where it has nothing of that id. */
export function apply(region: Region, change: Change): Region {
  switch (change.kind) {
    case 'add-security-group-rule': {
      const { groupId, direction, rule } = change;
      const group = known(region.securityGroups[groupId], groupId);
      const rules = [...group[direction], rule];
      return put(region, 'securityGroups', groupId, { ...group, [direction]: rules });
    }
    case 'add-network-acl-entry': {
      const { networkAclId, entry } = change;
      const acl = known(region.networkAcls[networkAclId], networkAclId);
      const others = acl.entries.filter(
        ({ number, egress }) => number !== entry.number || egress !== entry.egress,
      );
      const entries = [...others, entry].toSorted(
        (a, b) => Number(a.egress) - Number(b.egress) || a.number - b.number,
      );
      return put(region, 'networkAcls', networkAclId, { ...acl, entries });
    }
    case 'set-route': {
      const { routeTableId, route } = change;
      const table = known(region.routeTables[routeTableId], routeTableId);
      const others = table.routes.filter(({ destination }) => destination !== route.destination);
      const next = { ...table, routes: [...others, route] };
      return put(region, 'routeTables', routeTableId, next);
    }
    case 'associate-public-address': {
      const { networkInterfaceId, publicIp } = change;
      const found = known(region.networkInterfaces[networkInterfaceId], networkInterfaceId);
      return put(region, 'networkInterfaces', networkInterfaceId, { ...found, publicIp });
    }
    case 'accept-peering': {
      const { vpcPeeringConnectionId: id } = change;
      const found = known(region.vpcPeeringConnections[id], id);
      return put(region, 'vpcPeeringConnections', id, { ...found, active: true });
    }
    case 'switch-off-source-dest-check': {
      const { networkInterfaceId: id } = change;
      const found = known(region.networkInterfaces[id], id);
      return put(region, 'networkInterfaces', id, { ...found, sourceDestCheck: false });
    }
    case 'attach-internet-gateway': {
      const { internetGatewayId: id, vpcId } = change;
      const gateway = region.internetGateways[id] ?? { id, tags: {} };
      return put(region, 'internetGateways', id, { ...gateway, vpcId });
    }
  }
}

function known<T>(thing: T | undefined, id: string): T {
  if (thing === undefined) throw new RangeError(`The region has no ${id}.`);
  return thing;
}
