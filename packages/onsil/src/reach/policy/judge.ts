/** Whether policies are kept: exactly, for every packet, both ways. */

import type { NameSpace } from '../endpoint.ts';
import type { Hop } from '../hop.ts';
import { compile } from '../model.ts';
import {
  complement,
  EMPTY,
  isEmpty,
  type PacketSet,
  UNIVERSE,
  unionAll,
} from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { type Way, wayThrough } from '../why/why.ts';
import { type Asker, askerOf, type Flow } from './asker.ts';
import { anybody, except, type Party, partyOf } from './ends.ts';
import type { Ends, Policy } from './policy.ts';
import { fromClients, servicesNamed } from './services.ts';

/** Something that breaks a policy, or leaves open whether it is kept. */
export interface Finding extends Pick<Flow, 'from' | 'to'> {
  /** All of the flow that break it, or all that are open. */
  readonly packets: PacketSet;
  /** What becomes of the first of them. */
  readonly outcome: Outcome;
  /** Of what must be reachable: everything that would have to change. */
  readonly way?: Way;
}

interface Answer {
  /** `unknown`: it depends on something that AWS leaves open, or that the region has no state for. */
  readonly verdict: 'kept' | 'broken' | 'unknown';
  /** How many ends were held against it, each with each: none, where it concerns nobody. */
  readonly pairs: number;
  /** What breaks it, before what is open. */
  readonly findings: readonly Finding[];
}

export interface Judgement<P extends Policy = Policy> extends Answer {
  readonly policy: P;
}

/** Throws UnknownEnd for a name that nothing has, RangeError for services that are none. */
export function judge<P extends Policy>(
  space: NameSpace,
  policies: readonly P[],
): readonly Judgement<P>[] {
  const asker = askerOf(space.model);
  return policies.map((policy) => ({ policy, ...answerTo(space, asker, policy) }));
}

function answerTo(space: NameSpace, asker: Asker, policy: Policy): Answer {
  if ('sameExposureByIpv6' in policy) return exposure(space, policy.sameExposureByIpv6);
  const compared = questionsOf(space, policy).map((each) => compare(space, asker, each));
  const all = compared.flatMap(({ findings }) => findings);
  const broken = all.flatMap(({ breaks, finding }) => (breaks ? [finding] : []));
  const open = all.flatMap(({ breaks, finding }) => (breaks ? [] : [finding]));
  return {
    verdict: broken.length > 0 ? 'broken' : open.length > 0 ? 'unknown' : 'kept',
    pairs: compared.reduce((sum, { pairs }) => sum + pairs, 0),
    findings: [...broken, ...open],
  };
}

/** One comparison of what is with what must be. */
interface PolicyQuestion {
  readonly from: Party;
  readonly to: Party;
  readonly packets: PacketSet;
  readonly must: 'reach' | 'not-reach' | { readonly passOneOf: readonly string[] };
}

type PathPolicy = Exclude<Policy, { readonly sameExposureByIpv6: Ends }>;

/** What a policy says, as questions about two parties each. */
function questionsOf(space: NameSpace, policy: PathPolicy): readonly PolicyQuestion[] {
  const party = (ends: Parameters<typeof partyOf>[1]): Party => partyOf(space, ends);
  const everybody = anybody(space);
  if ('only' in policy) {
    const others = except(everybody, party(policy.only));
    const to = party(policy.mayReach);
    return [{ from: others, to, packets: packetsOn(policy.on), must: 'not-reach' }];
  }
  if ('mayReachOnly' in policy) {
    const [from, to] = [party(policy.from), party(policy.mayReachOnly)];
    const others = except(everybody, to);
    const rest = complement(packetsOn(policy.on));
    return [
      { from, to: others, packets: UNIVERSE, must: 'not-reach' },
      ...(isEmpty(rest) ? [] : [{ from, to, packets: rest, must: 'not-reach' as const }]),
    ];
  }
  if ('mustNotReach' in policy) {
    const [from, to] = [party(policy.from), party(policy.mustNotReach)];
    return [{ from, to, packets: packetsOn(policy.on), must: 'not-reach' }];
  }
  if ('mustReach' in policy) {
    const [from, to] = [party(policy.from), party(policy.mustReach)];
    return [{ from, to, packets: fromClients(packetsOn(policy.on)), must: 'reach' }];
  }
  const [from, to] = [party(policy.from), party(policy.mayReach)];
  const must = { passOneOf: party(policy.onlyThrough).interfaces };
  return [{ from, to, packets: packetsOn(policy.on), must }];
}

/** Throws RangeError where the text is none of Services. */
export function packetsOn(on: string | undefined): PacketSet {
  const packets = servicesNamed(on ?? 'everything');
  if (packets !== undefined) return packets;
  throw new RangeError(`a policy is about ${JSON.stringify(on)}, which are no services`);
}

interface Compared {
  readonly pairs: number;
  readonly findings: readonly { readonly breaks: boolean; readonly finding: Finding }[];
}

/** The questions are about IPv4: of a host that has IPv6 addresses nothing is known. */
function exposure(space: NameSpace, ends: Ends): Answer {
  const hosts = partyOf(space, ends);
  const withIpv6 = hosts.interfaces.filter(
    (id) => (space.model.ports.get(id)?.networkInterface.ipv6Addresses.length ?? 0) > 0,
  );
  const findings = withIpv6.map((id): Finding => {
    const verdict = { kind: 'not-modelled', way: 'forward', resource: `IPv6 of ${id}` } as const;
    const outcome = { packets: EMPTY, verdict, forward: [], back: [] };
    return { from: [], to: [id], packets: EMPTY, outcome };
  });
  const verdict = findings.length === 0 ? 'kept' : 'unknown';
  return { verdict, pairs: hosts.interfaces.length, findings };
}

function compare({ model }: NameSpace, asker: Asker, question: PolicyQuestion): Compared {
  const { from, to, packets, must } = question;
  const flows = asker.flows(from, to, packets, must !== 'reach');
  const findings = flows.flatMap((flow) => {
    const wayOf = (): Way =>
      wayThrough(model.region, asker.questionOf(flow, from, to, packets), (copy) =>
        compile(copy, model.space.family, { notModelled: model.notModelled }),
      );
    return [true, false].flatMap((breaks) => {
      const found = flow.outcomes.filter((each) => isBroken(each, must) === breaks);
      const [outcome] = found;
      if (outcome === undefined) return [];
      const all = unionAll(found.map((each) => each.packets));
      const finding: Finding = { from: flow.from, to: flow.to, packets: all, outcome };
      return [
        { breaks, finding: breaks && must === 'reach' ? { ...finding, way: wayOf() } : finding },
      ];
    });
  });
  return { pairs: flows.length, findings };
}

/** Nothing where the outcome is as it must be; false where that cannot be told. */
function isBroken(
  { verdict, forward }: Outcome,
  must: PolicyQuestion['must'],
): boolean | undefined {
  switch (verdict.kind) {
    case 'reachable':
      if (must === 'reach') return undefined;
      return must === 'not-reach' || !passes(forward, must.passOneOf) ? true : undefined;
    case 'blocked':
      return must === 'reach' ? true : undefined;
    case 'ambiguous':
    case 'not-modelled':
      return false;
  }
}

function passes(hops: readonly Hop[], ids: readonly string[]): boolean {
  return hops.some((hop) => {
    switch (hop.kind) {
      case 'network-interface':
        return hop.does === 'forwards' && ids.includes(hop.id);
      case 'nat-instance':
        return ids.includes(hop.networkInterfaceId);
      default:
        return false;
    }
  });
}
