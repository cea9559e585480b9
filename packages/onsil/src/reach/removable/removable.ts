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
import type { Policy } from '../policy/policy.ts';
import { packetsOf } from '../rule-packets.ts';
import { trace } from '../trace/trace.ts';
import type { Direction } from '../verdict.ts';
import { type NeverDecides, undecided } from './decides.ts';
import { type Flows, flowsOf, hasSameFlows, openIn, type TracedFlow } from './flows.ts';
import { isPartOf, type Loss, lossesOf, type Mentions, mentionsOf } from './losses.ts';
import { type RuleSetting, type Setting, without, withoutAll } from './setting.ts';
import { type Wants, wantsOf } from './wants.ts';

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
 * @param policies what is wanted; where they do not say what hosts need of each other, nothing is
 * called unwanted
 */
export function removable(space: NameSpace, policies: readonly Policy[]): Removable {
  const { model } = space;
  const { region, notModelled } = model;
  const flows = flowsOf(model);
  const settled = undecided(model).map((each) => ({ ...each, coveredBy: [] }));
  const wants = wantsOf(space, policies);
  const { needless, unwanted, wide } = rulesWithout(
    withoutAll(
      region,
      settled.map(({ setting }) => setting),
    ),
    notModelled,
    flows,
    wants,
  );
  const all = [...settled, ...needless];
  const less = withoutAll(
    region,
    all.map(({ setting }) => setting),
  );
  if (all.length > 0 && !hasSameFlows(flows, compile(less, 'ipv4', { notModelled }))) {
    throw new Error('Settings called needless are needed: please report the template.');
  }
  const least = withoutAll(
    less,
    unwanted.map(({ setting }) => setting),
  );
  const copy = compile(least, 'ipv4', { notModelled });
  if (wants?.holdIn(copy) === false) {
    throw new Error('Rules called unwanted are wanted: please report the template.');
  }
  const outward = <T extends { readonly setting: RuleSetting }>(each: T) => ({
    ...each,
    outward: reachingOut(
      flows,
      compile(without(region, each.setting), 'ipv4', { notModelled }),
      each.setting,
    ),
  });
  return { needless: all, unwanted: unwanted.map(outward), wide: wide.map(outward) };
}

interface Surplus {
  readonly needless: readonly Needless[];
  readonly unwanted: readonly Omit<Unwanted, 'outward'>[];
  readonly wide: readonly Omit<Wide, 'outward'>[];
}

/**
 * One rule after the other, each without those that went before it, so that of two that allow the
 * same one stays: the narrow one, where it is all that is wanted; else the one that covers it.
 */
function rulesWithout(
  region: Region,
  notModelled: Model['notModelled'],
  flows: Flows,
  wants: Wants | undefined,
): Surplus {
  const mentions = mentionsOf(flows.traced);
  const needless: Needless[] = [];
  const unwanted: Omit<Unwanted, 'outward'>[] = [];
  const wide: Omit<Wide, 'outward'>[] = [];
  // Without what is needless, and without what is unwanted as well.
  let [less, least] = [region, region];
  const rules = judgedRules(region);
  const narrowFirst = rules.toSorted((a, b) => widthOf(a.rule) - widthOf(b.rule));
  for (const setting of wants === undefined ? narrowFirst : narrowFirst.toReversed()) {
    const losses = lossesOf({ region: less, notModelled }, flows, mentions, setting);
    const first = losses.next();
    const isWanted = wants?.survive(without(least, setting), setting) === false;
    if (isWanted) {
      const lost = first.done === true ? [] : [first.value, ...losses];
      const pairs = wants.pairsOf(setting, lost);
      if (pairs.more.length > 0) wide.push({ setting, ...pairs });
    } else if (first.done === true) {
      needless.push({ setting, ...reasonFor(less, flows, mentions, setting) });
      less = without(less, setting);
      least = without(least, setting);
    } else if (wants !== undefined) {
      unwanted.push({ setting, losses: [first.value, ...losses] });
      least = without(least, setting);
    }
  }
  const place = new Map<Setting, number>(rules.map((each, index) => [each, index]));
  const inOrder = <T extends { readonly setting: Setting }>(all: readonly T[]): readonly T[] =>
    all.toSorted((a, b) => (place.get(a.setting) ?? 0) - (place.get(b.setting) ?? 0));
  return { needless: inOrder(needless), unwanted: inOrder(unwanted), wide: inOrder(wide) };
}

function reachingOut(
  flows: Flows,
  copy: Model,
  { groupId, direction, rule }: RuleSetting,
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

/** Default groups that nothing carries are what a VPC brings with it. */
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
    );
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
  flows: Flows,
  mentions: Mentions<TracedFlow>,
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
  const coveredBy = coveringRules(region.securityGroups[groupId], direction, rule);
  if (coveredBy.length > 0) return { reason: 'COVERED', coveredBy };
  const isUsed = isPartOf(region, flows, mentions, setting);
  return { reason: isUsed ? 'COVERED_TOGETHER' : 'NO_FLOW', coveredBy };
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
