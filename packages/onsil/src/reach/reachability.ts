/**
 * Who reaches whom, all pairs at once, with all ports, as exact sets.
 *
 * Most pairs talk directly: neighbours, or by local routes or peering both ways. What such a pair
 * allows is the cut of four things that depend on few values each (egress rules: groups and peer;
 * ingress rules: peer and groups; ACLs: subnets and blocks), so each is worked out once and a pair
 * costs a few look-ups. Every other pair, and the Internet, is traced.
 */
import { single } from './addresses.ts';
import { type AddressClass, classesOf, type Member } from './classes.ts';
import { aclGates, groupRules } from './direct-gates.ts';
import { CLOSED, directRows, INDIRECT, type Row } from './direct-rows.ts';
import type { Model } from './model.ts';
import { atAcl, atGroups } from './not-modelled.ts';
import {
  box,
  EMPTY,
  intersect,
  isEmpty,
  type PacketSet,
  type Range,
  unionAll,
} from './packet-set/packet-set.ts';
import { translatedInto } from './packet-set/rewrite.ts';
import { isPassive } from './port.ts';
import { profilesOf } from './profiles.ts';
import { unknownRulesOf } from './security-group.ts';
import { ServicesList, ServicesTable } from './services.ts';
import type { Outcome } from './trace/state.ts';
import { trace } from './trace/trace.ts';
import { ANSWERED_BY_ENDPOINT } from './trace/vpc-endpoint.ts';
import type { Direction } from './verdict.ts';

export interface Reachability {
  readonly classes: readonly AddressClass[];
  /**
   * What an address of one class reaches at the private address of another one, replies included,
   * whatever the addresses: of two different interfaces, also where the classes are one.
   */
  services(from: AddressClass, to: AddressClass): PacketSet;
  /** Whether `services` is empty: cheaper to ask. */
  none(from: AddressClass, to: AddressClass): boolean;
  /** Of `services`, what cannot be told: ambiguous, or dependent on what is not modelled. */
  unknown(from: AddressClass, to: AddressClass): readonly Outcome[];
  /** What any of the outside addresses reaches at the class's public address: as they send it. */
  fromInternet(to: AddressClass): PacketSet;
  /** What the class reaches outside: as it sends it. */
  toInternet(from: AddressClass): PacketSet;
  /** How many pairs were looked up, and how many traced. */
  readonly pairs: { readonly direct: number; readonly traced: number };
}

/**
 * Nothing is worked out before it is asked, and then a sender's answers together. Which are empty
 * is kept; of the sets only the last sender's are: ask for them sender by sender.
 * @param outside the addresses that count as the Internet; every outside one where absent
 */
export function reachability(model: Model, outside = model.outside): Reachability {
  const classes = classesOf(model);
  const profiles = profilesOf(classes);
  const list = new ServicesList();
  const rules = groupRules(model, classes, list);
  const acls = aclGates(model, profiles.places);
  const table = new ServicesTable(list);
  const makeRow = directRows(profiles, rules, acls, table);
  const pairs = { direct: 0, traced: 0 };
  const kinds: Uint8Array[] = [];
  let last: Row | undefined;
  let lastSender = -1;
  const rowOf = (sender: number): Row => {
    if (last !== undefined && lastSender === sender) return last;
    last = makeRow(sender);
    lastSender = sender;
    if (kinds[sender] === undefined) {
      kinds[sender] = last.kinds;
      pairs.direct += last.kinds.reduce((sum, kind) => sum + Number(kind !== INDIRECT), 0);
    }
    return last;
  };
  const paths = new Map<number, Traced>();
  const byTrace = (from: AddressClass, to: AddressClass): Traced => {
    const key = from.index * classes.length + to.index;
    const known = paths.get(key);
    if (known !== undefined) return known;
    const pair = pairOf(from, to);
    const made = pair === undefined ? NO_PATH : traced(model, ...pair);
    paths.set(key, made);
    pairs.traced += 1;
    return made;
  };
  const alone = classes.map(onlyInterface);
  const isNoPair = (from: AddressClass, to: AddressClass): boolean => {
    const only = alone[from.index];
    const isSame = only !== undefined && only === alone[to.index];
    if (isSame || !from.port.attached || !to.port.attached) return true;
    // Services of AWS begin nothing, and a NAT gateway answers nothing.
    return isPassive(from.port) || to.port.service?.kind === 'nat-gateway';
  };
  /** Whether filters of the class depend on what is not modelled: looking up does not show it. */
  const isUnsure = ({ port }: AddressClass, direction: Direction): boolean => {
    const groupIds = port.networkInterface.securityGroupIds;
    return (
      atAcl(model, port.subnet.networkAclId) !== undefined ||
      atGroups(model, port.id, groupIds, direction) !== undefined ||
      unknownRulesOf(model, groupIds, direction).length > 0
    );
  };
  const kindOf = (from: AddressClass, to: AddressClass): number | undefined => {
    const sender = profiles.of[from.index] ?? 0;
    return (kinds[sender] ?? rowOf(sender).kinds)[profiles.of[to.index] ?? 0];
  };
  const servicesOf = (from: AddressClass, to: AddressClass): PacketSet => {
    if (isNoPair(from, to)) return EMPTY;
    const row = rowOf(profiles.of[from.index] ?? 0);
    const receiver = profiles.of[to.index] ?? 0;
    if (row.kinds[receiver] === INDIRECT) return byTrace(from, to).services;
    if (row.kinds[receiver] === CLOSED) return EMPTY;
    const gate = row.gates[profiles.all[receiver]?.place ?? 0] ?? EMPTY;
    const { at, bits } = row.wordsTo(receiver);
    const set = table.setOf(at, bits, gate);
    return isEndpoint(to) ? intersect(set, ANSWERED_BY_ENDPOINT) : set;
  };
  return {
    classes,
    pairs,
    services: servicesOf,
    none: (from, to) => {
      if (isNoPair(from, to)) return true;
      if (isEndpoint(to)) return isEmpty(servicesOf(from, to));
      const kind = kindOf(from, to);
      return kind === INDIRECT ? isEmpty(byTrace(from, to).services) : kind === CLOSED;
    },
    unknown: (from, to) => {
      if (isNoPair(from, to)) return [];
      const isTraced =
        kindOf(from, to) === INDIRECT || isUnsure(from, 'egress') || isUnsure(to, 'ingress');
      return isTraced ? byTrace(from, to).unknown : [];
    },
    fromInternet: (to) => fromInternet(model, to, outside),
    toInternet: ({ members: [from] }) =>
      from === undefined ? EMPTY : reached(ask(model, from, outside)),
  };
}

const isEndpoint = ({ port }: AddressClass): boolean => port.service?.kind === 'vpc-endpoint';

/** The interface that has all addresses of a class; undefined where there are several. */
function onlyInterface({ members, port }: AddressClass): string | undefined {
  return members.every(({ networkInterfaceId }) => networkInterfaceId === port.id)
    ? port.id
    : undefined;
}

/** A member of each, of different interfaces; nothing where there are none. */
function pairOf(from: AddressClass, to: AddressClass): readonly [Member, Member] | undefined {
  for (const one of from.members) {
    const other = to.members.find((each) => each.networkInterfaceId !== one.networkInterfaceId);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

interface Traced {
  readonly services: PacketSet;
  readonly unknown: readonly Outcome[];
}

const NO_PATH: Traced = { services: EMPTY, unknown: [] };

function traced(model: Model, from: Member, to: Member): Traced {
  const outcomes = ask(model, from, [single(to.address)]);
  const anySource = translatedInto(reached(outcomes), 'source', from.address);
  const services = translatedInto(anySource, 'destination', to.address);
  return { services, unknown: unknownOf(outcomes) };
}

function ask(model: Model, from: Member, ranges: readonly Range[]): readonly Outcome[] {
  return trace(model, {
    from: { kind: 'network-interface', id: from.networkInterfaceId },
    to: { kind: 'addresses', ranges },
    packets: box({ sources: [single(from.address)] }),
  });
}

function fromInternet(model: Model, to: AddressClass, outside: readonly Range[]): PacketSet {
  const pair = model.associations.find(
    ({ port, privateIp }) => port.id === to.port.id && privateIp === to.address,
  );
  const address = model.space.family === 'ipv4' ? pair?.publicIp : to.address;
  if (address === undefined) return EMPTY;
  return reached(
    trace(model, {
      from: { kind: 'addresses', ranges: outside },
      to: { kind: 'addresses', ranges: [single(address)] },
    }),
  );
}

/** Those that nobody can tell: ambiguous, or dependent on what is not modelled. */
export function unknownOf(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(
    ({ verdict: { kind } }) => kind === 'ambiguous' || kind === 'not-modelled',
  );
}

/** What of the outcomes gets there and back. */
export function reached(outcomes: readonly Outcome[]): PacketSet {
  return unionAll(
    outcomes.flatMap(({ packets, verdict }) => (verdict.kind === 'reachable' ? [packets] : [])),
  );
}
