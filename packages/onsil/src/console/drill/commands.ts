/** Calls of AWS's client that take a route or a rule away and bring it back. */
import type { Shell } from '../server/names.ts';
import type { Taken } from './put-back.ts';

export function takeCommand(shell: Shell, taken: Taken): string {
  if (taken.kind === 'route') {
    const { routeTableId, route } = taken;
    const end = destinationOption(route.destination);
    return shell.aws('ec2', 'delete-route', '--route-table-id', routeTableId, ...end);
  }
  const operation = `revoke-security-group-${taken.direction}`;
  const ids = ['--group-id', taken.groupId, '--security-group-rule-ids', taken.rule.id];
  return shell.aws('ec2', operation, ...ids);
}

/** AWS gives a rule that is made again another id, and a place behind the others. */
export function putBackCommand(shell: Shell, taken: Taken): string {
  if (taken.kind === 'route') {
    const { routeTableId, route } = taken;
    const target = targetOption(route.target);
    const end = destinationOption(route.destination);
    return shell.aws('ec2', 'create-route', '--route-table-id', routeTableId, ...end, ...target);
  }
  const permissions = JSON.stringify([permissionOf(taken.rule)]);
  const operation = `authorize-security-group-${taken.direction}`;
  return shell.aws('ec2', operation, '--group-id', taken.groupId, '--ip-permissions', permissions);
}

function destinationOption(destination: string): readonly string[] {
  if (destination.startsWith('pl-')) return ['--destination-prefix-list-id', destination];
  const option = destination.includes(':')
    ? '--destination-ipv6-cidr-block'
    : '--destination-cidr-block';
  return [option, destination];
}

const TARGETS = {
  'internet-gateway': '--gateway-id',
  'network-interface': '--network-interface-id',
  'nat-gateway': '--nat-gateway-id',
  'vpc-peering-connection': '--vpc-peering-connection-id',
  'vpc-endpoint': '--vpc-endpoint-id',
  'egress-only-internet-gateway': '--egress-only-internet-gateway-id',
  'not-modelled': '--transit-gateway-id',
} as const;

function targetOption(
  target: Extract<Taken, { readonly kind: 'route' }>['route']['target'],
): readonly string[] {
  return target.kind === 'local' ? [] : [TARGETS[target.kind], target.id];
}

function permissionOf(rule: Extract<Taken, { readonly kind: 'rule' }>['rule']) {
  const { protocol, fromPort, toPort, peer, description } = rule;
  const words = description === undefined ? {} : { Description: description };
  const ends = {
    cidr: () => ({ IpRanges: [{ CidrIp: peer.kind === 'cidr' ? peer.cidr : '', ...words }] }),
    cidr6: () => ({ Ipv6Ranges: [{ CidrIpv6: peer.kind === 'cidr6' ? peer.cidr : '', ...words }] }),
    group: () => ({
      UserIdGroupPairs: [{ GroupId: peer.kind === 'group' ? peer.groupId : '', ...words }],
    }),
    'prefix-list': () => ({
      PrefixListIds: [
        { PrefixListId: peer.kind === 'prefix-list' ? peer.prefixListId : '', ...words },
      ],
    }),
  };
  return {
    IpProtocol: { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }[protocol] ?? String(protocol),
    ...(fromPort === undefined ? {} : { FromPort: fromPort }),
    ...(toPort === undefined ? {} : { ToPort: toPort }),
    ...ends[peer.kind](),
  };
}
