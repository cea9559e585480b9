/**
 * Route tables: the longest prefix decides; of equal ones a static route before a prefix list's;
 * and a blackhole drops what it matches without a second look at shorter prefixes.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
 */
import { parseBlock } from '../region/ipv4.ts';
import { parseBlock6 } from '../region/ipv6.ts';
import type { Region } from '../region/region.ts';
import type { Route, RouteTable } from '../region/route-table.ts';
import type { AddressSpace } from './address-space.ts';
import { commonRanges, EVERYWHERE, withoutRanges } from './addresses.ts';
import type { NotModelled } from './not-modelled.ts';
import type { Range } from './packet-set/packet-set.ts';

/** What becomes of what a route matches. A further kind of hop is a further kind of target. */
export type CompiledTarget =
  | { readonly kind: 'local'; readonly route: Route }
  | { readonly kind: 'internet-gateway'; readonly route: Route }
  | { readonly kind: 'egress-only-internet-gateway'; readonly route: Route; readonly id: string }
  | { readonly kind: 'network-interface'; readonly route: Route; readonly id: string }
  /** By its interface. */
  | { readonly kind: 'nat-gateway'; readonly route: Route; readonly id: string }
  | {
      readonly kind: 'vpc-peering-connection';
      readonly route: Route;
      readonly id: string;
      readonly peerVpcId: string;
    }
  | { readonly kind: 'vpc-endpoint'; readonly route: Route; readonly id: string }
  | { readonly kind: 'blackhole'; readonly route: Route }
  /** Routes of prefix lists that overlap: AWS chooses one at random. */
  | { readonly kind: 'ambiguous'; readonly routes: readonly Route[] }
  | { readonly kind: 'not-modelled'; readonly resource: string }
  | { readonly kind: 'no-route' };

/** What a live route leads to. */
export type RoutedTarget = Exclude<
  CompiledTarget,
  { readonly kind: 'blackhole' | 'ambiguous' | 'not-modelled' | 'no-route' }
>;

/** The destinations that one route decides. */
export interface CompiledRoute {
  readonly destinations: readonly Range[];
  readonly target: CompiledTarget;
}

export interface RouteContext {
  readonly region: Region;
  readonly space: AddressSpace;
  readonly notModelled: readonly NotModelled[];
  listRanges(prefixListId: string): readonly Range[] | undefined;
}

interface Candidate {
  readonly range: Range;
  readonly prefix: number;
  readonly route: Route;
  readonly target: CompiledTarget;
  /** Whether the route is a prefix list's. */
  readonly listed: boolean;
}

/** Narrower than no block of a VPC, wider than any default route. */
const UNKNOWN_PREFIX = 15.5;

/** Disjoint, together every address. */
export function compileRoutes(
  context: RouteContext,
  routeTableId: string,
): readonly CompiledRoute[] {
  const table = context.region.routeTables[routeTableId];
  const unknown = context.notModelled.flatMap((each): readonly Route[] => {
    if (each.kind !== 'route' || each.routeTableId !== routeTableId) return [];
    const { destination, resource } = each;
    return [{ destination, target: { kind: 'not-modelled', id: resource } }];
  });
  // Stable: of equal prefixes (AWS allows none) the one that is not modelled comes first.
  const candidates = [...unknown, ...(table?.routes ?? [])]
    .flatMap((route) => candidatesOf(context, table, route))
    .toSorted(
      (a, b) =>
        b.prefix - a.prefix || Number(a.listed) - Number(b.listed) || a.range.first - b.range.first,
    );
  const result: CompiledRoute[] = [];
  let left: readonly Range[] = [EVERYWHERE];
  for (const candidate of candidates) {
    const destinations = commonRanges(left, [candidate.range]);
    if (destinations.length > 0) result.push(...decided(candidates, candidate, destinations));
    left = withoutRanges(left, [candidate.range]);
  }
  if (left.length > 0) result.push({ destinations: left, target: { kind: 'no-route' } });
  return result;
}

/** Where another list has the addresses too and leads elsewhere, nobody can say which one wins. */
function decided(
  candidates: readonly Candidate[],
  winner: Candidate,
  destinations: readonly Range[],
): readonly CompiledRoute[] {
  const rivals = candidates.filter(
    ({ listed, route }) => listed && winner.listed && !equal(route.target, winner.route.target),
  );
  let left = destinations;
  const open: CompiledRoute[] = [];
  for (const { range, route } of rivals) {
    const common = commonRanges(left, [range]);
    if (common.length === 0) continue;
    const routes = [winner.route, route].toSorted((a, b) =>
      a.destination < b.destination ? -1 : 1,
    );
    open.push({ destinations: common, target: { kind: 'ambiguous', routes } });
    left = withoutRanges(left, common);
  }
  return left.length === 0 ? open : [...open, { destinations: left, target: winner.target }];
}

const equal = (a: Route['target'], b: Route['target']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function candidatesOf(
  { region, space, listRanges }: RouteContext,
  table: RouteTable | undefined,
  route: Route,
): readonly Candidate[] {
  const target = targetOf(region, space, table, route);
  const { destination } = route;
  if (destination.includes('/')) {
    return space.rangesOf(destination).map((range) => ({
      ...{ range, route, target, listed: false, prefix: prefixOf(destination) },
    }));
  }
  const list = region.prefixLists[destination];
  // Nobody knows its entries. They lie outside the VPC, and may be narrower than any other route
  // to there: whatever a wider route than the local one takes is open.
  if (list === undefined) {
    const unknown = { kind: 'not-modelled', resource: destination } as const;
    return [{ range: EVERYWHERE, prefix: UNKNOWN_PREFIX, route, target: unknown, listed: false }];
  }
  if (list.entries === undefined) {
    return (listRanges(destination) ?? []).map((range) => ({
      ...{ range, route, target, listed: true, prefix: UNKNOWN_PREFIX },
    }));
  }
  return list.entries.flatMap((entry) =>
    space.rangesOf(entry).map((range) => ({
      ...{ range, route, target, listed: true, prefix: prefixOf(entry) },
    })),
  );
}

const prefixOf = (text: string): number => (parseBlock(text) ?? parseBlock6(text))?.prefix ?? 0;

function targetOf(
  region: Region,
  space: AddressSpace,
  table: RouteTable | undefined,
  route: Route,
): CompiledTarget {
  const { target } = route;
  const blackhole = { kind: 'blackhole', route } as const;
  const isHere = (vpcId: string | undefined): boolean =>
    vpcId !== undefined && vpcId === table?.vpcId;
  if (route.blackhole === true) return blackhole;
  switch (target.kind) {
    case 'local':
      return { kind: 'local', route };
    case 'internet-gateway': {
      const live = isHere(region.internetGateways[target.id]?.vpcId);
      return live ? { kind: 'internet-gateway', route } : blackhole;
    }
    case 'egress-only-internet-gateway': {
      const live = isHere(region.egressOnlyInternetGateways[target.id]?.vpcId);
      return live && space.family === 'ipv6'
        ? { kind: target.kind, route, id: target.id }
        : blackhole;
    }
    case 'network-interface': {
      const found = region.networkInterfaces[target.id];
      const live = found?.attachment !== undefined && isHere(found.vpcId);
      return live ? { kind: target.kind, route, id: target.id } : blackhole;
    }
    case 'nat-gateway': {
      const found = region.natGateways[target.id];
      if (found === undefined || !isHere(found.vpcId)) return blackhole;
      // https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
      if (space.family === 'ipv6')
        return { kind: 'not-modelled', resource: `NAT64 by ${target.id}` };
      return { kind: target.kind, route, id: found.networkInterfaceId };
    }
    case 'vpc-peering-connection': {
      const found = region.vpcPeeringConnections[target.id];
      const peers = [found?.requesterVpcId, found?.accepterVpcId];
      if (found?.active !== true || !peers.some(isHere)) return blackhole;
      const peerVpcId = peers.find((id) => !isHere(id)) ?? '';
      if (region.vpcs[peerVpcId] === undefined) {
        return { kind: 'not-modelled', resource: `${peerVpcId}, peered by ${target.id}` };
      }
      return { kind: target.kind, route, id: target.id, peerVpcId };
    }
    case 'vpc-endpoint': {
      const found = region.vpcEndpoints[target.id];
      // Of the gateway kind, and for the list of its service only.
      const isListed = !route.destination.includes('/');
      const live = found?.type === 'gateway' && isHere(found.vpcId) && isListed;
      return live ? { kind: target.kind, route, id: target.id } : blackhole;
    }
    case 'not-modelled':
      return { kind: 'not-modelled', resource: target.id };
  }
}
