/** For each thing that stops packets, the smallest change that lets these very packets through. */
import type { NetworkAclEntry } from '../../region/network-acl.ts';
import type { SecurityGroupPeer } from '../../region/security-group.ts';
import { isIn, within } from '../addresses.ts';
import type { Model } from '../model.ts';
import { hasPorts, isIcmp, type Packet } from '../packet-set/packet.ts';
import type { Blocker, Way } from '../verdict.ts';
import type { Change } from './change.ts';
import { attachGateway, directReply, publicAddress, wayOn } from './repair-route.ts';

/**
 * @param packet one of those that are blocked, as the blocker sees it
 * @returns nothing where no setting would help
 */
export function repair(model: Model, by: Blocker, packet: Packet, way: Way): Change | undefined {
  switch (by.component) {
    case 'security-group':
      return groupRule(model, by, packet);
    case 'network-acl':
      return aclEntry(model, by, packet, way);
    case 'route-table':
      return wayOn(model, by, packet, way);
    case 'internet-gateway':
      return atGateway(model, by);
    case 'network-interface':
      return atInterface(model, by);
    case 'translation':
    case 'egress-only-internet-gateway': {
      const through = by.component === 'translation' ? by.networkInterfaceId : undefined;
      return directReply(model, packet, through);
    }
    // What these refuse, no setting of theirs allows.
    case 'nat-gateway':
    case 'vpc-peering-connection':
    case 'vpc-endpoint':
    case 'address':
      return undefined;
  }
}

function atGateway(
  model: Model,
  by: Blocker & { readonly component: 'internet-gateway' },
): Change | undefined {
  switch (by.code) {
    case 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS':
      return publicAddress(model, by.networkInterfaceId);
    case 'BAD_STATE_ATTACHMENT':
      return attachGateway(model, by.vpcId);
    default:
      return undefined;
  }
}

function atInterface(
  model: Model,
  by: Blocker & { readonly component: 'network-interface' },
): Change | undefined {
  const { networkInterfaceId } = by;
  switch (by.code) {
    case 'ENI_SOURCE_DEST_CHECK_RESTRICTION':
      return { kind: 'switch-off-source-dest-check', networkInterfaceId };
    case 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS':
      return publicAddress(model, networkInterfaceId);
    default:
      return undefined;
  }
}

function fieldsOf({ protocol, detail: [one, two] }: Packet) {
  if (hasPorts(protocol)) return { protocol, fromPort: two, toPort: two };
  return isIcmp(protocol) ? { protocol, fromPort: one, toPort: two } : { protocol };
}

function groupRule(
  model: Model,
  by: Blocker & { readonly component: 'security-group' },
  packet: Packet,
): Change | undefined {
  const [groupId] = by.groupIds;
  if (groupId === undefined) return undefined;
  const { direction } = by;
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const peer = peerOf(model, by.peerInterfaceId, address);
  const rule = { id: 'sgr-proposed', ...fieldsOf(packet), peer };
  return { kind: 'add-security-group-rule', groupId, direction, rule };
}

/** A reference to the peer's group where it would match, a list of AWS's, else the address. */
function peerOf(model: Model, peerId: string | undefined, address: number): SecurityGroupPeer {
  const peer = model.ports.get(peerId ?? '');
  const [groupId] = peer?.networkInterface.securityGroupIds ?? [];
  if (peer !== undefined && groupId !== undefined && isIn(address, peer.own)) {
    return { kind: 'group', groupId };
  }
  const service = [...model.space.standIns.values()].find(({ range }) => within(address, range));
  if (service !== undefined) return { kind: 'prefix-list', prefixListId: service.prefixListId };
  const kind = model.space.family === 'ipv4' ? 'cidr' : 'cidr6';
  return { kind, cidr: cidrOf(model, address) };
}

/** Of an address inside a VPC itself; outside, anybody: the proposal is not about one host. */
function cidrOf({ space, vpcRanges }: Model, address: number): string {
  const isIpv4 = space.family === 'ipv4';
  if (!isIn(address, [...vpcRanges.values()].flat())) return isIpv4 ? '0.0.0.0/0' : '::/0';
  return `${space.textOf(address)}/${isIpv4 ? 32 : 128}`;
}

/** Before the entry that denies; a reply needs every port that a client may have drawn. */
function aclEntry(
  model: Model,
  by: Blocker & { readonly component: 'network-acl' },
  packet: Packet,
  way: Way,
): Change | undefined {
  const { networkAclId, direction, entry } = by;
  const egress = direction === 'egress';
  const acl = model.region.networkAcls[networkAclId];
  const taken = new Set(
    acl?.entries.flatMap((each) => (each.egress === egress ? [each.number] : [])),
  );
  let number = Math.min(entry, 32_767) - 1;
  while (number > 0 && taken.has(number)) number -= 1;
  if (number === 0) return undefined;
  const cidr = cidrOf(model, egress ? packet.destination : packet.source);
  const made: NetworkAclEntry = {
    ...{ number, egress, cidr, action: 'allow' },
    ...(way === 'return' ? replyFieldsOf(packet) : fieldsOf(packet)),
  };
  return { kind: 'add-network-acl-entry', networkAclId, entry: made };
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
function replyFieldsOf(packet: Packet) {
  const { protocol } = packet;
  return hasPorts(protocol) ? { protocol, fromPort: 1024, toPort: 65535 } : fieldsOf(packet);
}
