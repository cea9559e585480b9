/** Does one packet match a rule? Written apart from the sets, in the simplest way there is. */
import { contains, formatAddress } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTable } from '../../region/route-table.ts';
import type { Packet } from '../packet-set/packet.ts';

interface Fields {
  readonly protocol: number;
  readonly fromPort?: number;
  readonly toPort?: number;
}

function fieldsMatch({ protocol, fromPort, toPort }: Fields, packet: Packet): boolean {
  if (protocol === -1) return true;
  if (protocol !== packet.protocol) return false;
  if (fromPort === undefined) return true;
  const [first, second] = packet.detail;
  if (protocol === 6 || protocol === 17)
    return second >= fromPort && second <= (toPort ?? fromPort);
  if (protocol !== 1) return true;
  const typeMatches = fromPort === -1 || first === fromPort;
  const codeMatches = toPort === undefined || toPort === -1 || second === toPort;
  return typeMatches && codeMatches;
}

const inBlock = (cidr: string, address: number): boolean => contains(cidr, formatAddress(address));

/** @param peer the interface at the other end of the leg */
export function groupsAllow(
  region: Region,
  { securityGroupIds }: NetworkInterface,
  direction: 'ingress' | 'egress',
  packet: Packet,
  peer: NetworkInterface | undefined,
): boolean {
  const other = direction === 'ingress' ? packet.source : packet.destination;
  return securityGroupIds.some((id) =>
    region.securityGroups[id]?.[direction].some((rule) => {
      if (!fieldsMatch(rule, packet)) return false;
      if (rule.peer.kind === 'cidr') return inBlock(rule.peer.cidr, other);
      return (
        rule.peer.kind === 'group' &&
        peer !== undefined &&
        peer.securityGroupIds.includes(rule.peer.groupId) &&
        peer.privateIps.includes(formatAddress(other))
      );
    }),
  );
}

export function aclAllows(
  region: Region,
  subnetId: string,
  direction: 'ingress' | 'egress',
  packet: Packet,
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

export function routeFor(table: RouteTable | undefined, destination: number): Route | undefined {
  const matching = (table?.routes ?? []).filter((route) => inBlock(route.destination, destination));
  const length = (route: Route): number => Number(route.destination.split('/')[1]);
  return matching.find((route) => matching.every((other) => length(other) <= length(route)));
}
