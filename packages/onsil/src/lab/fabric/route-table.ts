/**
 * VPC route tables as Linux's. What no route takes is dropped without a word: the VPC's router
 * sends no ICMP unreachable.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 */
import { contains, overlaps } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTable } from '../../region/route-table.ts';
import { stableNumbers } from './names.ts';
import type { Setting } from './plan.ts';
import { blockRoutes } from './prefix-list.ts';
import type { Ways } from './route-target.ts';

/** The lab's own link addresses: the router's end and the Internet's end of each uplink. */
export const UPLINK_ADDRESSES = { router: '169.254.1.2', internet: '169.254.1.1' } as const;

/** Below: the kernel's own tables and the router's table of link-local services. */
const FIRST_NUMBER = 1000;

/** A live route wins over the blackhole of the same destination, and that over the last one. */
const METRIC = { live: 100, blackhole: 1000, noRoute: 2000 } as const;

/** The kernel's number of each route table of the region. */
export function routeTableNumbers(region: Region): ReadonlyMap<string, number> {
  const numbers = stableNumbers(Object.keys(region.routeTables), 2 ** 30);
  return new Map([...numbers].map(([id, number]) => [id, FIRST_NUMBER + number]));
}

/**
 * The routes of a table that stay whatever machines come and go. A route to a network interface
 * is only a blackhole here: while the interface's machine runs, its live route covers that; once
 * it is gone, the packet is dropped rather than taken by a shorter prefix.
 */
export function planRouteTable(
  region: Region,
  table: RouteTable,
  number: number,
  ways: Ways,
): readonly Setting[] {
  return [
    ...blockRoutes(region, table).map((route) => staticRoute(route, number, ways)),
    setting(`blackhole default table ${number} metric ${METRIC.noRoute}`),
  ];
}

function staticRoute(
  { destination, target, blackhole }: Route,
  number: number,
  ways: Ways,
): Setting {
  // To the main table, which knows every private address of the VPC.
  if (target.kind === 'local') return setting(`throw ${destination} table ${number}`);
  const way = blackhole === true ? undefined : ways.get(target.id);
  return way === undefined
    ? setting(`blackhole ${destination} table ${number} metric ${METRIC.blackhole}`)
    : setting(`${destination} ${way} table ${number} metric ${METRIC.live}`);
}

/** The routes that lead to one interface, by its address and its link in the router. */
export function liveRoutes(
  region: Region,
  networkInterfaceId: string,
  address: string,
  link: string,
  numbers: ReadonlyMap<string, number>,
): readonly Setting[] {
  const vpcId = region.networkInterfaces[networkInterfaceId]?.vpcId;
  return Object.values(region.routeTables)
    .filter((table) => table.vpcId === vpcId)
    .flatMap((table) =>
      blockRoutes(region, table)
        .filter(
          ({ target, blackhole }) =>
            target.kind === 'network-interface' &&
            target.id === networkInterfaceId &&
            blackhole !== true,
        )
        .map(({ destination }) =>
          setting(
            `${destination} via ${address} dev ${link} onlink ` +
              `table ${numbers.get(table.id)} metric ${METRIC.live}`,
          ),
        ),
    );
}

/**
 * Whether a table sends parts of the subnet's own block elsewhere. Neighbours in a subnet never
 * ask a route table, so such a subnet needs a rule of its own.
 */
export function divertsSubnet(
  routes: readonly Route[],
  vpcCidrs: readonly string[],
  cidr: string,
): boolean {
  return routes.some(
    ({ destination, target }) =>
      target.kind !== 'local' &&
      overlaps(destination, cidr) &&
      vpcCidrs.some((block) => contains(block, destination)),
  );
}

function setting(words: string): Setting {
  return { object: 'route', arguments: words };
}
