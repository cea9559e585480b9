/** What policies want to get through, and whether it still does without a rule. */
import type { Region } from '../../region/region.ts';
import type { NameSpace } from '../endpoint.ts';
import type { Model } from '../model.ts';
import { equals, intersect, isEmpty, type PacketSet } from '../packet-set/packet-set.ts';
import { askerOf, type Flow } from '../policy/asker.ts';
import { type Party, partyOf } from '../policy/ends.ts';
import { packetsOn } from '../policy/judge.ts';
import { type Ends, listOf, type Policy } from '../policy/policy.ts';
import { type Question, trace } from '../trace/trace.ts';
import { openIn } from './flows.ts';
import { copyOf, keyOf, type Loss, mentionsOf } from './losses.ts';
import type { RuleSetting } from './setting.ts';

type Pairs = readonly (readonly [from: string, to: string])[];

export interface Wants {
  /** Whether everything wanted gets through in a copy as before. */
  holdIn(copy: Region): boolean;
  /** The same of a copy without that one rule: only what the rule has a part in is asked. */
  survive(copy: Region, setting: RuleSetting): boolean;
  /** Of what would be lost: pairs of hosts that policies name, and pairs that they do not. */
  pairsOf(
    setting: RuleSetting,
    losses: readonly Loss[],
  ): { readonly wanted: Pairs; readonly more: Pairs };
}

interface Wanted extends Flow {
  readonly questionOf: (model: Model) => Question;
  readonly open: PacketSet;
  /** Whatever the addresses. */
  readonly services: PacketSet;
}

/**
 * What must reach, and what may where others may not, in each family. Nothing where no policy says
 * so much of two hosts: then what is wanted is not known.
 */
export function wantsOf(
  spaces: readonly NameSpace[],
  policies: readonly Policy[],
): Wants | undefined {
  const all = spaces.flatMap((space) => wantsIn(space, policies) ?? []);
  if (all.length === 0) return undefined;
  const pairsOf: Wants['pairsOf'] = (setting, losses) => {
    const found = all.map((each) => each.pairsOf(setting, losses));
    const isWanted = new Set(found.flatMap(({ wanted }) => wanted).map(pairKey));
    return {
      wanted: uniquePairs(found.flatMap(({ wanted }) => wanted)),
      more: uniquePairs(found.flatMap(({ more }) => more)).filter(
        (pair) => !isWanted.has(pairKey(pair)),
      ),
    };
  };
  return {
    holdIn: (copy) => all.every((each) => each.holdIn(copy)),
    survive: (copy, setting) => all.every((each) => each.survive(copy, setting)),
    pairsOf,
  };
}

const pairKey = (pair: Pairs[number]): string => pair.join(' ');
const uniquePairs = (pairs: Pairs): Pairs => [
  ...new Map(pairs.map((pair) => [pairKey(pair), pair])).values(),
];

function wantsIn(space: NameSpace, policies: readonly Policy[]): Wants | undefined {
  const { model } = space;
  const asker = askerOf(model);
  const statements = policies.flatMap(statementOf);
  if (statements.every(({ from, to }) => isOutside(from) || isOutside(to))) return undefined;
  const wanted = statements.flatMap(({ from: one, to: other, on }): readonly Wanted[] => {
    const [from, to]: readonly [Party, Party] = [partyOf(space, one), partyOf(space, other)];
    const packets = packetsOn(on, model.space.family);
    return asker.flows(from, to, packets, false).map((flow) => ({
      ...flow,
      services: packets,
      open: openIn(flow.outcomes),
      questionOf: asker.questionOf(flow, from, to, packets),
    }));
  });
  const mentions = mentionsOf(wanted);
  const isSame = ({ open, questionOf }: Wanted, copy: Model): boolean =>
    equals(open, openIn(trace(copy, questionOf(copy))));
  return {
    holdIn: (copy) => {
      const compiled = copyOf(model, copy);
      return wanted.every((each) => isSame(each, compiled));
    },
    survive: (copy, { groupId, direction, rule }) => {
      const named = mentions.get(keyOf(groupId, direction, rule.id)) ?? [];
      if (named.length === 0) return true;
      const compiled = copyOf(model, copy);
      return named.every((each) => isSame(each, compiled));
    },
    pairsOf: (setting, losses) => {
      const own = losses.filter((each) => each.space.model.space.family === model.space.family);
      return pairsIn(wanted, setting, own);
    },
  };
}

interface Statement {
  readonly from: Ends;
  readonly to: Ends;
  readonly on: string | undefined;
}

function statementOf(policy: Policy): readonly Statement[] {
  if ('only' in policy) return [{ from: policy.only, to: policy.mayReach, on: policy.on }];
  if ('mayReachOnly' in policy) {
    return [{ from: policy.from, to: policy.mayReachOnly, on: policy.on }];
  }
  return 'mustReach' in policy ? [{ from: policy.from, to: policy.mustReach, on: policy.on }] : [];
}

const isOutside = (ends: Ends): boolean =>
  listOf(ends).every((end) => end === 'internet' || end === 'admin');

/**
 * Of rules that let a group in: only there would narrower groups help. What a middlebox lets in
 * to pass on it cannot refuse for itself.
 */
function pairsIn(
  wanted: readonly Wanted[],
  { direction, rule }: RuleSetting,
  losses: readonly Loss[],
): { readonly wanted: Pairs; readonly more: Pairs } {
  const named: (readonly [string, string])[] = [];
  const more: (readonly [string, string])[] = [];
  if (direction === 'egress' || rule.peer.kind !== 'group') return { wanted: named, more };
  for (const { flow, packets } of losses) {
    const { from, to } = flow;
    if (!('open' in flow) || from === undefined || to === undefined) continue;
    if (!to.port.networkInterface.sourceDestCheck) continue;
    for (const { networkInterfaceId: one } of from.members) {
      for (const { networkInterfaceId: other } of to.members) {
        if (one === other) continue;
        const isWanted = wanted.some(
          (each) =>
            each.from.includes(one) &&
            each.to.includes(other) &&
            !isEmpty(intersect(each.services, packets)),
        );
        (isWanted ? named : more).push([one, other]);
      }
    }
  }
  return { wanted: named, more };
}
