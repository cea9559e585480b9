/**
 * What a route table decided about a packet. Linux's routes have no counters, so each route of a
 * VPC's tables carries a realm (ip-route(8)), a number that the kernel notes on the packets which
 * take the route, and nftables counts by it.
 */
import { parseBlock } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import type { RouteTable } from '../../region/route-table.ts';
import { type Decider, labelOf } from './label.ts';
import { stableNumbers } from './names.ts';
import { type Chain, counterElement, decide, type Lookup, type Ruleset, rule } from './ruleset.ts';

/** The realm of each route of a VPC's tables, by the route's label. */
export type Realms = ReadonlyMap<string, number>;

/** A realm has 16 bits; 0 is no realm. */
const REALMS = 2 ** 16 - 1;

/** The half of a packet's realms that its destination's route gave; the other is its source's. */
const REALM = 'rt classid & 0xffff';

/** Throws FabricError for more routes than there are realms. */
export function realmsOf(region: Region, vpcId: string): Realms {
  const labels = tablesOf(region, vpcId).flatMap((table) => routesOf(table).map(labelOf));
  const numbers = stableNumbers(labels, REALMS);
  return new Map([...numbers].map(([label, number]) => [label, number + 1]));
}

/** The words of `ip route` that give a route its realm. Without a destination: no route. */
export function realmWords(realms: Realms, routeTableId: string, destination?: string): string {
  return `realm ${realms.get(labelOf(routed(routeTableId, destination)))}`;
}

/**
 * A chain `route-table-<table>` for each table: it counts the packet at its route and drops what
 * the table sent to `lo` itself. What the local route takes has no realm: `throw` leads on to the
 * main table, which knows every private address of the VPC.
 */
export function planRouteDecisions(region: Region, vpcId: string, realms: Realms): Ruleset {
  const tables = tablesOf(region, vpcId).map((table) => planTable(table, realms));
  return {
    lookups: tables.flatMap(({ lookups }) => lookups),
    chains: tables.flatMap(({ chains }) => chains),
    counters: tables.flatMap(({ counters = [] }) => counters),
  };
}

function planTable(table: RouteTable, realms: Realms): Ruleset {
  const local = labelOf(routed(table.id, 'local'));
  const routes = routesOf(table).map((by) => {
    const realm = realms.get(labelOf(by)) ?? 0;
    return { by, realm, chain: `blackhole-${table.id}-${realm}` };
  });
  const lookups: readonly Lookup[] = [
    {
      name: `routes-${table.id}`,
      type: 'realm : counter',
      elements: [
        counterElement('0', local),
        ...routes.map(({ by, realm }) => counterElement(String(realm), labelOf(by))),
      ],
    },
    {
      name: `blackholes-${table.id}`,
      type: 'realm : verdict',
      elements: routes.map(({ realm, chain }) => `${realm} : goto ${chain}`),
    },
  ];
  const chains: readonly Chain[] = [
    {
      name: `route-table-${table.id}`,
      rules: [
        rule(`${REALM} vmap @blackholes-${table.id}`, 'oifname "lo"'),
        rule(`counter name ${REALM} map @routes-${table.id}`),
      ],
    },
    ...routes.map(({ by, chain }) => ({ name: chain, rules: [decide(by, 'drop')] })),
  ];
  return { lookups, chains, counters: [local] };
}

/** All routes of a table but the local ones, and, last, that there is none. */
function routesOf(table: RouteTable): readonly Decider[] {
  return [
    ...table.routes
      .filter(({ destination, target }) => target.kind !== 'local' && parseBlock(destination))
      .map(({ destination }) => routed(table.id, destination)),
    routed(table.id),
  ];
}

function routed(routeTableId: string, destination?: string): Decider {
  return {
    kind: 'route-table',
    routeTableId,
    ...(destination === undefined ? {} : { destination }),
  };
}

function tablesOf(region: Region, vpcId: string): readonly RouteTable[] {
  return Object.values(region.routeTables).filter((table) => table.vpcId === vpcId);
}
