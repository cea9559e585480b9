/**
 * Settings that can be taken away: first those without which everything gets through as before,
 * then those that only let in what no policy wants. Each list holds together: all of it can go at
 * once, which is tried on a copy before it is said.
 */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../region/security-group.ts';
import { commonRanges, withoutRanges } from '../addresses.ts';
import type { AddressClass } from '../classes.ts';
import { type NameSpace, servicesIn } from '../endpoint.ts';
import { familiesOf } from '../families.ts';
import { compile, type Model } from '../model.ts';
import { equals, intersect, isEmpty, subtract } from '../packet-set/packet-set.ts';
import type { Policy } from '../policy/policy.ts';
import { packetsOf } from '../rule-packets.ts';
import { peerRangesOf } from '../security-group.ts';
import { trace } from '../trace/trace.ts';
import type { Direction } from '../verdict.ts';
import { type NeverDecides, undecided } from './decides.ts';
import { hasSameFlows, openIn } from './flows.ts';
import { copyOf, isPartOf, type Loss, lossesOf, type View, viewOf } from './losses.ts';
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
  const { region: asIs, notModelled } = space.model;
  const region = running(asIs);
  const spaces = familiesOf({
    ...space,
    model: compile(region, 'ipv4', { notModelled }),
  });
  const views = spaces.map(viewOf);
  const models = spaces.map(({ model }) => model);
  const settled = undecided(models).map((each) => ({ ...each, coveredBy: [] }));
  const wants = wantsOf(spaces, policies);
  const { needless, unwanted, wide } = rulesWithout(
    withoutAll(
      region,
      settled.map(({ setting }) => setting),
    ),
    views,
    wants,
  );
  const all = [...settled, ...needless];
  const less = withoutAll(
    region,
    all.map(({ setting }) => setting),
  );
  const isAsBefore = ({ flows, space: { model } }: View): boolean =>
    hasSameFlows(flows, copyOf(model, less));
  if (all.length > 0 && !views.every(isAsBefore)) {
    throw new Error('Settings called needless are needed: please report the template.');
  }
  const least = withoutAll(
    less,
    unwanted.map(({ setting }) => setting),
  );
  if (wants?.holdIn(least) === false) {
    throw new Error('Rules called unwanted are wanted: please report the template.');
  }
  const outward = <T extends { readonly setting: RuleSetting }>(each: T) => ({
    ...each,
    outward: views.flatMap((view) => reachingOut(view, region, each.setting)),
  });
  return { needless: all, unwanted: unwanted.map(outward), wide: wide.map(outward) };
}

/** As if everything ran: what is stopped today would miss its rules tomorrow. */
function running(region: Region): Region {
  const asIfRunning = (each: NetworkInterface): NetworkInterface =>
    each.attachment === undefined && each.managedBy === undefined
      ? { ...each, attachment: { instanceId: each.id, deviceIndex: 0 } }
      : each;
  const interfaces = Object.entries(region.networkInterfaces);
  return {
    ...region,
    networkInterfaces: Object.fromEntries(interfaces.map(([id, each]) => [id, asIfRunning(each)])),
  };
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
function rulesWithout(region: Region, views: readonly View[], wants: Wants | undefined): Surplus {
  const needless: Needless[] = [];
  const unwanted: Omit<Unwanted, 'outward'>[] = [];
  const wide: Omit<Wide, 'outward'>[] = [];
  // Without what is needless, and without what is unwanted as well.
  let [less, least] = [region, region];
  const rules = judgedRules(region, views);
  const narrowFirst = rules.toSorted((a, b) => widthOf(a.rule) - widthOf(b.rule));
  for (const setting of wants === undefined ? narrowFirst : narrowFirst.toReversed()) {
    const losses = lossesIn(views, less, setting);
    const first = losses.next();
    const isWanted = wants?.survive(without(least, setting), setting) === false;
    if (isWanted) {
      const lost = first.done === true ? [] : [first.value, ...losses];
      const pairs = wants.pairsOf(setting, lost);
      if (pairs.more.length > 0) wide.push({ setting, ...pairs });
    } else if (first.done === true) {
      const found = { setting, ...reasonFor(less, views, setting) };
      if (!isSure(views, found)) continue;
      needless.push(found);
      less = without(less, setting);
      least = without(least, setting);
    } else if (wants !== undefined && !isOfUnknownList(views, setting)) {
      unwanted.push({ setting, losses: [first.value, ...losses] });
      least = without(least, setting);
    }
  }
  const place = new Map<Setting, number>(rules.map((each, index) => [each, index]));
  const inOrder = <T extends { readonly setting: Setting }>(all: readonly T[]): readonly T[] =>
    all.toSorted((a, b) => (place.get(a.setting) ?? 0) - (place.get(b.setting) ?? 0));
  return { needless: inOrder(needless), unwanted: inOrder(unwanted), wide: inOrder(wide) };
}

function* lossesIn(views: readonly View[], region: Region, setting: RuleSetting): Generator<Loss> {
  for (const view of views) yield* lossesOf(view, region, setting);
}

function reachingOut(
  { flows, space: { model } }: View,
  region: Region,
  setting: RuleSetting,
): readonly AddressClass[] {
  const { groupId, direction, rule } = setting;
  const strange = model.space.family === 'ipv4' ? 'cidr6' : 'cidr';
  if (direction === 'egress' || rule.peer.kind === strange) return [];
  const copy = copyOf(model, without(region, setting));
  const services = packetsOf(rule, { destinations: model.outside });
  return flows.traced.flatMap(({ from, to, question, open }) => {
    const carries = from?.port.networkInterface.securityGroupIds.includes(groupId) === true;
    if (from === undefined || to !== undefined || !carries) return [];
    const before = intersect(open, services);
    const after = intersect(openIn(trace(copy, question)), services);
    return !isEmpty(before) && equals(before, after) ? [from] : [];
  });
}

/** Default groups that nothing carries are what a VPC brings with it. */
function judgedRules(region: Region, views: readonly View[]): readonly RuleSetting[] {
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

const isOfUnknownList = (views: readonly View[], { rule: { peer } }: RuleSetting): boolean =>
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
function isSure(views: readonly View[], { setting, reason }: Needless): boolean {
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
function widthOf({ peer, protocol, fromPort, toPort }: SecurityGroupRule): number {
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

function reasonFor(
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
