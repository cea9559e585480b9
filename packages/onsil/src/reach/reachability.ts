/**
 * Who reaches whom, all pairs at once, with all ports, as exact sets.
 *
 * Most pairs of a VPC talk directly: neighbours, or by local routes both ways. What such a pair
 * allows is the cut of four things that depend on few values each (egress rules: groups and peer;
 * ingress rules: peer and groups; ACLs: subnets and blocks), so each is worked out once and a pair
 * costs a few look-ups. Every other pair, and the Internet, is traced.
 */
import { single } from './addresses.ts';
import { type AddressClass, classesOf, type Member } from './classes.ts';
import { aclGates, groupGates } from './direct-gates.ts';
import type { Model } from './model.ts';
import { box, EMPTY, type PacketSet, type Range, unionAll } from './packet-set/packet-set.ts';
import { translatedInto } from './packet-set/rewrite.ts';
import { NOTHING, type ServicesId, ServicesTable } from './services.ts';
import type { Outcome } from './trace/state.ts';
import { trace } from './trace/trace.ts';

export interface Reachability {
  readonly classes: readonly AddressClass[];
  /**
   * What an address of one class reaches at the private address of another one, replies included,
   * whatever the addresses: of two different interfaces, also where the classes are one.
   */
  services(from: AddressClass, to: AddressClass): PacketSet;
  /** Whether `services` is empty: cheaper to ask. */
  none(from: AddressClass, to: AddressClass): boolean;
  /** What any of the outside addresses reaches at the class's public address: as they send it. */
  fromInternet(to: AddressClass): PacketSet;
  /** What the class reaches outside: as it sends it. */
  toInternet(from: AddressClass): PacketSet;
  /** How many pairs were looked up, and how many traced. */
  readonly pairs: { readonly direct: number; readonly traced: number };
}

/**
 * @param outside the addresses that count as the Internet; every outside one where absent
 */
export function reachability(model: Model, outside = model.outside): Reachability {
  const classes = classesOf(model);
  const table = new ServicesTable();
  const size = classes.length;
  const groups = groupGates(model, classes, table);
  const acls = aclGates(model, table);
  const matrix = new Uint32Array(size * size);
  const pairs = { direct: 0, traced: 0 };
  for (const from of classes) {
    if (!from.port.attached) continue;
    const row = from.index * size;
    const egress = groups.egressRow(from);
    for (const to of classes) {
      if (to.port.vpc !== from.port.vpc || !to.port.attached) continue;
      const pair = pairOf(from, to);
      if (pair === undefined) continue;
      const allowed = table.and(egress[groups.signature(to)] ?? NOTHING, groups.ingress(to, from));
      const beside = from.subnet === to.subnet;
      if (beside || acls.local(from, to)) {
        pairs.direct += 1;
        const passing =
          allowed === NOTHING || beside ? allowed : table.and(allowed, acls.both(from, to));
        matrix[row + to.index] = passing;
      } else {
        pairs.traced += 1;
        matrix[row + to.index] = table.idOf(traced(model, ...pair));
      }
    }
  }
  const idOf = (from: AddressClass, to: AddressClass): ServicesId =>
    matrix[from.index * size + to.index] ?? NOTHING;
  return {
    classes,
    pairs,
    services: (from, to) => table.setOf(idOf(from, to)),
    none: (from, to) => idOf(from, to) === NOTHING,
    fromInternet: (to) => fromInternet(model, to, outside),
    toInternet: ({ members: [from] }) =>
      from === undefined ? EMPTY : reached(ask(model, from, outside)),
  };
}

/** A member of each, of different interfaces; nothing where there are none. */
function pairOf(from: AddressClass, to: AddressClass): readonly [Member, Member] | undefined {
  for (const one of from.members) {
    const other = to.members.find((each) => each.networkInterfaceId !== one.networkInterfaceId);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

function traced(model: Model, from: Member, to: Member): PacketSet {
  const outcomes = ask(model, from, [single(to.address)]);
  const anySource = translatedInto(reached(outcomes), 'source', from.address);
  return translatedInto(anySource, 'destination', to.address);
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
  if (pair === undefined) return EMPTY;
  return reached(
    trace(model, {
      from: { kind: 'addresses', ranges: outside },
      to: { kind: 'addresses', ranges: [single(pair.publicIp)] },
    }),
  );
}

/** What of the outcomes gets there and back. */
export function reached(outcomes: readonly Outcome[]): PacketSet {
  return unionAll(
    outcomes.flatMap(({ packets, verdict }) => (verdict.kind === 'reachable' ? [packets] : [])),
  );
}
