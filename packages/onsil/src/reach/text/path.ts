/** Hops, verdicts and changes in plain words, each at most one short line. */
import type { Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import type { Hop } from '../hop.ts';
import { isIcmp } from '../packet-set/packet.ts';
import {
  type Ambiguity,
  type Blocker,
  type Direction,
  LAST_ENTRY,
  type Verdict,
} from '../verdict.ts';
import type { Change } from '../why/change.ts';
import { rangeText } from './packets.ts';

/**
 * The name that people know a thing by: its instance's, its Name tag, the group name that somebody
 * gave it, its logical id in the template, its id.
 */
export function nameOf(region: Region, id: string): string {
  const { attachment, managedBy } = region.networkInterfaces[id] ?? {};
  if (managedBy !== undefined) return nameOf(region, managedBy.id);
  const instance = region.instances[attachment?.instanceId ?? ''];
  if (instance !== undefined) {
    const index = attachment?.deviceIndex ?? 0;
    return index === 0 ? instance.name : `${instance.name} (interface ${index})`;
  }
  const group = region.securityGroups[id];
  const tagged =
    region.subnets[id] ??
    region.routeTables[id] ??
    region.networkAcls[id] ??
    region.vpcs[id] ??
    region.natGateways[id] ??
    region.vpcPeeringConnections[id] ??
    region.vpcEndpoints[id] ??
    region.egressOnlyInternetGateways[id] ??
    group;
  const logicalId = region.logicalIds[id];
  // A group without a name of its own has one made of the stack's, its logical id and an ending.
  const isMadeUp = logicalId !== undefined && group?.name.includes(`-${logicalId}-`) === true;
  const given = isMadeUp ? undefined : group?.name;
  return tagged?.tags['Name'] ?? given ?? region.prefixLists[id]?.name ?? logicalId ?? id;
}

const DIRECTION: Readonly<Record<Direction, string>> = { ingress: 'in', egress: 'out' };

export function hopText(region: Region, hop: Hop): string {
  const name = (id: string): string => nameOf(region, id);
  switch (hop.kind) {
    case 'network-interface':
      return `${name(hop.id)} ${hop.does}`;
    case 'security-group': {
      const rules = hop.rules.map(({ groupId, ruleId }) => {
        const group = region.securityGroups[groupId];
        const rule = group?.[hop.direction].find(({ id }) => id === ruleId);
        return `${name(groupId)}: ${rule === undefined ? ruleId : ruleText(region, rule, hop.direction)}`;
      });
      return `security group ${DIRECTION[hop.direction]}   ${listText(rules)}`;
    }
    case 'network-acl': {
      const entries = hop.entries.join(', ');
      return `network ACL ${DIRECTION[hop.direction]} of ${name(hop.subnetId)}   entry ${entries}`;
    }
    case 'route-table':
      return `route table ${name(hop.id)}   ${routeText(region, hop.route)}`;
    case 'internet-gateway': {
      const { side, before, after } = hop;
      return `Internet gateway   ${side} ${before} → ${after}`;
    }
    case 'nat-instance':
      return `NAT by ${name(hop.networkInterfaceId)}   ${hop.side} → ${hop.after}`;
    case 'ipv6-gateway':
      return `${hop.egressOnly ? 'egress-only' : 'Internet'} gateway   nothing is translated`;
    case 'nat-gateway': {
      const port = hop.side === 'source' ? ', port 1024–65535' : '';
      return `NAT gateway ${name(hop.natGatewayId)}   ${hop.side} → ${hop.after}${port}`;
    }
    case 'vpc-peering-connection':
      return `peering ${name(hop.id)}`;
    case 'vpc-endpoint': {
      const service = region.vpcEndpoints[hop.id]?.serviceName ?? 'a service';
      return `endpoint ${name(hop.id)}   of ${service}`;
    }
    case 'vpc-service':
      return `${hop.name} at ${hop.address}, beside all filters`;
    case 'internet':
      return 'the Internet';
  }
}

const listText = (items: readonly string[]): string =>
  items.length > 2
    ? `${items.slice(0, 2).join('; ')} and ${items.length - 2} more`
    : items.join('; ');

export function ruleText(region: Region, rule: SecurityGroupRule, direction: Direction): string {
  const { peer } = rule;
  return `${fieldsText(rule)} ${direction === 'ingress' ? 'from' : 'to'} ${peerText(region, peer)}`;
}

function peerText(region: Region, peer: SecurityGroupRule['peer']): string {
  switch (peer.kind) {
    case 'cidr':
    case 'cidr6':
      return peer.cidr;
    case 'group':
      return nameOf(region, peer.groupId);
    case 'prefix-list':
      return nameOf(region, peer.prefixListId);
  }
}

export function fieldsText(
  fields: Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>,
): string {
  const { protocol, fromPort, toPort } = fields;
  if (protocol === -1) return 'everything';
  const name = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }[protocol] ?? `protocol ${protocol}`;
  if (fromPort === undefined || fromPort === -1) return name;
  if (isIcmp(protocol)) return `${name} type ${fromPort}`;
  return fromPort === toPort ? `${name} ${fromPort}` : `${name} ${fromPort}–${toPort}`;
}

export function routeText(region: Region, { destination, target }: Route): string {
  const to = nameOf(region, destination);
  switch (target.kind) {
    case 'local':
      return `${to} → local`;
    case 'internet-gateway':
      return `${to} → Internet gateway`;
    default:
      return `${to} → ${nameOf(region, target.id)}`;
  }
}

/** What stops, with AWS's explanation code. */
export function verdictText(region: Region, verdict: Verdict): string {
  switch (verdict.kind) {
    case 'reachable':
      return 'reachable';
    case 'blocked': {
      const reply = verdict.way === 'return' ? 'reply ' : '';
      return `${reply}blocked: ${blockerText(region, verdict.by)} (${verdict.by.code})`;
    }
    case 'ambiguous':
      return `ambiguous: ${ambiguityText(region, verdict.reason)} (${verdict.reason.code})`;
    case 'not-modelled':
      return `not modelled: depends on ${verdict.resource}`;
  }
}

function ambiguityText(region: Region, reason: Ambiguity): string {
  switch (reason.code) {
    case 'ASYMMETRIC_ROUTE':
      return 'the reply takes another way than the request';
    case 'REMAP_EPHEMERAL_PORT':
      return `the reply passes to ports ${reason.ports.map(rangeText).join(', ')} only`;
    case 'OVERLAPPING_PREFIX_LISTS':
      return `${reason.routes.map((each) => routeText(region, each)).join(', or ')}`;
  }
}

export function blockerText(region: Region, by: Blocker): string {
  const name = (id: string): string => nameOf(region, id);
  switch (by.component) {
    case 'security-group': {
      const groups = by.groupIds.map(name).join(', ');
      return `no ${by.direction === 'ingress' ? 'inbound' : 'outbound'} rule of ${groups} at ${name(by.networkInterfaceId)}`;
    }
    case 'network-acl': {
      const entry = by.entry === LAST_ENTRY ? '*' : by.entry;
      return `network ACL ${DIRECTION[by.direction]} of ${name(by.subnetId)}, entry ${entry}`;
    }
    case 'route-table':
      return by.code === 'BAD_STATE_ROUTE'
        ? `blackhole ${by.route.destination} in ${name(by.routeTableId)}`
        : `no route in ${name(by.routeTableId)}`;
    case 'internet-gateway':
      switch (by.code) {
        case 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS':
          return `${name(by.networkInterfaceId)} sends without a public address`;
        default:
          return `Internet gateway of ${name(by.vpcId)}`;
      }
    case 'network-interface':
      switch (by.code) {
        case 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS':
          return `${name(by.networkInterfaceId)} has no public address`;
        case 'ENI_HAS_NO_IPV6_ADDRESS':
          return `${name(by.networkInterfaceId)} has no IPv6 address`;
        case 'SERVICE_OPENS_NOTHING':
          return `${name(by.networkInterfaceId)} begins no conversation`;
        default:
          return `interface of ${name(by.networkInterfaceId)}`;
      }
    case 'nat-gateway': {
      const gateway = `NAT gateway ${name(by.natGatewayId)}`;
      switch (by.code) {
        case 'NGW_UNSOLICITED_INBOUND':
          return `${gateway} lets in replies only`;
        case 'NGW_SAME_SUBNET':
          return `${gateway} does not serve its own subnet`;
        case 'PROTOCOL_RESTRICTION':
          return `${gateway} translates tcp, udp and icmp only`;
      }
      return gateway;
    }
    case 'vpc-peering-connection':
      return `peering ${name(by.vpcPeeringConnectionId)} ends at the other VPC`;
    case 'vpc-endpoint': {
      const endpoint = `endpoint ${name(by.vpcEndpointId)}`;
      switch (by.code) {
        case 'VPCE_GATEWAY_PROTOCOL_RESTRICTION':
          return `${endpoint} takes tcp and ping only`;
        case 'PROTOCOL_RESTRICTION':
          return `${endpoint} answers tcp only`;
      }
      return endpoint;
    }
    case 'egress-only-internet-gateway':
      return 'the egress-only gateway did not see the request';
    case 'address':
      return `nobody has ${by.address}`;
    case 'translation':
      return `${name(by.networkInterfaceId)} answers from another address than was asked`;
  }
}

export function changeText(region: Region, change: Change): string {
  const name = (id: string): string => nameOf(region, id);
  switch (change.kind) {
    case 'add-security-group-rule': {
      const { groupId, direction, rule } = change;
      return `group ${name(groupId)}, ${direction}: allow ${ruleText(region, rule, direction)}`;
    }
    case 'add-network-acl-entry': {
      const { networkAclId, entry } = change;
      const way = entry.egress ? 'egress' : 'ingress';
      const end = `${entry.egress ? 'to' : 'from'} ${entry.cidr}`;
      return `network ACL ${name(networkAclId)}, ${way} ${entry.number}: allow ${fieldsText(entry)} ${end}`;
    }
    case 'set-route':
      return `route table ${name(change.routeTableId)}: ${routeText(region, change.route)}`;
    case 'associate-public-address':
      return `${name(change.networkInterfaceId)}: give it an Elastic IP`;
    case 'accept-peering':
      return `peering ${name(change.vpcPeeringConnectionId)}: accept it`;
    case 'switch-off-source-dest-check':
      return `${name(change.networkInterfaceId)}: switch its source/destination check off`;
    case 'attach-internet-gateway':
      return `VPC ${name(change.vpcId)}: attach an Internet gateway`;
  }
}
