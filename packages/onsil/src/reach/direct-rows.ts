/**
 * What a class reaches directly, of all others at once. Egress rules depend on the sender's groups
 * and the peer, ingress rules on the peer and the receiver's groups, ACLs on the two places: a pair
 * is a few words of bits, joined and cut.
 */
import type { AddressClass } from './classes.ts';
import type { AclGates, GroupRules, Place } from './direct-gates.ts';
import { EMPTY, type PacketSet, UNIVERSE } from './packet-set/packet-set.ts';
import type { ServicesTable } from './services.ts';

/** What no direct rule tells apart: a set of groups at a place. */
export interface Profile {
  readonly groups: number;
  readonly place: number;
}

export interface Profiles {
  readonly places: readonly Place[];
  readonly all: readonly Profile[];
  /** Of each class, by its index. */
  readonly of: readonly number[];
}

export function profilesOf(classes: readonly AddressClass[]): Profiles {
  const places = new Map<string, number>();
  const profiles = new Map<string, number>();
  const found: AddressClass[] = [];
  const all: Profile[] = [];
  const of = classes.map((each) => {
    const spot = `${each.subnet} ${each.atom}`;
    const place = places.get(spot) ?? found.push(each) - 1;
    places.set(spot, place);
    const key = `${each.groups} ${place}`;
    const profile = profiles.get(key) ?? all.push({ groups: each.groups, place }) - 1;
    profiles.set(key, profile);
    return profile;
  });
  return { places: found, all, of };
}

export const CLOSED = 0;
export const OPEN = 1;
/** Not by local routes or peering both ways: to be traced. */
export const INDIRECT = 2;

export interface Row {
  /** Of each receiver, by its profile: CLOSED, OPEN or INDIRECT. */
  readonly kinds: Uint8Array;
  /** Of each receiver the services: the words that have bits, from `starts` up to before `ends`. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly at: Int32Array;
  readonly bits: Int32Array;
  /** Of each place what ACLs let through on the way: it may cut parts. */
  readonly gates: readonly PacketSet[];
}

/** @returns what senders of a profile, by its number, reach; only `kinds` outlives the next call */
export function directRows(
  { places, all }: Profiles,
  rules: GroupRules,
  acls: AclGates,
  table: ServicesTable,
): (sender: number) => Row {
  const { width } = table;
  const bySet = Map.groupBy(all.keys(), (profile) => all[profile]?.groups ?? 0);
  const receivers = [...bySet].map(([set, profiles]) => ({
    groups: Int32Array.from(rules.sets[set] ?? []),
    profiles: Int32Array.from(profiles),
  }));
  const placeOf = Int32Array.from(all, ({ place }) => place);
  const atomOf = Int32Array.from(places, ({ atom }) => atom);
  const atoms = new Set(places.map(({ atom }) => atom));
  const accepted = new Int32Array(width);
  const touched = new Int32Array(width);
  // One for all rows: memory that is always new costs more than what is done with it.
  const [starts, ends] = [new Int32Array(all.length), new Int32Array(all.length)];
  const [at, bits] = [new Int32Array(all.length * width), new Int32Array(all.length * width)];
  const toGroup = new Int32Array(rules.count * width);
  const toAtom = new Int32Array((Math.max(0, ...atoms) + 1) * width);
  const byGroup = new Int32Array(rules.count * width);
  const acceptedAt = new Int32Array(byGroup.length);
  const acceptedBits = new Int32Array(byGroup.length);

  return (sender) => {
    const { groups = 0, place = 0 } = all[sender] ?? {};
    const own = rules.sets[groups] ?? [];
    const from = places[place];
    const kinds = new Uint8Array(all.length);
    if (from === undefined) throw new RangeError(`There is no profile ${sender}.`);
    let end = 0;
    const sent = sentBy(own);
    const accepting = acceptedFrom(own, from.atom);
    const passing = passingFrom(from);
    for (const { groups: carried, profiles } of receivers) {
      // Only where an ingress rule has bits can there be any.
      let count = 0;
      for (let member = 0; member < carried.length; member += 1) {
        const group = carried[member] ?? 0;
        const next = accepting.start[group + 1] ?? 0;
        for (let index = accepting.start[group] ?? 0; index < next; index += 1) {
          const word = accepting.at[index] ?? 0;
          const before = accepted[word] ?? 0;
          if (before === 0) touched[count++] = word;
          accepted[word] = before | (accepting.bits[index] ?? 0);
        }
      }
      for (let each = 0; each < profiles.length; each += 1) {
        const receiver = profiles[each] ?? 0;
        const where = placeOf[receiver] ?? 0;
        const atom = (atomOf[where] ?? 0) * width;
        let kind = passing.kinds[where] ?? 0;
        starts[receiver] = end;
        for (let index = 0; index < count; index += 1) {
          const word = touched[index] ?? 0;
          const ingress = (accepted[word] ?? 0) & (passing.masks[where * width + word] ?? 0);
          if (ingress === 0) continue;
          let both = (sent.toAtom[atom + word] ?? 0) & ingress;
          for (let member = 0; both !== ingress && member < carried.length; member += 1) {
            both |= (sent.toGroup[(carried[member] ?? 0) * width + word] ?? 0) & ingress;
          }
          if (both === 0) continue;
          at[end] = word;
          bits[end] = both;
          end += 1;
          kind = OPEN;
        }
        kinds[receiver] = kind;
        ends[receiver] = end;
      }
      for (let index = 0; index < count; index += 1) accepted[touched[index] ?? 0] = 0;
    }
    return { kinds, starts, ends, at, bits, gates: passing.gates };
  };

  /** What egress rules allow, by the receiver's groups and by its atom. */
  function sentBy(own: readonly number[]) {
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
    return { toGroup, toAtom };
  }

  /** What each group's ingress rules allow: the words that have bits, group after group. */
  function acceptedFrom(own: readonly number[], atom: number) {
    byGroup.fill(0);
    for (const one of own) {
      for (const { group, services } of rules.acceptedFrom[one] ?? []) {
        table.addTo(byGroup, group * width, services);
      }
    }
    const start = new Int32Array(rules.count + 1);
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
      start[group + 1] = count;
    }
    return { start, at: acceptedAt, bits: acceptedBits };
  }

  /** What lies between two places: nothing inside a subnet, else two ACLs, or more than a router. */
  function passingFrom(from: Place) {
    const between = new Uint8Array(places.length);
    const masks = new Int32Array(places.length * width);
    const gates = places.map((to, number): PacketSet => {
      if (!acls.near(from, to)) return EMPTY;
      if (to.subnet !== from.subnet && !acls.direct(from, to)) {
        between[number] = INDIRECT;
        return EMPTY;
      }
      const gate = to.subnet === from.subnet ? UNIVERSE : acls.both(from, to);
      masks.set(table.partsMeeting(gate), number * width);
      return gate;
    });
    return { kinds: between, masks, gates };
  }
}
