/**
 * The rules of a security group, inline in it or as resources of their own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-securitygroup-ingress.html
 */
import { peeringBetween } from '../lookup.ts';
import { list } from '../problem.ts';
import type { Region } from '../region.ts';
import type { SecurityGroup, SecurityGroupPeer, SecurityGroupRule } from '../security-group.ts';
import { ipv4BlockOf, ipv6BlockOf } from './block.ts';
import { prefixListIdOf, withPrefixList } from './named-prefix-list.ts';
import type { Properties } from './properties.ts';
import { protocolOf } from './protocol.ts';

export type Direction = 'ingress' | 'egress';

/** Names of the properties that give the other end, by direction. */
const PEERS = {
  ingress: {
    group: 'SourceSecurityGroupId',
    groupName: 'SourceSecurityGroupName',
    prefixList: 'SourcePrefixListId',
  },
  egress: {
    group: 'DestinationSecurityGroupId',
    groupName: 'DestinationSecurityGroupName',
    prefixList: 'DestinationPrefixListId',
  },
} as const;

/**
 * The rule that the properties describe. Nothing, with a warning, where they name no other end:
 * AWS adds no rule then either.
 */
export function ruleOf(
  region: Region,
  vpcId: string,
  properties: Properties,
  direction: Direction,
  id: string,
): SecurityGroupRule | undefined {
  const protocol = protocolOf(properties, 'IpProtocol');
  const ports = portsOf(properties, protocol);
  const description = properties.text('Description');
  const peer = peerOf(region, vpcId, properties, direction);
  if (peer === undefined) return undefined;
  return { id, protocol, ...ports, peer, ...(description === undefined ? {} : { description }) };
}

function portsOf(
  properties: Properties,
  protocol: number,
): Pick<SecurityGroupRule, 'fromPort' | 'toPort'> {
  const from = properties.number('FromPort');
  const to = properties.number('ToPort');
  if (protocol === 1 || protocol === 58) {
    if (from === undefined || from === -1) return {};
    return { fromPort: from, toPort: to ?? -1 };
  }
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html: ports of others are ignored.
  if (protocol !== 6 && protocol !== 17) return {};
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? 'FromPort' : 'ToPort';
    if (!properties.has(missing))
      properties.report(missing, 'tcp and udp need FromPort and ToPort.');
    return {};
  }
  if (from < 0 || to > 65535 || from > to) {
    properties.report('FromPort', `${from}–${to} is not a port range from 0 to 65535.`);
  }
  return { fromPort: from, toPort: to };
}

function peerOf(
  region: Region,
  vpcId: string,
  properties: Properties,
  direction: Direction,
): SecurityGroupPeer | undefined {
  const names = PEERS[direction];
  const choices = ['CidrIp', 'CidrIpv6', names.group, names.groupName, names.prefixList];
  const given = choices.filter((name) => properties.has(name));
  const [name, ...more] = given;
  properties.ignore('SourceSecurityGroupOwnerId');
  if (name === undefined) {
    properties.warn(
      '',
      `The rule names no other end, so AWS adds no rule.`,
      `Give one of ${list(choices)}.`,
    );
    return undefined;
  }
  if (more.length > 0) {
    properties.report(
      '',
      `A rule has one other end; this one has ${given.join(', ')}.`,
      'Write one rule for each.',
    );
    for (const each of given) properties.json(each);
    return undefined;
  }
  const value = properties.requiredText(name);
  if (value === '') return undefined;
  if (name === 'CidrIp') {
    return {
      kind: 'cidr',
      cidr: ipv4BlockOf(properties, name, 'Write one address as 203.0.113.7/32.'),
    };
  }
  if (name === 'CidrIpv6') return { kind: 'cidr6', cidr: ipv6BlockOf(properties, name) };
  if (name === names.prefixList) {
    return { kind: 'prefix-list', prefixListId: prefixListIdOf(region, properties, name) };
  }
  return groupPeer(region, vpcId, properties, name, value);
}

function groupPeer(
  region: Region,
  vpcId: string,
  properties: Properties,
  name: string,
  value: string,
): SecurityGroupPeer | undefined {
  const group = findGroup(region, vpcId, value);
  if (group === undefined) {
    properties.report(
      name,
      `"${value}" is not a security group of this region; it has ${list(Object.keys(region.securityGroups))}.`,
    );
    return undefined;
  }
  // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
  if (group.vpcId !== vpcId && peeringBetween(region, group.vpcId, vpcId) === undefined) {
    properties.report(
      name,
      `${group.id} is in ${group.vpcId}, the rule's group in ${vpcId}, and the two are not peered so far.`,
      'Give the rule a DependsOn on an AWS::EC2::VPCPeeringConnection of the two.',
    );
    return undefined;
  }
  return { kind: 'group', groupId: group.id };
}

/** The region with every prefix list that rules name: of one it does not know it knows the id only. */
export function withPrefixLists(region: Region, rules: readonly SecurityGroupRule[]): Region {
  return rules.reduce(
    (next, { peer }) =>
      peer.kind === 'prefix-list' ? withPrefixList(next, peer.prefixListId) : next,
    region,
  );
}

/** By id, or by name inside the VPC. */
export function findGroup(
  region: Region,
  vpcId: string | undefined,
  idOrName: string,
): SecurityGroup | undefined {
  return (
    region.securityGroups[idOrName] ??
    Object.values(region.securityGroups).find(
      (group) => group.vpcId === vpcId && group.name === idOrName,
    )
  );
}
