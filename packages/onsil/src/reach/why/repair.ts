/** For each thing that stops packets, the smallest change that lets these very packets through. */
import { allocatePublicIp } from '../../region/allocate.ts';
import { formatAddress } from '../../region/ipv4.ts';
import type { NetworkAclEntry } from '../../region/network-acl.ts';
import type { Region } from '../../region/region.ts';
import type { RouteTarget } from '../../region/route-table.ts';
import type { SecurityGroupPeer } from '../../region/security-group.ts';
import { isIn, rangeOf } from '../addresses.ts';
import { natInstances } from '../model.ts';
import { ICMP, type Packet, TCP, UDP } from '../packet-set/packet.ts';
import type { Blocker, Way } from '../verdict.ts';
import type { Change } from './change.ts';

/**
 * @param packet one of those that are blocked, as the blocker sees it
 * @returns nothing where no setting would help
 */
export function repair(region: Region, by: Blocker, packet: Packet, way: Way): Change | undefined {
  switch (by.component) {
    case 'security-group':
      return groupRule(region, by, packet);
    case 'network-acl':
      return aclEntry(region, by, packet, way);
    case 'route-table':
      return wayOut(region, by.routeTableId, by.networkInterfaceId, packet);
    case 'internet-gateway':
      switch (by.code) {
        case 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS':
          return publicAddress(region, by.networkInterfaceId);
        case 'BAD_STATE_ATTACHMENT':
          return attachGateway(region, by.vpcId);
        case 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS':
        case 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS':
        case 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS':
        case 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS':
        case 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS':
          return undefined;
      }
      break;
    case 'network-interface':
      switch (by.code) {
        case 'ENI_SOURCE_DEST_CHECK_RESTRICTION':
          return {
            kind: 'switch-off-source-dest-check',
            networkInterfaceId: by.networkInterfaceId,
          };
        case 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS':
          return publicAddress(region, by.networkInterfaceId);
        case 'BAD_STATE_ATTACHMENT':
        case 'FORWARDING_LOOP':
          return undefined;
      }
      break;
    case 'translation':
      return directReply(region, by.networkInterfaceId, packet);
    case 'address':
      return undefined;
  }
  return undefined;
}

function fieldsOf({ protocol, detail: [one, two] }: Packet) {
  if (protocol === TCP || protocol === UDP) return { protocol, fromPort: two, toPort: two };
  return protocol === ICMP ? { protocol, fromPort: one, toPort: two } : { protocol };
}

function groupRule(
  region: Region,
  by: Blocker & { readonly component: 'security-group' },
  packet: Packet,
): Change | undefined {
  const [groupId] = by.groupIds;
  if (groupId === undefined) return undefined;
  const { direction } = by;
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const peer = peerOf(region, by.peerInterfaceId, address);
  const rule = { id: 'sgr-proposed', ...fieldsOf(packet), peer };
  return { kind: 'add-security-group-rule', groupId, direction, rule };
}

/** A reference to the peer's group where it would match, else the address. */
function peerOf(region: Region, peerId: string | undefined, address: number): SecurityGroupPeer {
  const peer = region.networkInterfaces[peerId ?? ''];
  const [groupId] = peer?.securityGroupIds ?? [];
  const isPeers = peer?.privateIps.includes(formatAddress(address)) === true;
  return isPeers && groupId !== undefined
    ? { kind: 'group', groupId }
    : { kind: 'cidr', cidr: cidrOf(region, address) };
}

/** Of an address inside a VPC itself; outside, anybody: the proposal is not about one host. */
function cidrOf(region: Region, address: number): string {
  const inside = Object.values(region.vpcs).flatMap(({ cidrs }) => cidrs.map(rangeOf));
  return isIn(address, inside) ? `${formatAddress(address)}/32` : '0.0.0.0/0';
}

/** Before the entry that denies; a reply needs every port that a client may have drawn. */
function aclEntry(
  region: Region,
  by: Blocker & { readonly component: 'network-acl' },
  packet: Packet,
  way: Way,
): Change | undefined {
  const { networkAclId, direction, entry } = by;
  const egress = direction === 'egress';
  const acl = region.networkAcls[networkAclId];
  const taken = new Set(
    acl?.entries.flatMap((each) => (each.egress === egress ? [each.number] : [])),
  );
  let number = Math.min(entry, 32_767) - 1;
  while (number > 0 && taken.has(number)) number -= 1;
  if (number === 0) return undefined;
  const address = egress ? packet.destination : packet.source;
  const cidr = cidrOf(region, address);
  const made: NetworkAclEntry = {
    ...{ number, egress, cidr, action: 'allow' },
    ...(way === 'return' ? replyFieldsOf(packet) : fieldsOf(packet)),
  };
  return { kind: 'add-network-acl-entry', networkAclId, entry: made };
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
function replyFieldsOf(packet: Packet) {
  const { protocol } = packet;
  const hasPorts = protocol === TCP || protocol === UDP;
  return hasPorts ? { protocol, fromPort: 1024, toPort: 65535 } : fieldsOf(packet);
}

/** Out by the Internet gateway with a public address, else by a NAT instance of the VPC. */
function wayOut(
  region: Region,
  routeTableId: string,
  networkInterfaceId: string,
  packet: Packet,
): Change | undefined {
  const sender = region.networkInterfaces[networkInterfaceId];
  if (sender === undefined || cidrOf(region, packet.destination) !== '0.0.0.0/0') return undefined;
  const target = targetOut(region, sender.vpcId, networkInterfaceId);
  if (target === undefined) return attachGateway(region, sender.vpcId);
  const route = { destination: '0.0.0.0/0', target };
  return { kind: 'set-route', routeTableId, route };
}

function targetOut(region: Region, vpcId: string, senderId: string): RouteTarget | undefined {
  const gateway = Object.values(region.internetGateways).find((each) => each.vpcId === vpcId);
  const hasPublic =
    region.networkInterfaces[senderId]?.publicIp !== undefined ||
    Object.values(region.elasticIps).some(
      ({ association }) => association?.networkInterfaceId === senderId,
    );
  const nat = [...natInstances(region)].find(
    (id) => id !== senderId && region.networkInterfaces[id]?.vpcId === vpcId,
  );
  if (nat !== undefined && !hasPublic) return { kind: 'network-interface', id: nat };
  return gateway === undefined ? undefined : { kind: 'internet-gateway', id: gateway.id };
}

/** A reply that a NAT instance would translate must leave by the gateway instead. */
function directReply(region: Region, throughId: string, packet: Packet): Change | undefined {
  const sender = Object.values(region.networkInterfaces).find(({ privateIps }) =>
    privateIps.includes(formatAddress(packet.source)),
  );
  const table = region.subnets[sender?.subnetId ?? '']?.routeTableId;
  const gateway = Object.values(region.internetGateways).find(
    ({ vpcId }) => vpcId !== undefined && vpcId === sender?.vpcId,
  );
  if (sender === undefined || sender.id === throughId) return undefined;
  if (table === undefined || gateway === undefined) return undefined;
  const target = { kind: 'internet-gateway', id: gateway.id } as const;
  return { kind: 'set-route', routeTableId: table, route: { destination: '0.0.0.0/0', target } };
}

function publicAddress(region: Region, networkInterfaceId: string): Change | undefined {
  const publicIp = allocatePublicIp(region, networkInterfaceId);
  return publicIp === undefined
    ? undefined
    : { kind: 'associate-public-address', networkInterfaceId, publicIp };
}

function attachGateway(region: Region, vpcId: string): Change {
  const free = Object.values(region.internetGateways).find((each) => each.vpcId === undefined);
  const internetGatewayId = free?.id ?? 'igw-proposed';
  return { kind: 'attach-internet-gateway', vpcId, internetGatewayId };
}
