/**
 * Settings that can be taken away: first those without which everything gets through as before,
 * then those that only let in what no policy wants. Each list holds together: all of it can go at
 * once, which is tried on a copy before it is said.
 */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { AddressClass } from '../classes.ts';
import type { NameSpace } from '../endpoint.ts';
import { familiesOf } from '../families.ts';
import { compile } from '../model.ts';
import { equals, intersect, isEmpty } from '../packet-set/packet-set.ts';
import type { Policy } from '../policy/policy.ts';
import { packetsOf } from '../rule-packets.ts';
import { trace } from '../trace/trace.ts';
import { undecided } from './decides.ts';
import { hasSameFlows, openIn } from './flows.ts';
import { isOfUnknownList, isSure, judgedRules, widthOf } from './judged-rules.ts';
import { copyOf, type Loss, lossesOf, type View, viewOf } from './losses.ts';
import { type Needless, reasonFor } from './reason.ts';
import { type RuleSetting, type Setting, without, withoutAll } from './setting.ts';
import { type Wants, wantsOf } from './wants.ts';

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

/** A claim that its own proof, all of it tried at once on a copy, does not bear out. */
export class UnprovedError extends Error {
  override readonly name = 'UnprovedError';
}

/**
 * Throws UnprovedError rather than name a setting that may be needed.
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
    throw new UnprovedError('settings called needless are needed');
  }
  const least = withoutAll(
    less,
    unwanted.map(({ setting }) => setting),
  );
  if (wants?.holdIn(least) === false) {
    throw new UnprovedError('rules called unwanted are wanted');
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
