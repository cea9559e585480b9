/** Does one packet match a rule? Written apart from the sets, in the simplest way there is. */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTable } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { inBlock, isUnknown } from './address.ts';
import type { TextPacket } from './packet.ts';

interface Fields {
  readonly protocol: number;
  readonly fromPort?: number;
  readonly toPort?: number;
}

function fieldsMatch({ protocol, fromPort, toPort }: Fields, packet: TextPacket): boolean {
  if (protocol === -1) return true;
  if (protocol !== packet.protocol) return false;
  if (fromPort === undefined) return true;
  const [first, second] = packet.detail;
  if (protocol === 6 || protocol === 17)
    return second >= fromPort && second <= (toPort ?? fromPort);
  if (protocol !== 1 && protocol !== 58) return true;
  const typeMatches = fromPort === -1 || first === fromPort;
  const codeMatches = toPort === undefined || toPort === -1 || second === toPort;
  return typeMatches && codeMatches;
}

/** Whether a prefix list holds an address; nothing where the region does not have the list. */
function listHolds(region: Region, id: string, address: string): boolean | undefined {
  const list = region.prefixLists[id];
  if (list === undefined) return undefined;
  if (list.entries === undefined) return address === id;
  return list.entries.some((entry) => inBlock(entry, address));
}

/** @param peer the interface at the other end of the leg */
export function groupsAllow(
  region: Region,
  { securityGroupIds }: NetworkInterface,
  direction: 'ingress' | 'egress',
  packet: TextPacket,
  peer: NetworkInterface | undefined,
): { readonly allow: boolean; readonly unknown?: string } {
  const other = direction === 'ingress' ? packet.source : packet.destination;
  const rules = securityGroupIds
    .flatMap((id) => region.securityGroups[id]?.[direction] ?? [])
    .filter((rule) => fieldsMatch(rule, packet));
  const matches = ({ peer: named }: SecurityGroupRule): boolean | undefined => {
    switch (named.kind) {
      case 'cidr':
      case 'cidr6':
        return inBlock(named.cidr, other);
      case 'prefix-list':
        return listHolds(region, named.prefixListId, other);
      case 'group':
        return (
          peer?.securityGroupIds.includes(named.groupId) === true &&
          [...peer.privateIps, ...peer.ipv6Addresses].includes(other)
        );
    }
  };
  if (rules.some((each) => matches(each) === true)) return { allow: true };
  const open = rules.find((each) => matches(each) === undefined);
  return open?.peer.kind === 'prefix-list'
    ? { allow: false, unknown: open.peer.prefixListId }
    : { allow: false };
}

export function aclAllows(
  region: Region,
  subnetId: string,
  direction: 'ingress' | 'egress',
  packet: TextPacket,
): boolean {
  const entries = region.networkAcls[region.subnets[subnetId]?.networkAclId ?? '']?.entries ?? [];
  const address = direction === 'egress' ? packet.destination : packet.source;
  const matching = entries
    .filter((entry) => entry.egress === (direction === 'egress'))
    .filter((entry) => fieldsMatch(entry, packet) && inBlock(entry.cidr, address))
    .map((entry) => entry.number);
  const first = entries.find(
    (entry) => entry.egress === (direction === 'egress') && entry.number === Math.min(...matching),
  );
  return first?.action === 'allow';
}

/** How AWS chooses a route, where it says so. */
export type Choice =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' }
  /** Perhaps one of a list that the region does not have. */
  | { readonly kind: 'unknown'; readonly prefixListId: string };

export function routeFor(
  region: Region,
  table: RouteTable | undefined,
  destination: string,
): Choice {
  const matching = (table?.routes ?? []).flatMap((route) => {
    const found = matchOf(region, route, destination);
    return found === undefined ? [] : [{ route, ...found }];
  });
  const longest = Math.max(...matching.map(({ length }) => length));
  const best = matching.filter(({ length }) => length === longest);
  const winner = best.find(({ listed }) => !listed) ?? best[0];
  if (winner === undefined) return { kind: 'none' };
  const { route } = winner;
  if (winner.unknown) return { kind: 'unknown', prefixListId: route.destination };
  const rival = matching.find(
    ({ listed, route: other }) =>
      winner.listed && listed && JSON.stringify(other.target) !== JSON.stringify(route.target),
  );
  return rival === undefined ? { kind: 'route', route } : { kind: 'ambiguous' };
}

function matchOf(region: Region, { destination: named }: Route, destination: string) {
  if (named.includes('/')) {
    if (!inBlock(named, destination)) return undefined;
    return { length: lengthOf(named), listed: false, unknown: false };
  }
  const list = region.prefixLists[named];
  // Anything from half a default route to a whole VPC.
  if (list === undefined) return { length: 15.5, listed: false, unknown: true };
  if (list.entries === undefined) {
    if (!isUnknown(destination) || destination !== named) return undefined;
    return { length: 15.5, listed: true, unknown: false };
  }
  const holding = list.entries.filter((entry) => inBlock(entry, destination)).map(lengthOf);
  if (holding.length === 0) return undefined;
  return { length: Math.max(...holding), listed: true, unknown: false };
}

const lengthOf = (block: string): number => Number(block.split('/')[1]);
