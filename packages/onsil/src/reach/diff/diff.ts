/** What becomes reachable and what stops being so from one region to another. */
import { ipv6BlocksOf } from '../address-space.ts';
import { commonRanges } from '../addresses.ts';
import type { AddressClass } from '../classes.ts';
import type { NameSpace } from '../endpoint.ts';
import { ipv6Of } from '../families.ts';
import { compile, type Model } from '../model.ts';
import {
  EMPTY,
  intersect,
  isEmpty,
  type PacketSet,
  type Range,
  subtract,
  unionAll,
} from '../packet-set/packet-set.ts';
import { translate } from '../packet-set/rewrite.ts';
import { type Reachability, reachability } from '../reachability.ts';
import type { Outcome } from '../trace/state.ts';
import { addressesFor, type Question, trace } from '../trace/trace.ts';
import type { Verdict } from '../verdict.ts';
import { addressFact, allFacts, factsOf } from './facts.ts';
import { type HostChanges, hostChanges, type Twin, twinsOf } from './hosts.ts';

/** Between each of `from` and each of `to`. */
export interface PathChange {
  /** Names; absent: outside. */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  /** Of the region that has the path, and of the family that it is about. */
  readonly space: NameSpace;
  /** What is new, or gone. Addresses of hosts are of no meaning; those outside are. */
  readonly packets: PacketSet;
  /** Of the path: reachable, or open for a reason that is named. */
  readonly verdict: Verdict;
  /** The settings along the path that the other region has not; all of them, where it has them. */
  readonly settings: readonly string[];
}

export interface Diff {
  readonly hosts: HostChanges;
  /** From outside. */
  readonly exposed: readonly PathChange[];
  readonly unexposed: readonly PathChange[];
  readonly opened: readonly PathChange[];
  readonly closed: readonly PathChange[];
}

/**
 * By private addresses inside a VPC, by public ones from outside. An interface with several
 * addresses is one end: what is open at one of them is open.
 */
export function diff(before: NameSpace, after: NameSpace): Diff {
  const found = familiesOfBoth(before, after).map(([old, now]) => changesBetween(old, now));
  const gained = found.flatMap((each) => each.gained);
  const lost = found.flatMap((each) => each.lost);
  return {
    hosts: hostChanges(before.model.region, after.model.region),
    exposed: gained.filter(({ from }) => from === undefined),
    unexposed: lost.filter(({ from }) => from === undefined),
    opened: gained.filter(({ from }) => from !== undefined),
    closed: lost.filter(({ from }) => from !== undefined),
  };
}

/** IPv6 where one of the regions has it; one numbering for both, so that sets can be compared. */
function familiesOfBoth(
  before: NameSpace,
  after: NameSpace,
): readonly (readonly [NameSpace, NameSpace])[] {
  const spaces = [before, after];
  if (spaces.every((each) => ipv6Of(each) === undefined)) return [[before, after]];
  const named = spaces.flatMap(({ model }) => ipv6BlocksOf(model.region));
  const ipv6 = (each: NameSpace): NameSpace => {
    const { region, notModelled } = each.model;
    return { ...each, model: compile(region, 'ipv6', { named, notModelled }) };
  };
  return [
    [before, after],
    [ipv6(before), ipv6(after)],
  ];
}

function changesBetween(
  before: NameSpace,
  after: NameSpace,
): { readonly gained: readonly PathChange[]; readonly lost: readonly PathChange[] } {
  const outside = commonRanges(before.model.outside, after.model.outside);
  const [old, now] = [sideOf(before, outside), sideOf(after, outside)];
  const kinds = kindsOf(twinsOf(before.model.region, after.model.region), old, now);
  return {
    gained: changes(
      kinds,
      old,
      now,
      ({ before: id }) => id,
      ({ after: id }) => id,
    ),
    lost: changes(
      kinds,
      now,
      old,
      ({ after: id }) => id,
      ({ before: id }) => id,
    ),
  };
}

/** One of the two regions, with all pairs. */
interface Side {
  readonly space: NameSpace;
  readonly model: Model;
  readonly matrix: Reachability;
  readonly classesOf: (networkInterfaceId: string) => readonly AddressClass[];
  readonly outside: readonly Range[];
  readonly facts: ReadonlySet<string>;
  /** What was traced already: each side is asked twice. */
  readonly crossings: Map<string, PacketSet>;
}

function sideOf(space: NameSpace, outside: readonly Range[]): Side {
  const { model } = space;
  const matrix = reachability(model, outside);
  const classes = new Map<string, AddressClass[]>();
  for (const each of matrix.classes) {
    for (const { networkInterfaceId: id } of each.members) {
      const known = classes.get(id);
      if (known === undefined) classes.set(id, [each]);
      else known.push(each);
    }
  }
  return {
    space,
    model,
    matrix,
    outside,
    classesOf: (id) => classes.get(id) ?? [],
    facts: allFacts(model),
    crossings: new Map(),
  };
}

/** Twins that no rule of either region tells apart. */
type Kind = readonly Twin[];

function kindsOf(twins: readonly Twin[], old: Side, now: Side): readonly Kind[] {
  const indexes = (side: Side, id: string | undefined): string =>
    id === undefined
      ? '-'
      : side
          .classesOf(id)
          .map(({ index }) => index)
          .join(' ');
  const key = (each: Twin): string => `${indexes(old, each.before)}|${indexes(now, each.after)}`;
  return [...Map.groupBy(twins, key).values()];
}

type Id = (twin: Twin) => string | undefined;

/** What there is on the side `there` and not on the side `here`. */
function changes(
  kinds: readonly Kind[],
  here: Side,
  there: Side,
  idHere: Id,
  idThere: Id,
): readonly PathChange[] {
  const names = (kind: Kind): readonly string[] => kind.map(({ name }) => name);
  const found: PathChange[] = [];
  const add = (
    from: Kind | undefined,
    to: Kind | undefined,
    packets: PacketSet,
    question: Question,
  ): void => {
    const outcome = isEmpty(packets) ? undefined : pathOf(there.model, question, packets);
    if (outcome === undefined) return;
    found.push({
      space: there.space,
      ...(from === undefined ? {} : { from: names(from) }),
      ...(to === undefined ? {} : { to: names(to) }),
      packets,
      verdict: outcome.verdict,
      settings: settingsOf(here, there, outcome, question),
    });
  };
  for (const kind of kinds) {
    const [first] = kind;
    if (first === undefined) continue;
    const [ours, theirs] = [idHere(first), idThere(first)];
    if (theirs === undefined) continue;
    for (const way of ['inward', 'outward'] as const) {
      const packets = subtract(crossing(there, theirs, way), crossing(here, ours, way));
      const question = crossingQuestion(there, theirs, way);
      if (way === 'inward') add(undefined, kind, packets, question);
      else add(kind, undefined, packets, question);
    }
    for (const other of kinds) {
      const peer = other.find((each) => each !== first);
      const peerId = peer === undefined ? undefined : idThere(peer);
      if (peer === undefined || peerId === undefined) continue;
      const packets = subtract(between(there, theirs, peerId), between(here, ours, idHere(peer)));
      if (!isEmpty(packets)) add(kind, other, packets, pairQuestion(there, theirs, peerId));
    }
  }
  return found;
}

function between(side: Side, from: string | undefined, to: string | undefined): PacketSet {
  if (from === undefined || to === undefined) return EMPTY;
  return unionAll(
    side
      .classesOf(from)
      .flatMap((one) => side.classesOf(to).map((other) => side.matrix.services(one, other))),
  );
}

/** With the host's own address, which differs between regions, out of the way. */
function crossing(side: Side, id: string | undefined, way: 'inward' | 'outward'): PacketSet {
  if (id === undefined) return EMPTY;
  const known = side.crossings.get(`${way} ${id}`);
  if (known !== undefined) return known;
  const outcomes = trace(side.model, crossingQuestion(side, id, way));
  const open = unionAll(
    outcomes.flatMap(({ packets, verdict }) => (verdict.kind === 'blocked' ? [] : [packets])),
  );
  const made = translate(open, way === 'inward' ? 'destination' : 'source', 0);
  side.crossings.set(`${way} ${id}`, made);
  return made;
}

function crossingQuestion(side: Side, id: string, way: 'inward' | 'outward'): Question {
  const host = { kind: 'network-interface', id } as const;
  const outside = { kind: 'addresses', ranges: side.outside } as const;
  return way === 'inward' ? { from: outside, to: host } : { from: host, to: outside };
}

function pairQuestion({ model }: Side, id: string, peerId: string): Question {
  const ranges = addressesFor(model, peerId, model.ports.get(id)?.vpc.id);
  return { from: { kind: 'network-interface', id }, to: { kind: 'addresses', ranges } };
}

/** The outcome that carries some of the packets: those that get through before those that may. */
function pathOf(model: Model, question: Question, packets: PacketSet): Outcome | undefined {
  const carrying = trace(model, question).filter(
    (each) =>
      each.verdict.kind !== 'blocked' &&
      (['source', 'destination'] as const).some(
        (side) =>
          !isEmpty(intersect(packets, translate(each.packets, side, 0))) ||
          !isEmpty(intersect(packets, each.packets)),
      ),
  );
  return carrying.find(({ verdict }) => verdict.kind === 'reachable') ?? carrying[0];
}

function settingsOf(
  here: Side,
  there: Side,
  { forward, back }: Outcome,
  { from, to }: Question,
): readonly string[] {
  const { region } = there.model;
  const isInward = from.kind === 'addresses' && to.kind === 'network-interface';
  const all = [
    ...(isInward ? [addressFact(there.model, to.id)] : []),
    ...factsOf(region, forward),
    ...factsOf(region, back),
  ];
  const different = all.filter((fact) => !here.facts.has(fact));
  return [...new Set(different.length > 0 ? different : all)];
}
