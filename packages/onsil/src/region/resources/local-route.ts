/**
 * Every block of a VPC is a local route of each of its tables.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
 */
import { put, type Region } from '../region.ts';
import type { Route } from '../route-table.ts';
import type { Vpc } from '../vpc.ts';

/** What a new table of the VPC begins with. */
export function localRoutesOf({ cidrs, ipv6Cidrs }: Vpc): readonly Route[] {
  return [...cidrs, ...ipv6Cidrs].map((destination) => ({
    destination,
    target: { kind: 'local' },
  }));
}

/** The region with the local route of one more block in each table of the VPC. */
export function withLocalRoute(region: Region, vpcId: string, destination: string): Region {
  const route: Route = { destination, target: { kind: 'local' } };
  const tables = Object.values(region.routeTables).filter((table) => table.vpcId === vpcId);
  return tables.reduce((next, table) => {
    const local = table.routes.filter(({ target }) => target.kind === 'local');
    const others = table.routes.filter(({ target }) => target.kind !== 'local');
    return put(next, 'routeTables', table.id, { ...table, routes: [...local, route, ...others] });
  }, region);
}
