/**
 * The rules of a security group, inline in it or as resources of their own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-securitygroup-ingress.html
 */
import { parseBlock } from '../ipv4.ts';
import { canonicalBlock6 } from '../ipv6.ts';
import { list } from '../problem.ts';
import type { Region } from '../region.ts';
import type { SecurityGroup, SecurityGroupPeer, SecurityGroupRule } from '../security-group.ts';
import type { Properties } from './properties.ts';
import { protocolOf } from './protocol.ts';
import { canonical } from './vpc.ts';

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
 * The rule that the properties describe. Nothing, with a warning, where they name no other end
 * (AWS adds no rule then either) or one that is not modelled.
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
    if (parseBlock(value) === undefined) {
      properties.report(
        name,
        `"${value}" is not an IPv4 block.`,
        'Write one address as 203.0.113.7/32.',
      );
      return undefined;
    }
    return { kind: 'cidr', cidr: canonical(properties, name, value) };
  }
  if (name === 'CidrIpv6') {
    const cidr = canonicalBlock6(value);
    if (cidr === undefined) properties.report(name, `"${value}" is not an IPv6 block.`);
    return cidr === undefined ? undefined : { kind: 'cidr6', cidr };
  }
  if (name === names.prefixList) {
    properties.warn(name, `The prefix list ${value} is not modelled: there is no such rule here.`);
    return undefined;
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
  if (group.vpcId !== vpcId) {
    properties.report(name, `${group.id} is in ${group.vpcId}, the rule's group in ${vpcId}.`);
    return undefined;
  }
  return { kind: 'group', groupId: group.id };
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
