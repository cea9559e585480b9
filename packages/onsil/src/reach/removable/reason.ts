/** Why a setting is needless. */
import type { Region } from '../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../region/security-group.ts';
import { withoutRanges } from '../addresses.ts';
import type { Model } from '../model.ts';
import { isEmpty, subtract } from '../packet-set/packet-set.ts';
import { packetsOf } from '../rule-packets.ts';
import { peerRangesOf } from '../security-group.ts';
import type { Direction } from '../verdict.ts';
import type { NeverDecides } from './decides.ts';
import { isPartOf, type View } from './losses.ts';
import type { RuleSetting, Setting } from './setting.ts';

export type NeedlessReason =
  | NeverDecides
  /** Its group is attached to nothing. */
  | 'UNATTACHED'
  /** It names a group that nothing carries. */
  | 'NO_PEER'
  /** One other rule of its group allows all of it. */
  | 'COVERED'
  /** Several rules together, perhaps of other groups of its hosts, allow all that gets through. */
  | 'COVERED_TOGETHER'
  /** Nothing that it allows gets there and back. */
  | 'NO_FLOW';

export interface Needless {
  readonly setting: Setting;
  readonly reason: NeedlessReason;
  /** Of the same group, those that allow what it allows. */
  readonly coveredBy: readonly SecurityGroupRule[];
}

export function reasonFor(
  region: Region,
  views: readonly View[],
  setting: RuleSetting,
): Pick<Needless, 'reason' | 'coveredBy'> {
  const { groupId, direction, rule } = setting;
  const interfaces = Object.values(region.networkInterfaces);
  const carries = (id: string): boolean =>
    interfaces.some(({ securityGroupIds }) => securityGroupIds.includes(id));
  if (!carries(groupId)) return { reason: 'UNATTACHED', coveredBy: [] };
  if (rule.peer.kind === 'group' && !carries(rule.peer.groupId)) {
    return { reason: 'NO_PEER', coveredBy: [] };
  }
  const models = views.map(({ space }) => space.model);
  const coveredBy = coveringRules(models, region.securityGroups[groupId], direction, rule);
  if (coveredBy.length > 0) return { reason: 'COVERED', coveredBy };
  const isUsed = views.some((view) => isPartOf(view, setting));
  return { reason: isUsed ? 'COVERED_TOGETHER' : 'NO_FLOW', coveredBy };
}

/** Rules about the same peer or a wider block that each allow all that this one does. */
function coveringRules(
  models: readonly Model[],
  group: SecurityGroup | undefined,
  direction: Direction,
  rule: SecurityGroupRule,
): readonly SecurityGroupRule[] {
  return (group?.[direction] ?? []).filter(
    (other) =>
      other !== rule &&
      isAbout(models, other, rule) &&
      isEmpty(subtract(packetsOf(rule, {}), packetsOf(other, {}))),
  );
}

function isAbout(
  models: readonly Model[],
  { peer }: SecurityGroupRule,
  { peer: other }: SecurityGroupRule,
): boolean {
  if (JSON.stringify(peer) === JSON.stringify(other)) return true;
  if (peer.kind === 'group' || other.kind === 'group') return false;
  return models.some((model) => {
    const [wide, narrow] = [peerRangesOf(model, peer), peerRangesOf(model, other)];
    return narrow.length > 0 && withoutRanges(narrow, wide).length === 0;
  });
}
