/**
 * VPC route tables as Linux's. What no route takes, or one whose target is gone, goes to `lo` and
 * is dropped there by name (see route-decision.ts), without a word: the VPC's router sends no ICMP
 * unreachable.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 */
import { contains, overlaps, parseBlock } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTable } from '../../region/route-table.ts';
import { isAttached } from './internet-gateway.ts';
import { stableNumbers, UPLINK } from './names.ts';
import type { Setting } from './plan.ts';
import { type Realms, realmWords } from './route-decision.ts';

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
 * is only a blackhole here (to `lo`): while the interface's machine runs, its live route covers
 * that; once it is gone, the packet is dropped rather than taken by a shorter prefix.
 */
export function planRouteTable(
  region: Region,
  table: RouteTable,
  number: number,
  realms: Realms,
): readonly Setting[] {
  return [
    ...table.routes
      .filter(({ destination }) => parseBlock(destination) !== undefined)
      .map((route) => staticRoute(region, table, route, number, realms)),
    setting(
      `default dev lo table ${number} metric ${METRIC.noRoute} ${realmWords(realms, table.id)}`,
    ),
  ];
}

function staticRoute(
  region: Region,
  table: RouteTable,
  route: Route,
  number: number,
  realms: Realms,
): Setting {
  const { destination, target } = route;
  // To the main table, which knows every private address of the VPC.
  if (target.kind === 'local') return setting(`throw ${destination} table ${number}`);
  const attached =
    target.kind === 'internet-gateway' &&
    isAttached(region, table.vpcId) &&
    region.internetGateways[target.id]?.vpcId === table.vpcId;
  const realm = realmWords(realms, table.id, destination);
  return attached
    ? setting(
        `${destination} via ${UPLINK_ADDRESSES.internet} dev ${UPLINK} onlink ` +
          `table ${number} metric ${METRIC.live} ${realm}`,
      )
    : setting(`${destination} dev lo table ${number} metric ${METRIC.blackhole} ${realm}`);
}

/** The routes that lead to one interface, by its address and its link in the router. */
export function liveRoutes(
  region: Region,
  networkInterfaceId: string,
  address: string,
  link: string,
  numbers: ReadonlyMap<string, number>,
  realms: Realms,
): readonly Setting[] {
  const vpcId = region.networkInterfaces[networkInterfaceId]?.vpcId;
  return Object.values(region.routeTables)
    .filter((table) => table.vpcId === vpcId)
    .flatMap((table) =>
      table.routes
        .filter(
          ({ target }) => target.kind === 'network-interface' && target.id === networkInterfaceId,
        )
        .map(({ destination }) =>
          setting(
            `${destination} via ${address} dev ${link} onlink ` +
              `table ${numbers.get(table.id)} metric ${METRIC.live} ` +
              realmWords(realms, table.id, destination),
          ),
        ),
    );
}

/**
 * Whether a table sends parts of the subnet's own block elsewhere. Neighbours in a subnet never
 * ask a route table, so such a subnet needs a rule of its own.
 */
export function divertsSubnet(
  table: RouteTable,
  vpcCidrs: readonly string[],
  cidr: string,
): boolean {
  return table.routes.some(
    ({ destination, target }) =>
      target.kind !== 'local' &&
      overlaps(destination, cidr) &&
      vpcCidrs.some((block) => contains(block, destination)),
  );
}

function setting(words: string): Setting {
  return { object: 'route', arguments: words };
}
