/**
 * Prefix lists as what they hold: elements of a set in rules, one Linux route per entry in tables.
 * https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
 */
import { parseBlock } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTable } from '../../region/route-table.ts';
import { AWS_S3 } from '../addresses.ts';
import type { Lookup } from './ruleset.ts';

/** Of AWS's own lists, those of gateway endpoints whose service the lab runs. */
export function isServedList(region: Region, name: string): boolean {
  return name === `com.amazonaws.${region.name}.s3`;
}

/**
 * The IPv4 blocks of a list. A service that the lab runs is at the lab's own address, whatever
 * its addresses on AWS are; a list whose entries are not known is empty here.
 */
export function prefixListEntries(region: Region, id: string): readonly string[] {
  const list = region.prefixLists[id];
  if (list === undefined || list.family === 'ipv6') return [];
  return isServedList(region, list.name) ? [`${AWS_S3}/32`] : (list.entries ?? []);
}

export function prefixListSet(region: Region, id: string): Lookup {
  return {
    name: `prefix-list-${id}`,
    type: 'ipv4_addr',
    interval: true,
    elements: prefixListEntries(region, id),
  };
}

export interface BlockRoute extends Route {
  /** The destination as it stands in the table: the block itself, or the id of the list. */
  readonly written: string;
}

/**
 * The IPv4 routes of a table, each with a block. A static route goes before an entry of a list
 * with the same block, whichever stands first.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
 */
export function blockRoutes(region: Region, table: RouteTable): readonly BlockRoute[] {
  const statics = table.routes
    .filter(({ destination }) => parseBlock(destination) !== undefined)
    .map((route): BlockRoute => ({ ...route, written: route.destination }));
  const listed = table.routes.flatMap((route) =>
    prefixListEntries(region, route.destination).map(
      (destination): BlockRoute => ({ ...route, destination, written: route.destination }),
    ),
  );
  const routes = new Map<string, BlockRoute>();
  for (const route of [...statics, ...listed]) {
    if (!routes.has(route.destination)) routes.set(route.destination, route);
  }
  return [...routes.values()];
}
