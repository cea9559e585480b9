/** What filters allow between two classes that talk directly, each answer worked out once. */
import type { Region } from '../region/region.ts';
import { isIn, rangeOf, within } from './addresses.ts';
import type { AddressClass } from './classes.ts';
import type { Model } from './model.ts';
import { intersect, type PacketSet, union } from './packet-set/packet-set.ts';
import { translatedInto, UNANSWERED } from './packet-set/rewrite.ts';
import { packetsOf } from './rule-packets.ts';
import { NOTHING, type ServicesId, type ServicesTable } from './services.ts';
import type { Direction } from './verdict.ts';

export interface GroupGates {
  /** The number of what a rule can know of a peer: its groups and its place in the blocks. */
  signature(peer: AddressClass): number;
  /** What a class may send, by the signature of the peer. */
  egressRow(from: AddressClass): Uint32Array;
  ingress(to: AddressClass, from: AddressClass): ServicesId;
}

export function groupGates(
  { region }: Model,
  classes: readonly AddressClass[],
  table: ServicesTable,
): GroupGates {
  const numbers = new Map<string, number>();
  const peers: AddressClass[] = [];
  const signatures = classes.map((each) => {
    const key = `${each.groups} ${each.atom}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, peers.length);
    return peers.push(each) - 1;
  });
  const rows: Record<Direction, Uint32Array[]> = { ingress: [], egress: [] };
  const row = (each: AddressClass, direction: Direction): Uint32Array => {
    const known = rows[direction][each.groups];
    if (known !== undefined) return known;
    const made = gateRow(region, each, direction, peers, table);
    rows[direction][each.groups] = made;
    return made;
  };
  return {
    signature: ({ index }) => signatures[index] ?? 0,
    egressRow: (from) => row(from, 'egress'),
    ingress: (to, from) => row(to, 'ingress')[signatures[from.index] ?? 0] ?? NOTHING,
  };
}

/** What one set of groups allows in a direction, by the signature of the peer. */
function gateRow(
  region: Region,
  { port }: AddressClass,
  direction: Direction,
  peers: readonly AddressClass[],
  table: ServicesTable,
): Uint32Array {
  const rules = port.networkInterface.securityGroupIds.flatMap((id) =>
    (region.securityGroups[id]?.[direction] ?? []).map((rule) => ({
      peer: rule.peer,
      services: table.idOf(packetsOf(rule, {})),
    })),
  );
  // By block and by referenced group once, not once for every rule and peer.
  const byAtom: ServicesId[] = [];
  const ofBlock = (address: number): ServicesId =>
    rules.reduce<ServicesId>((all, { peer, services }) => {
      const matches = peer.kind === 'cidr' && within(address, rangeOf(peer.cidr));
      return matches ? table.or(all, services) : all;
    }, NOTHING);
  const byGroup = new Map<string, ServicesId>();
  for (const { peer, services } of rules) {
    if (peer.kind !== 'group') continue;
    const before = byGroup.get(peer.groupId) ?? NOTHING;
    byGroup.set(peer.groupId, table.or(before, services));
  }
  const byGroups: ServicesId[] = [];
  const ofGroups = (ids: readonly string[]): ServicesId => {
    let all = NOTHING;
    for (const id of ids) all = table.or(all, byGroup.get(id) ?? NOTHING);
    return all;
  };
  return Uint32Array.from(peers, ({ address, atom, groups, port: other }) => {
    const block = byAtom[atom] ?? ofBlock(address);
    byAtom[atom] = block;
    const references = byGroups[groups] ?? ofGroups(other.networkInterface.securityGroupIds);
    byGroups[groups] = references;
    return table.or(block, references);
  });
}

export interface AclGates {
  /** Whether both send each other's addresses by a local route. */
  local(from: AddressClass, to: AddressClass): boolean;
  /** What both ACLs let through, both ways. Asked where the subnets differ. */
  both(from: AddressClass, to: AddressClass): ServicesId;
}

export function aclGates(model: Model, table: ServicesTable): AclGates {
  const locals = new Map<number, boolean>();
  const sides = new Map<number, ServicesId>();
  const key = (one: AddressClass, other: AddressClass, opens: boolean): number =>
    (one.subnet * 2 ** 20 + other.atom) * 2 + Number(opens);
  const isLocal = (one: AddressClass, other: AddressClass): boolean => {
    const known = locals.get(key(one, other, true));
    if (known !== undefined) return known;
    const route = model
      .routes(one.port.subnet.routeTableId)
      .find(({ destinations }) => isIn(other.address, destinations));
    const made = route?.target.kind === 'local';
    locals.set(key(one, other, true), made);
    return made;
  };
  /** What the ACL of one's subnet lets through of a conversation with the other. */
  const side = (one: AddressClass, other: AddressClass, opens: boolean): ServicesId => {
    const known = sides.get(key(one, other, opens));
    if (known !== undefined) return known;
    const { egress, ingress } = model.acl(one.port.subnet.networkAclId);
    // Filters name the other end's address only, so the own one is of no matter.
    const out = translatedInto(egress.allowed, 'destination', other.address);
    const back = translatedInto(ingress.allowed, 'source', other.address);
    const made = opens
      ? intersect(out, replyPasses(model, back))
      : intersect(back, replyPasses(model, out));
    const id = table.idOf(made);
    sides.set(key(one, other, opens), id);
    return id;
  };
  return {
    local: (from, to) => isLocal(from, to) && isLocal(to, from),
    both: (from, to) => table.and(side(from, to, true), side(to, from, false)),
  };
}

/** The packets whose reply, where there is one, is in the set. */
function replyPasses(model: Model, set: PacketSet): PacketSet {
  return union(model.repliedBy(set), UNANSWERED);
}
