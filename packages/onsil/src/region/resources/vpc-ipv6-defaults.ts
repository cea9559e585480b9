/**
 * With its first IPv6 block a VPC's default network ACL and default security group let IPv6
 * through as they do IPv4, each direction for itself, unless it was changed before.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
import type { NetworkAclEntry } from '../network-acl.ts';
import { put, type Region } from '../region.ts';
import type { SecurityGroupRule } from '../security-group.ts';
import type { Vpc } from '../vpc.ts';
import { idOf, type ResourceContext } from './resource-type.ts';

export function withIpv6Defaults(region: Region, vpc: Vpc, context: ResourceContext): Region {
  const acl = region.networkAcls[vpc.defaultNetworkAclId];
  const group = region.securityGroups[vpc.defaultSecurityGroupId];
  const withAcl =
    acl === undefined
      ? region
      : put(region, 'networkAcls', acl.id, {
          ...acl,
          entries: [false, true].flatMap((egress) => withIpv6Entry(acl.entries, egress)),
        });
  if (group === undefined || !isOnlyDefault(group.egress)) return withAcl;
  const egress = [...group.egress, allIpv6Egress(context)];
  return put(withAcl, 'securityGroups', group.id, { ...group, egress });
}

/** The rule of a group that was made without egress rules of its own, in a VPC with IPv6. */
export function allIpv6Egress(context: ResourceContext): SecurityGroupRule {
  const id = idOf(context, 'sgr', 'default-egress-ipv6');
  return { id, protocol: -1, peer: { kind: 'cidr6', cidr: '::/0' } };
}

function withIpv6Entry(
  all: readonly NetworkAclEntry[],
  egress: boolean,
): readonly NetworkAclEntry[] {
  const entries = all.filter((entry) => entry.egress === egress);
  const [first, ...more] = entries;
  const unchanged = more.length === 0 && first?.number === 100 && first.cidr === '0.0.0.0/0';
  return unchanged
    ? [...entries, { number: 101, egress, protocol: -1, cidr: '::/0', action: 'allow' }]
    : entries;
}

function isOnlyDefault([first, ...more]: readonly SecurityGroupRule[]): boolean {
  const { protocol, peer } = first ?? {};
  return more.length === 0 && protocol === -1 && peer?.kind === 'cidr' && peer.cidr === '0.0.0.0/0';
}
