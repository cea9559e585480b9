/**
 * Route tables: the longest prefix decides, and a blackhole drops what it matches without a
 * second look at shorter prefixes.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
 */
import { parseBlock } from '../region/ipv4.ts';
import type { Region } from '../region/region.ts';
import type { Route, RouteTable } from '../region/route-table.ts';
import { commonRanges, EVERYWHERE, rangeOf, withoutRanges } from './addresses.ts';
import type { NotModelled } from './not-modelled.ts';
import type { Range } from './packet-set/packet-set.ts';

/** What becomes of what a route matches. A further kind of hop is a further kind of target. */
export type CompiledTarget =
  | { readonly kind: 'local'; readonly route: Route }
  | { readonly kind: 'internet-gateway'; readonly route: Route }
  | { readonly kind: 'network-interface'; readonly route: Route; readonly id: string }
  | { readonly kind: 'blackhole'; readonly route: Route }
  | { readonly kind: 'not-modelled'; readonly resource: string }
  | { readonly kind: 'no-route' };

/** The destinations that one route decides. */
export interface CompiledRoute {
  readonly destinations: readonly Range[];
  readonly target: CompiledTarget;
}

interface Candidate {
  readonly range: Range;
  readonly prefix: number;
  readonly target: CompiledTarget;
}

/** Disjoint, together every address. */
export function compileRoutes(
  region: Region,
  notModelled: readonly NotModelled[],
  routeTableId: string,
): readonly CompiledRoute[] {
  const table = region.routeTables[routeTableId];
  const known = (table?.routes ?? []).flatMap((route): readonly Candidate[] => {
    const block = parseBlock(route.destination);
    if (block === undefined) return [];
    const target = targetOf(region, table, route);
    return [{ range: rangeOf(route.destination), prefix: block.prefix, target }];
  });
  const unknown = notModelled.flatMap((each): readonly Candidate[] =>
    each.kind === 'route' && each.routeTableId === routeTableId ? [candidateOf(each)] : [],
  );
  // Stable: of equal prefixes (AWS allows none) the one that is not modelled comes first.
  const candidates = [...unknown, ...known].toSorted(
    (a, b) => b.prefix - a.prefix || a.range.first - b.range.first,
  );
  const result: CompiledRoute[] = [];
  let left: readonly Range[] = [EVERYWHERE];
  for (const { range, target } of candidates) {
    const destinations = commonRanges(left, [range]);
    if (destinations.length > 0) result.push({ destinations, target });
    left = withoutRanges(left, [range]);
  }
  if (left.length > 0) result.push({ destinations: left, target: { kind: 'no-route' } });
  return result;
}

function candidateOf({
  destination,
  resource,
}: NotModelled & { readonly kind: 'route' }): Candidate {
  const target = { kind: 'not-modelled', resource } as const;
  const block = parseBlock(destination);
  // Of a prefix list the entries are not known. They lie outside the VPC, and may be narrower
  // than any other route to there: whatever a wider route than the local one takes is open.
  return block === undefined
    ? { range: EVERYWHERE, prefix: 15.5, target }
    : { range: rangeOf(destination), prefix: block.prefix, target };
}

function targetOf(region: Region, table: RouteTable | undefined, route: Route): CompiledTarget {
  const { target } = route;
  if (route.blackhole === true) return { kind: 'blackhole', route };
  switch (target.kind) {
    case 'local':
      return { kind: 'local', route };
    case 'internet-gateway': {
      const attached = region.internetGateways[target.id]?.vpcId;
      const live = attached !== undefined && attached === table?.vpcId;
      return { kind: live ? 'internet-gateway' : 'blackhole', route };
    }
    case 'network-interface': {
      const found = region.networkInterfaces[target.id];
      const live = found?.attachment !== undefined && found.vpcId === table?.vpcId;
      return live
        ? { kind: 'network-interface', route, id: target.id }
        : { kind: 'blackhole', route };
    }
    case 'nat-gateway':
    case 'vpc-peering-connection':
    case 'vpc-endpoint':
    case 'egress-only-internet-gateway':
    case 'not-modelled':
      return { kind: 'not-modelled', resource: target.id };
  }
}
