/** Which rules are judged, in which order, and whether the flows can tell that one is needless. */
import type { Region } from '../../region/region.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { commonRanges, withoutRanges } from '../addresses.ts';
import { servicesIn } from '../endpoint.ts';
import { peerRangesOf } from '../security-group.ts';
import type { View } from './losses.ts';
import type { Needless } from './reason.ts';
import type { RuleSetting } from './setting.ts';

/** Default groups that nothing carries are what a VPC brings with it. */
export function judgedRules(region: Region, views: readonly View[]): readonly RuleSetting[] {
  const interfaces = Object.values(region.networkInterfaces);
  const carried = new Set(interfaces.flatMap(({ securityGroupIds }) => securityGroupIds));
  const defaults = new Set(Object.values(region.vpcs).map((vpc) => vpc.defaultSecurityGroupId));
  return Object.values(region.securityGroups)
    .filter(({ id }) => carried.has(id) || !defaults.has(id))
    .flatMap((group) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        group[direction]
          .filter((rule) => isJudged(region, views, rule))
          .map((rule): RuleSetting => {
            return { kind: 'security-group-rule', groupId: group.id, direction, rule };
          }),
      ),
    );
}

/**
 * Not what the flows say nothing of: families of addresses that the region has none of, lists that
 * it does not know, and groups of VPCs elsewhere.
 */
function isJudged(region: Region, views: readonly View[], { peer }: SecurityGroupRule): boolean {
  const families = views.map(({ space }) => space.model.space.family);
  switch (peer.kind) {
    case 'cidr':
      return true;
    case 'cidr6':
      return families.includes('ipv6');
    case 'group':
      return region.securityGroups[peer.groupId] !== undefined;
    case 'prefix-list': {
      const list = region.prefixLists[peer.prefixListId];
      return list !== undefined && families.includes(list.family);
    }
  }
}

export const isOfUnknownList = (views: readonly View[], { rule: { peer } }: RuleSetting): boolean =>
  peer.kind === 'prefix-list' &&
  views.some(({ space }) => space.model.space.standIns.has(peer.prefixListId));

/** What a list that the region does not have lets through is not among the flows. */
const hasUnknownRules = ({ space: { model } }: View): boolean =>
  Object.values(model.region.securityGroups).some(({ ingress, egress }) =>
    [...ingress, ...egress].some(
      ({ peer }) =>
        peer.kind === 'prefix-list' && model.listRanges(peer.prefixListId) === undefined,
    ),
  );

/**
 * Whether nothing is lost whatever a list holds whose entries nobody here knows: they may be what
 * a rule's block means, and need not be public (VPC Lattice's are link-local).
 */
export function isSure(views: readonly View[], { setting, reason }: Needless): boolean {
  if (setting.kind !== 'security-group-rule') return true;
  if (reason === 'UNATTACHED' || reason === 'COVERED') return true;
  if (isOfUnknownList(views, setting) || views.some(hasUnknownRules)) return false;
  return views.every(({ space: { model } }) => {
    const standIns = [...servicesIn(model)].map(({ range }) => range);
    const ranges = peerRangesOf(model, setting.rule.peer);
    const isOutside = commonRanges(ranges, model.outside).length > 0;
    return standIns.length === 0 || !isOutside || withoutRanges(standIns, ranges).length === 0;
  });
}

/** How much a rule says, roughly: kind of peer, then its block, then its ports. */
export function widthOf({ peer, protocol, fromPort, toPort }: SecurityGroupRule): number {
  const ports = fromPort === undefined ? 65536 : (toPort ?? fromPort) - fromPort;
  const services = (protocol === -1 ? 65536 * 2 : 0) + ports;
  const bits = bitsOf(peer);
  return bits * 2 ** 20 + services;
}

function bitsOf(peer: SecurityGroupRule['peer']): number {
  if (!('cidr' in peer)) return 8;
  const prefix = Number(peer.cidr.split('/')[1]);
  return peer.kind === 'cidr' ? 32 - prefix : (128 - prefix) / 4;
}
