/**
 * Everything that gets through in a region, in pieces small enough to ask again after a change:
 * pairs that talk directly (looked up), and every other conversation (traced).
 */
import { isIn, single } from '../addresses.ts';
import type { AddressClass, Member } from '../classes.ts';
import type { Model } from '../model.ts';
import {
  box,
  equals,
  isEmpty,
  type PacketSet,
  type Range,
  subtract,
  union,
  unionAll,
} from '../packet-set/packet-set.ts';
import { type Reachability, reachability, reached } from '../reachability.ts';
import type { CompiledTarget } from '../route-table.ts';
import type { Outcome } from '../trace/state.ts';
import { type Question, trace } from '../trace/trace.ts';
import type { Direction } from '../verdict.ts';

/** By local routes or inside a subnet: open is what both ends' groups and the ACLs allow. */
export interface DirectPair {
  readonly from: AddressClass;
  readonly to: AddressClass;
  /** Whatever the addresses. */
  readonly open: PacketSet;
}

/** Any other conversation: by a gateway or a middlebox, or between VPCs. */
export interface TracedFlow {
  /** Absent: outside. */
  readonly from?: AddressClass;
  /** Absent: outside, or the public address of somebody. */
  readonly to?: AddressClass;
  readonly question: Question;
  readonly outcomes: readonly Outcome[];
  /** Of it what gets through for sure, and what is not known to be stopped. */
  readonly sure: PacketSet;
  readonly open: PacketSet;
}

export interface Flows {
  readonly classes: readonly AddressClass[];
  /** Those with something open. */
  readonly direct: readonly DirectPair[];
  /** Of them those at whose receivers (ingress) or senders (egress) rules of the group are asked. */
  readonly carriedBy: (groupId: string, direction: Direction) => readonly DirectPair[];
  readonly traced: readonly TracedFlow[];
}

/** Packets that are not known to be stopped. */
export function openIn(outcomes: readonly Outcome[]): PacketSet {
  return unionAll(
    outcomes.flatMap(({ packets, verdict }) => (verdict.kind === 'blocked' ? [] : [packets])),
  );
}

export function flowsOf(model: Model): Flows {
  const matrix = reachability(model);
  const { classes } = matrix;
  const direct: DirectPair[] = [];
  const asked: Asked[] = [...outsideQuestions(model, classes)];
  for (const from of classes) {
    for (const to of classes) {
      if (isDirectPair(model, from, to)) {
        if (!matrix.none(from, to)) direct.push({ from, to, open: matrix.services(from, to) });
        continue;
      }
      const pair = pairOf(from, to);
      if (pair === undefined || !from.port.attached || !canMeet(model, from, to)) continue;
      asked.push({ from, to, question: between(...pair) });
    }
  }
  const traced = asked.map((each): TracedFlow => {
    const outcomes = trace(model, each.question);
    return { ...each, outcomes, sure: reached(outcomes), open: openIn(outcomes) };
  });
  return { classes, direct, carriedBy: carriersOf(direct), traced };
}

function carriersOf(direct: readonly DirectPair[]): Flows['carriedBy'] {
  const pairs = {
    ingress: new Map<string, DirectPair[]>(),
    egress: new Map<string, DirectPair[]>(),
  };
  const add = (
    known: Map<string, DirectPair[]>,
    { port }: AddressClass,
    pair: DirectPair,
  ): void => {
    for (const groupId of port.networkInterface.securityGroupIds) {
      const list = known.get(groupId);
      if (list === undefined) known.set(groupId, [pair]);
      else list.push(pair);
    }
  };
  for (const pair of direct) {
    add(pairs.ingress, pair.to, pair);
    add(pairs.egress, pair.from, pair);
  }
  return (groupId, direction) => pairs[direction].get(groupId) ?? [];
}

/**
 * Whether a copy of the region, with fewer rules and the same interfaces, still has these flows;
 * more it cannot have.
 * The fewer rules, the wider the classes: each one of `flows` is within one of the copy's.
 */
export function hasSameFlows(flows: Flows, copy: Model): boolean {
  const matrix = reachability(copy);
  const classes = wideClasses(flows.classes, matrix);
  const size = flows.classes.length;
  const known = new Map(
    flows.direct.map(({ from, to, open }) => [from.index * size + to.index, open]),
  );
  for (const from of flows.classes) {
    for (const to of flows.classes) {
      const [one, other] = [classes[from.index], classes[to.index]];
      if (one === undefined || other === undefined) return false;
      if (!isDirectPair(copy, from, to)) continue;
      const before = known.get(from.index * size + to.index);
      const isSame =
        before === undefined
          ? matrix.none(one, other)
          : equals(before, matrix.services(one, other));
      if (!isSame) return false;
    }
  }
  return flows.traced.every((flow) => isEmpty(lostOf(flow, copy)));
}

/** What gets through no more, or no longer for sure. */
export function lostOf({ question, open, sure }: TracedFlow, copy: Model): PacketSet {
  const outcomes = trace(copy, question);
  return union(subtract(open, openIn(outcomes)), subtract(sure, reached(outcomes)));
}

/** By the index of the narrower class. */
function wideClasses(
  narrow: readonly AddressClass[],
  { classes }: Reachability,
): readonly (AddressClass | undefined)[] {
  const keyOf = ({ networkInterfaceId, address }: Member): string =>
    `${networkInterfaceId} ${address}`;
  const byMember = new Map(
    classes.flatMap((each) => each.members.map((member) => [keyOf(member), each] as const)),
  );
  return narrow.map(({ members: [first] }) =>
    first === undefined ? undefined : byMember.get(keyOf(first)),
  );
}

type Asked = Pick<TracedFlow, 'from' | 'to' | 'question'>;

function outsideQuestions(model: Model, classes: readonly AddressClass[]): readonly Asked[] {
  const everybody = { kind: 'addresses', ranges: model.outside } as const;
  const publicOf = ({ networkInterfaceId, address }: Member): readonly Range[] =>
    // Nobody has a public address of IPv6 beside that of the interface.
    model.space.family === 'ipv6'
      ? [single(address)]
      : model.associations.flatMap(({ port, privateIp, publicIp }) =>
          port.id === networkInterfaceId && privateIp === address ? [single(publicIp)] : [],
        );
  // Of a class two, since a member may ask another one by its public address, and itself.
  const publics = classes.flatMap(({ members }) => members.slice(0, 2).flatMap(publicOf));
  return classes.flatMap((each): readonly Asked[] => {
    const [first] = each.members;
    if (first === undefined || !each.port.attached) return [];
    const inward = publicOf(first);
    return [
      { from: each, question: fromMember(first, [...model.outside, ...publics]) },
      ...(inward.length === 0
        ? []
        : [
            {
              to: each,
              question: { from: everybody, to: { kind: 'addresses', ranges: inward } },
            } as const,
          ]),
    ];
  });
}

const between = (from: Member, to: Member): Question => fromMember(from, [single(to.address)]);

function fromMember(
  { networkInterfaceId: id, address }: Member,
  ranges: readonly Range[],
): Question {
  return {
    from: { kind: 'network-interface', id },
    to: { kind: 'addresses', ranges },
    packets: box({ sources: [single(address)] }),
  };
}

/** A member of each, of different interfaces. */
export function pairOf(
  from: AddressClass,
  to: AddressClass,
): readonly [Member, Member] | undefined {
  for (const one of from.members) {
    const other = to.members.find((each) => each.networkInterfaceId !== one.networkInterfaceId);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

const NOWHERE: ReadonlySet<CompiledTarget['kind']> = new Set([
  ...(['no-route', 'blackhole'] as const),
  // What these carry is asked about with the addresses outside.
  ...(['internet-gateway', 'egress-only-internet-gateway'] as const),
]);

/** Of one VPC, of two that are peers, or by a way that is not modelled. */
function canMeet(model: Model, from: AddressClass, to: AddressClass): boolean {
  const [one, other] = [from.port.vpc.id, to.port.vpc.id];
  if (one === other || model.peered(one, other)) return true;
  const route = model
    .routes(from.port.subnet.routeTableId)
    .find(({ destinations }) => isIn(to.address, destinations));
  return route !== undefined && !NOWHERE.has(route.target.kind);
}

function isDirectPair(model: Model, from: AddressClass, to: AddressClass): boolean {
  if (from.port.vpc !== to.port.vpc || !from.port.attached) return false;
  if (
    from.port.subnet !== to.port.subnet &&
    !(isLocal(model, from, to) && isLocal(model, to, from))
  ) {
    return false;
  }
  return from.port !== to.port || pairOf(from, to) !== undefined;
}

const isLocal = (model: Model, one: AddressClass, other: AddressClass): boolean =>
  model
    .routes(one.port.subnet.routeTableId)
    .find(({ destinations }) => isIn(other.address, destinations))?.target.kind === 'local';
