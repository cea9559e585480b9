/** What filters allow one sender, as words of bits: gathered once for all that it may talk to. */
import type { AclGates, GroupRules, Place } from './direct-gates.ts';
import { EMPTY, type PacketSet, UNIVERSE } from './packet-set/packet-set.ts';
import type { ServicesTable } from './services.ts';

/** By the number of the receiver's place. */
export interface Passing {
  /** 1 where not by local routes or peering both ways. */
  readonly isIndirect: Uint8Array;
  /** What ACLs let through. */
  readonly gates: readonly PacketSet[];
}

/** Of the sender gathered last. */
export interface SenderWords {
  /** What egress rules allow: `width` words for each group, and for each atom. */
  readonly toGroup: Int32Array;
  readonly toAtom: Int32Array;
  /** What each group's ingress rules allow: words that have bits, from its start to the next's. */
  readonly acceptedStart: Int32Array;
  readonly acceptedAt: Int32Array;
  readonly acceptedBits: Int32Array;
  /** What some packets pass of, on the way to each place: `width` words. */
  readonly masks: Int32Array;
  gather(from: Place, groups: readonly number[]): Passing;
}

export function senderWords(
  places: readonly Place[],
  rules: GroupRules,
  acls: AclGates,
  table: ServicesTable,
): SenderWords {
  const { width } = table;
  const atoms = new Set(places.map(({ atom }) => atom));
  // One for all senders: memory that is always new costs more than what is done with it.
  const toGroup = new Int32Array(rules.count * width);
  const toAtom = new Int32Array((Math.max(0, ...atoms) + 1) * width);
  const byGroup = new Int32Array(rules.count * width);
  const acceptedStart = new Int32Array(rules.count + 1);
  const acceptedAt = new Int32Array(byGroup.length);
  const acceptedBits = new Int32Array(byGroup.length);
  const masks = new Int32Array(places.length * width);

  return {
    ...{ toGroup, toAtom, acceptedStart, acceptedAt, acceptedBits, masks },
    gather: (from, groups) => {
      sendBy(groups);
      acceptFrom(groups, from.atom);
      return passFrom(from);
    },
  };

  /** What egress rules allow, by the receiver's groups and by its atom. */
  function sendBy(own: readonly number[]): void {
    toGroup.fill(0);
    toAtom.fill(0);
    for (const one of own) {
      for (const { group, services } of rules.sending[one] ?? []) {
        table.addTo(toGroup, group * width, services);
      }
      for (const atom of atoms) {
        for (const services of rules.byBlock('egress', one, atom)) {
          table.addTo(toAtom, atom * width, services);
        }
      }
    }
  }

  /** What each group's ingress rules allow: the words that have bits, group after group. */
  function acceptFrom(own: readonly number[], atom: number): void {
    byGroup.fill(0);
    for (const one of own) {
      for (const { group, services } of rules.acceptedFrom[one] ?? []) {
        table.addTo(byGroup, group * width, services);
      }
    }
    let count = 0;
    for (let group = 0; group < rules.count; group += 1) {
      for (const services of rules.byBlock('ingress', group, atom)) {
        table.addTo(byGroup, group * width, services);
      }
      for (let word = 0; word < width; word += 1) {
        const found = byGroup[group * width + word] ?? 0;
        if (found === 0) continue;
        acceptedAt[count] = word;
        acceptedBits[count] = found;
        count += 1;
      }
      acceptedStart[group + 1] = count;
    }
  }

  /** What lies between two places: nothing inside a subnet, else two ACLs, or more than a router. */
  function passFrom(from: Place): Passing {
    const isIndirect = new Uint8Array(places.length);
    masks.fill(0);
    const gates = places.map((to, number): PacketSet => {
      if (!acls.near(from, to)) return EMPTY;
      if (to.subnet !== from.subnet && !acls.direct(from, to)) {
        isIndirect[number] = 1;
        return EMPTY;
      }
      const gate = to.subnet === from.subnet ? UNIVERSE : acls.both(from, to);
      masks.set(table.partsMeeting(gate), number * width);
      return gate;
    });
    return { isIndirect, gates };
  }
}
