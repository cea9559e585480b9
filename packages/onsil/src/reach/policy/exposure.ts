/** Whether IPv6 opens hosts to the Internet on more than IPv4 does. */
import { internetOf, type NameSpace } from '../endpoint.ts';
import type { Model } from '../model.ts';
import { ICMP, ICMPV6 } from '../packet-set/packet.ts';
import {
  box,
  EMPTY,
  includes,
  intersect,
  isEmpty,
  type PacketSet,
  type Range,
  subtract,
  union,
  unionAll,
} from '../packet-set/packet-set.ts';
import { translate, translatedInto } from '../packet-set/rewrite.ts';
import { reached } from '../reachability.ts';
import type { Outcome } from '../trace/state.ts';
import { trace } from '../trace/trace.ts';
import { kindsOf } from './asker.ts';
import { partyOf } from './ends.ts';
import type { Compared, Finding } from './judge.ts';
import type { Ends } from './policy.ts';

/**
 * Blocks of the two families cannot be compared, so two things are: what anybody outside reaches,
 * and what everybody does. What only IPv4 opens is no breach.
 * @param six absent: the region has no IPv6
 */
export function exposureOf(four: NameSpace, six: NameSpace | undefined, ends: Ends): Compared {
  const pairs = partyOf(four, ends).interfaces.length;
  if (six === undefined) return { pairs, findings: [] };
  const [kinds4, kinds6] = [kindsOf(four.model), kindsOf(six.model)];
  const hosts = partyOf(six, ends).interfaces.filter((id) => kinds6.has(id));
  const kinds = Map.groupBy(hosts, (id) => `${kinds4.get(id)}|${kinds6.get(id)}`);
  const findings = [...kinds.values()].flatMap((to) => {
    const [id = ''] = to;
    const open4 = reached(fromOutside(four.model, id));
    // The administrator is one of anybody, but not of everybody whom a policy means.
    const [some, all] = [servicesIn(open4), openToAll(open4, internetOf(four))].map(alsoIcmp6);
    const outcomes = fromOutside(six.model, id);
    const now = reached(outcomes);
    const unsure = unionAll(
      outcomes.flatMap(({ packets, verdict: { kind } }) =>
        kind === 'ambiguous' || kind === 'not-modelled' ? [packets] : [],
      ),
    );
    const more = union(
      subtract(servicesIn(now), some ?? EMPTY),
      subtract(openToAll(now, six.model.outside), all ?? EMPTY),
    );
    const kept = subtract(servicesIn(unsure), some ?? EMPTY);
    return [
      { breaks: true, packets: intersect(now, anyEnds(more)) },
      { breaks: false, packets: intersect(unsure, anyEnds(kept)) },
    ].flatMap(({ breaks, packets }) => {
      const outcome = outcomes.find((each) => !isEmpty(intersect(each.packets, packets)));
      if (outcome === undefined) return [];
      const finding: Finding = { space: six, from: [], to, packets, outcome };
      return [{ breaks, finding }];
    });
  });
  return { pairs, findings };
}

function fromOutside(model: Model, id: string): readonly Outcome[] {
  return trace(model, {
    from: { kind: 'addresses', ranges: model.outside },
    to: { kind: 'network-interface', id },
  });
}

const NOBODY: Range = { first: 0, last: 0 };
const NO_ENDS = { sources: [NOBODY], destinations: [NOBODY] };

/** Sent from some address: protocols, ports and types, with no addresses. */
const servicesIn = (set: PacketSet): PacketSet =>
  translate(translate(set, 'source', 0), 'destination', 0);

/** The same, sent from every one of the addresses. */
function openToAll(set: PacketSet, sources: readonly Range[]): PacketSet {
  const all = box({ sources, destinations: [NOBODY] });
  const missing = subtract(all, translate(set, 'destination', 0));
  return subtract(box(NO_ENDS), servicesIn(missing));
}

const anyEnds = (services: PacketSet): PacketSet =>
  translatedInto(translatedInto(services, 'source', 0), 'destination', 0);

const ECHO: readonly (readonly [number, number])[] = [
  [ICMP, 8],
  [ICMPV6, 128],
];

/** ICMP of IPv4 stands for that of IPv6: all of it, or an echo for an echo. */
function alsoIcmp6(services: PacketSet): PacketSet {
  const [four = EMPTY, six = EMPTY] = ECHO.map(([protocol, type]) =>
    box({ ...NO_ENDS, protocol, details: [{ first: type, last: type }, undefined] }),
  );
  if (includes(services, box({ ...NO_ENDS, protocol: ICMP }))) {
    return union(services, box({ ...NO_ENDS, protocol: ICMPV6 }));
  }
  return isEmpty(intersect(services, four)) ? services : union(services, six);
}
