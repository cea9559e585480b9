/** Whether policies are kept: exactly, for every packet, both ways. */

import type { Family } from '../address-space.ts';
import { familyOf, type NameSpace } from '../endpoint.ts';
import { familiesOf, familyIn } from '../families.ts';
import type { Hop } from '../hop.ts';
import { compile } from '../model.ts';
import {
  complement,
  isEmpty,
  type PacketSet,
  UNIVERSE,
  unionAll,
} from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { type Way, wayThrough } from '../why/why.ts';
import { type Asker, askerOf, type Flow } from './asker.ts';
import { anybody, except, type Party, partyOf, receiversOf } from './ends.ts';
import { exposureOf } from './exposure.ts';
import { type Ends, endsIn, type Policy } from './policy.ts';
import { fromClients, servicesNamed } from './services.ts';

/** Something that breaks a policy, or leaves open whether it is kept. */
export interface Finding extends Pick<Flow, 'from' | 'to'> {
  /** Of the family that it is about. */
  readonly space: NameSpace;
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
  const [four, six] = familiesOf(space, policies.flatMap(ipv6EndsOf));
  const sides = [four, six].flatMap((each) =>
    each === undefined ? [] : [{ space: each, asker: askerOf(each.model) }],
  );
  return policies.map((policy) => {
    const compared =
      'sameExposureByIpv6' in policy
        ? [exposureOf(space, six, policy.sameExposureByIpv6)]
        : sides.flatMap((side) =>
            questionsOf(side.space, policy).map((each) => compare(side, each)),
          );
    return { policy, ...answerOf(compared) };
  });
}

function ipv6EndsOf(policy: Policy): readonly string[] {
  return endsIn(policy).filter((end) => familyOf(end) === 'ipv6');
}

function answerOf(compared: readonly Compared[]): Answer {
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

/**
 * What a policy says of one family, as questions about two parties each. What must not be must not
 * be by IPv6 either. What must be is enough by IPv4, unless it names IPv6 addresses, and a NAT
 * translates IPv4 only: who must pass one says nothing of IPv6.
 */
function questionsOf(space: NameSpace, policy: PathPolicy): readonly PolicyQuestion[] {
  const family = familyIn(space);
  const services = (on: string | undefined): PacketSet => packetsOn(on, family);
  const party = (ends: Parameters<typeof partyOf>[1]): Party => partyOf(space, ends);
  const everybody = anybody(space);
  if ('only' in policy) {
    const others = except(everybody, party(policy.only));
    const to = party(policy.mayReach);
    return [{ from: others, to, packets: services(policy.on), must: 'not-reach' }];
  }
  if ('mayReachOnly' in policy) {
    const [from, to] = [party(policy.from), party(policy.mayReachOnly)];
    const others = except(everybody, to);
    const rest = complement(services(policy.on));
    return [
      { from, to: others, packets: UNIVERSE, must: 'not-reach' },
      ...(isEmpty(rest) ? [] : [{ from, to, packets: rest, must: 'not-reach' as const }]),
    ];
  }
  if ('mustNotReach' in policy) {
    const [from, to] = [party(policy.from), receiversOf(space, policy.mustNotReach)];
    return [{ from, to, packets: services(policy.on), must: 'not-reach' }];
  }
  if ('mustReach' in policy) {
    const [from, to] = [party(policy.from), receiversOf(space, policy.mustReach)];
    if (family !== (ipv6EndsOf(policy).length > 0 ? 'ipv6' : 'ipv4')) return [];
    return [{ from, to, packets: fromClients(services(policy.on)), must: 'reach' }];
  }
  const [from, to] = [party(policy.from), receiversOf(space, policy.mayReach)];
  const must = { passOneOf: party(policy.onlyThrough).interfaces };
  const nats = new Set(partyOf(space, 'any-nat').interfaces);
  if (family === 'ipv6' && must.passOneOf.every((id) => nats.has(id))) return [];
  return [{ from, to, packets: services(policy.on), must }];
}

/** Throws RangeError where the text is none of Services. */
export function packetsOn(on: string | undefined, family: Family): PacketSet {
  const packets = servicesNamed(on ?? 'everything', family);
  if (packets !== undefined) return packets;
  throw new RangeError(`a policy is about ${JSON.stringify(on)}, which are no services`);
}

export interface Compared {
  readonly pairs: number;
  readonly findings: readonly { readonly breaks: boolean; readonly finding: Finding }[];
}

interface Side {
  readonly space: NameSpace;
  readonly asker: Asker;
}

function compare({ space, asker }: Side, question: PolicyQuestion): Compared {
  const { model } = space;
  const { packets, must } = question;
  // Who has no address of the family neither reaches nor is reached.
  const addressed = (party: Party): Party => ({
    ...party,
    interfaces: party.interfaces.filter((id) => (model.ports.get(id)?.own.length ?? 0) > 0),
  });
  const mustReach = must === 'reach';
  const from = mustReach ? question.from : addressed(question.from);
  const to = mustReach ? question.to : addressed(question.to);
  const flows = asker.flows(from, to, packets, must !== 'reach');
  const findings = flows.flatMap((flow) => {
    const wayOf = (): Way =>
      wayThrough(model.region, asker.questionOf(flow, from, to, packets), (copy) =>
        compile(copy, model.space.family, { space: model.space, notModelled: model.notModelled }),
      );
    return [true, false].flatMap((breaks) => {
      const found = flow.outcomes.filter((each) => isBroken(each, must) === breaks);
      const [outcome] = found;
      if (outcome === undefined) return [];
      const all = unionAll(found.map((each) => each.packets));
      const finding: Finding = { space, from: flow.from, to: flow.to, packets: all, outcome };
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

/** A NAT forwards too: the step after its own is that of its interface. */
function passes(hops: readonly Hop[], ids: readonly string[]): boolean {
  return hops.some(
    (hop) => hop.kind === 'network-interface' && hop.does === 'forwards' && ids.includes(hop.id),
  );
}
