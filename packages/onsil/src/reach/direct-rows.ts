/**
 * What a class reaches directly, of all others at once. Egress rules depend on the sender's groups
 * and the peer, ingress rules on the peer and the receiver's groups, ACLs on the two places: a pair
 * is a few words of bits, joined and cut. Of most pairs one word says that they are open; all of
 * a pair's words are gathered where its services are asked for.
 */
import type { AclGates, GroupRules } from './direct-gates.ts';
import type { PacketSet } from './packet-set/packet-set.ts';
import type { Profiles } from './profiles.ts';
import { senderWords } from './sender-words.ts';
import type { ServicesTable } from './services.ts';

export const CLOSED = 0;
export const OPEN = 1;
/** Not by local routes or peering both ways: to be traced. */
export const INDIRECT = 2;

/** Words that have bits, each with its number. */
export interface Words {
  readonly at: Int32Array;
  readonly bits: Int32Array;
}

export interface Row {
  /** Of each receiver, by its profile: CLOSED, OPEN or INDIRECT. */
  readonly kinds: Uint8Array;
  /** Services of a receiver, by its profile; words hold until the next call. */
  wordsTo(receiver: number): Words;
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
  const words = senderWords(places, rules, acls, table);
  const { toGroup, toAtom, acceptedStart, acceptedAt, acceptedBits, masks } = words;
  const bySet = Map.groupBy(all.keys(), (profile) => all[profile]?.groups ?? 0);
  const receivers = [...bySet].map(([set, profiles]) => ({
    groups: Int32Array.from(rules.sets[set] ?? []),
    profiles: Int32Array.from(profiles),
  }));
  const placeOf = Int32Array.from(all, ({ place }) => place);
  const atomOf = Int32Array.from(places, ({ atom }) => atom);
  // One for all rows: memory that is always new costs more than what is done with it.
  const accepted = new Int32Array(width);
  const touched = new Int32Array(width);
  const [at, bits] = [new Int32Array(width), new Int32Array(width)];
  const openAt = new Uint8Array(places.length * rules.count);

  return (sender) => {
    const { groups = 0, place = 0 } = all[sender] ?? {};
    const own = rules.sets[groups] ?? [];
    const from = places[place];
    if (from === undefined) throw new RangeError(`There is no profile ${sender}.`);
    const { isIndirect, gates } = words.gather(from, own);
    findOpen();
    const kinds = new Uint8Array(all.length);
    for (const { groups: carried, profiles } of receivers) {
      let count = -1;
      for (let each = 0; each < profiles.length; each += 1) {
        const receiver = profiles[each] ?? 0;
        const where = placeOf[receiver] ?? 0;
        if (isIndirect[where] === 1) kinds[receiver] = INDIRECT;
        else if (isOpenAt(where, carried)) kinds[receiver] = OPEN;
        else {
          if (count < 0) count = accept(carried);
          if (meet(carried, where, count, 1) > 0) kinds[receiver] = OPEN;
        }
      }
      forget(count);
    }
    const wordsTo = (receiver: number): Words => {
      const carried = Int32Array.from(rules.sets[all[receiver]?.groups ?? 0] ?? []);
      const count = accept(carried);
      const found = meet(carried, placeOf[receiver] ?? 0, count, width);
      forget(count);
      return { at: at.subarray(0, found), bits: bits.subarray(0, found) };
    };
    return { kinds, gates, wordsTo };
  };

  /** Joins what ingress rules of the groups allow. @returns how many words have bits */
  function accept(carried: Int32Array): number {
    let count = 0;
    for (let member = 0; member < carried.length; member += 1) {
      const group = carried[member] ?? 0;
      const next = acceptedStart[group + 1] ?? 0;
      for (let index = acceptedStart[group] ?? 0; index < next; index += 1) {
        const word = acceptedAt[index] ?? 0;
        const before = accepted[word] ?? 0;
        if (before === 0) touched[count++] = word;
        accepted[word] = before | (acceptedBits[index] ?? 0);
      }
    }
    return count;
  }

  function forget(count: number): void {
    for (let index = 0; index < count; index += 1) accepted[touched[index] ?? 0] = 0;
  }

  /** Cuts what was accepted by egress rules and ACLs. @returns how many words, `most` at most */
  function meet(carried: Int32Array, where: number, count: number, most: number): number {
    const atom = (atomOf[where] ?? 0) * width;
    let found = 0;
    // Only where an ingress rule has bits can there be any.
    for (let index = 0; index < count && found < most; index += 1) {
      const word = touched[index] ?? 0;
      const ingress = (accepted[word] ?? 0) & (masks[where * width + word] ?? 0);
      if (ingress === 0) continue;
      let both = (toAtom[atom + word] ?? 0) & ingress;
      for (let member = 0; both !== ingress && member < carried.length; member += 1) {
        both |= (toGroup[(carried[member] ?? 0) * width + word] ?? 0) & ingress;
      }
      if (both === 0) continue;
      at[found] = word;
      bits[found] = both;
      found += 1;
    }
    return found;
  }

  function isOpenAt(where: number, carried: Int32Array): boolean {
    for (let member = 0; member < carried.length; member += 1) {
      if (openAt[where * rules.count + (carried[member] ?? 0)] === 1) return true;
    }
    return false;
  }

  /**
   * Whether a group alone opens its members at a place, because an egress rule names their address:
   * so are most pairs that are open, and then nothing has to be joined to know it.
   */
  function findOpen(): void {
    openAt.fill(0);
    for (let where = 0; where < places.length; where += 1) {
      const atom = (atomOf[where] ?? 0) * width;
      for (let group = 0; group < rules.count; group += 1) {
        const next = acceptedStart[group + 1] ?? 0;
        for (let index = acceptedStart[group] ?? 0; index < next; index += 1) {
          const word = acceptedAt[index] ?? 0;
          const sent = (toAtom[atom + word] ?? 0) & (masks[where * width + word] ?? 0);
          if ((sent & (acceptedBits[index] ?? 0)) === 0) continue;
          openAt[where * rules.count + group] = 1;
          break;
        }
      }
    }
  }
}
