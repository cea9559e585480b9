/**
 * Settings that can be taken away: first those without which everything gets through as before,
 * then those that only let in what no policy wants. Each list holds together: all of it can go at
 * once, which is tried on a copy before it is said.
 */
import { contains } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../region/security-group.ts';
import type { AddressClass } from '../classes.ts';
import type { NameSpace } from '../endpoint.ts';
import { compile, type Model } from '../model.ts';
import { equals, intersect, isEmpty, subtract } from '../packet-set/packet-set.ts';
import type { StatedPolicy } from '../policy/policy.ts';
import { packetsOf } from '../rule-packets.ts';
import { trace } from '../trace/trace.ts';
import type { Direction } from '../verdict.ts';
import { type NeverDecides, undecided } from './decides.ts';
import { type Flows, flowsOf, hasSameFlows, openIn } from './flows.ts';
import { type Loss, lossesOf, mentionsOf } from './losses.ts';
import { type RuleSetting, type Setting, without, withoutAll } from './setting.ts';
import { type Wants, wantsOf } from './wants.ts';

export type NeedlessReason =
  | NeverDecides
  /** Its group is attached to nothing. */
  | 'UNATTACHED'
  /** It names a group that nothing carries. */
  | 'NO_PEER'
  /** Other rules of its group allow all of it. */
  | 'COVERED'
  /** What it allows is stopped elsewhere, or allowed elsewhere too. */
  | 'NO_FLOW';

export interface Needless {
  readonly setting: Setting;
  readonly reason: NeedlessReason;
  /** Of the same group, those that allow what it allows. */
  readonly coveredBy: readonly SecurityGroupRule[];
}

/** A rule that lets in only what no policy wants. */
export interface Unwanted {
  readonly setting: RuleSetting;
  readonly losses: readonly Loss[];
  /**
   * Of an ingress rule: who reaches out on the same ports as before without it, asked of the copy.
   * Groups are stateful: what comes back needs no rule.
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
   */
  readonly outward: readonly AddressClass[];
}

/** A rule that a policy wants for some of those whom it lets in, but not for all of them. */
export interface Wide {
  readonly setting: RuleSetting;
  /** Ids of interfaces: those that a policy wants to talk, and those that it lets talk as well. */
  readonly wanted: readonly (readonly [from: string, to: string])[];
  readonly more: readonly (readonly [from: string, to: string])[];
  readonly outward: Unwanted['outward'];
}

export interface Removable {
  readonly needless: readonly Needless[];
  readonly unwanted: readonly Unwanted[];
  readonly wide: readonly Wide[];
}

/**
 * @param policies what is wanted; where they want nothing, nothing is called unwanted
 */
export function removable(space: NameSpace, policies: readonly StatedPolicy[]): Removable {
  const { model } = space;
  const { region } = model;
  const flows = flowsOf(model);
  const needless = needlessIn(region, flows);
  const settled = [...undecided(model).map((each) => ({ ...each, coveredBy: [] })), ...needless];
  const less = withoutAll(
    region,
    settled.map(({ setting }) => setting),
  );
  if (settled.length > 0 && !hasSameFlows(flows, compile(less, model.notModelled))) {
    throw new Error('Settings called needless are needed: please report the template.');
  }
  const wants = wantsOf(space, policies);
  if (wants === undefined) return { needless: settled, unwanted: [], wide: [] };
  const { unwanted, wide } = wantedIn(compile(less, model.notModelled), flows, wants);
  const least = withoutAll(
    less,
    unwanted.map(({ setting }) => setting),
  );
  const copy = compile(least, model.notModelled);
  if (!wants.holdIn(copy)) {
    throw new Error('Rules called unwanted are wanted: please report the template.');
  }
  const proved = unwanted.map((each) => ({ ...each, outward: reachingOut(flows, copy, each) }));
  return { needless: settled, unwanted: proved, wide };
}

function reachingOut(
  flows: Flows,
  copy: Model,
  { setting: { groupId, direction, rule } }: Pick<Unwanted, 'setting'>,
): readonly AddressClass[] {
  if (direction === 'egress') return [];
  const services = packetsOf(rule, {});
  return flows.traced.flatMap(({ from, to, question, open }) => {
    const carries = from?.port.networkInterface.securityGroupIds.includes(groupId) === true;
    if (from === undefined || to !== undefined || !carries) return [];
    const before = intersect(open, services);
    const after = intersect(openIn(trace(copy, question)), services);
    return !isEmpty(before) && equals(before, after) ? [from] : [];
  });
}

/** One after the other, so that of two rules that allow the same one stays. */
function needlessIn(region: Region, flows: Flows): readonly Needless[] {
  const mentions = mentionsOf(flows.traced);
  const found: Needless[] = [];
  let left = region;
  for (const setting of judgedRules(region)) {
    const { done } = lossesOf(left, flows, mentions, setting).next();
    if (done !== true) continue;
    found.push({ setting, ...reasonFor(left, setting) });
    left = without(left, setting);
  }
  return found;
}

function wantedIn(
  { region, notModelled }: Model,
  flows: Flows,
  wants: Wants,
): { readonly unwanted: readonly Omit<Unwanted, 'outward'>[]; readonly wide: readonly Wide[] } {
  const mentions = mentionsOf(flows.traced);
  const unwanted: Omit<Unwanted, 'outward'>[] = [];
  const wide: Wide[] = [];
  let left = region;
  for (const setting of judgedRules(region)) {
    const copy = without(left, setting);
    const losses = [...lossesOf(left, flows, mentions, setting)];
    if (wants.survive(copy, setting)) {
      unwanted.push({ setting, losses });
      left = copy;
    } else {
      const pairs = wants.pairsOf(setting, losses);
      if (pairs.more.length === 0) continue;
      const outward = reachingOut(flows, compile(copy, notModelled), { setting });
      wide.push({ setting, ...pairs, outward });
    }
  }
  return { unwanted, wide };
}

/** Narrow ones first: of two that allow the same, the one that says less goes. */
function judgedRules(region: Region): readonly RuleSetting[] {
  const interfaces = Object.values(region.networkInterfaces);
  const carried = new Set(interfaces.flatMap(({ securityGroupIds }) => securityGroupIds));
  const defaults = new Set(Object.values(region.vpcs).map((vpc) => vpc.defaultSecurityGroupId));
  return Object.values(region.securityGroups)
    .filter(({ id }) => carried.has(id) || !defaults.has(id))
    .flatMap((group) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        group[direction]
          .filter((rule) => isJudged(region, interfaces, rule))
          .map((rule): RuleSetting => {
            return { kind: 'security-group-rule', groupId: group.id, direction, rule };
          }),
      ),
    )
    .toSorted((a, b) => widthOf(a.rule) - widthOf(b.rule));
}

/**
 * The flows are IPv4's: a rule that matters for IPv6 as well is left alone. So is one about a
 * prefix list whose entries are not known.
 */
function isJudged(
  region: Region,
  interfaces: readonly NetworkInterface[],
  { peer }: SecurityGroupRule,
): boolean {
  switch (peer.kind) {
    case 'cidr':
      return true;
    case 'cidr6':
      return false;
    case 'group':
      return interfaces.every(({ ipv6Addresses }) => ipv6Addresses.length === 0);
    case 'prefix-list': {
      const list = region.prefixLists[peer.prefixListId];
      return list?.family === 'ipv4' && list.entries !== undefined;
    }
  }
}

/** How much a rule says, roughly: kind of peer, then its block, then its ports. */
function widthOf({ peer, protocol, fromPort, toPort }: SecurityGroupRule): number {
  const ports = fromPort === undefined ? 65536 : (toPort ?? fromPort) - fromPort;
  const services = (protocol === -1 ? 65536 * 2 : 0) + ports;
  const bits = peer.kind === 'cidr' ? 32 - Number(peer.cidr.split('/')[1]) : 8;
  return bits * 2 ** 20 + services;
}

function reasonFor(
  region: Region,
  { groupId, direction, rule }: RuleSetting,
): Pick<Needless, 'reason' | 'coveredBy'> {
  const interfaces = Object.values(region.networkInterfaces);
  const carries = (id: string): boolean =>
    interfaces.some(({ securityGroupIds }) => securityGroupIds.includes(id));
  if (!carries(groupId)) return { reason: 'UNATTACHED', coveredBy: [] };
  if (rule.peer.kind === 'group' && !carries(rule.peer.groupId)) {
    return { reason: 'NO_PEER', coveredBy: [] };
  }
  const coveredBy = coveringRules(region.securityGroups[groupId], direction, rule);
  return { reason: coveredBy.length > 0 ? 'COVERED' : 'NO_FLOW', coveredBy };
}

/** Rules about the same peer or a wider block that each allow all that this one does. */
function coveringRules(
  group: SecurityGroup | undefined,
  direction: Direction,
  rule: SecurityGroupRule,
): readonly SecurityGroupRule[] {
  return (group?.[direction] ?? []).filter(
    (other) =>
      other !== rule &&
      isAbout(other, rule) &&
      isEmpty(subtract(packetsOf(rule, {}), packetsOf(other, {}))),
  );
}

function isAbout({ peer }: SecurityGroupRule, { peer: other }: SecurityGroupRule): boolean {
  if (peer.kind === 'cidr' && other.kind === 'cidr') return contains(peer.cidr, other.cidr);
  return JSON.stringify(peer) === JSON.stringify(other);
}
