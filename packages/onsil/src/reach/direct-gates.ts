/** What filters name of two classes that talk directly: gathered once, before all pairs are asked. */
import type { SecurityGroupRule } from '../region/security-group.ts';
import { isIn } from './addresses.ts';
import type { AddressClass } from './classes.ts';
import type { Model } from './model.ts';
import { EMPTY, intersect, type PacketSet, union } from './packet-set/packet-set.ts';
import { translatedInto, UNANSWERED } from './packet-set/rewrite.ts';
import type { CompiledTarget } from './route-table.ts';
import { packetsOf } from './rule-packets.ts';
import { peerRangesOf } from './security-group.ts';
import { type ServicesId, ServicesList } from './services.ts';
import type { Direction } from './verdict.ts';

/** What a rule allows with members of a group. */
export interface Reference {
  readonly group: number;
  readonly services: ServicesId;
}

/** Groups by number. Only groups that some interface carries have one. */
export interface GroupRules {
  /** Of each set of groups, by its number, the groups. */
  readonly sets: readonly (readonly number[])[];
  /** How many groups there are. */
  readonly count: number;
  /** What members of a group may send to members of others. */
  readonly sending: readonly (readonly Reference[])[];
  /** Which other groups' members accept what from members of a group. */
  readonly acceptedFrom: readonly (readonly Reference[])[];
  /** What a group's rules allow with the addresses of an atom, because they name a block. */
  byBlock(direction: Direction, group: number, atom: number): readonly ServicesId[];
}

export function groupRules(
  model: Model,
  classes: readonly AddressClass[],
  list: ServicesList,
): GroupRules {
  const numbers = new Map<string, number>();
  const sets: number[][] = [];
  for (const { groups, port } of classes) {
    sets[groups] ??= port.networkInterface.securityGroupIds.map((id) => {
      const number = numbers.get(id) ?? numbers.size;
      numbers.set(id, number);
      return number;
    });
  }
  const services = servicesOf(list);
  const sending: Reference[][] = Array.from(numbers, () => []);
  const acceptedFrom: Reference[][] = Array.from(numbers, () => []);
  const addresses: number[] = [];
  for (const { atom, address } of classes) addresses[atom] = address;
  const blocks: Record<Direction, ServicesId[][][]> = { egress: [], ingress: [] };
  for (const [id, group] of numbers) {
    for (const direction of ['egress', 'ingress'] as const) {
      const rules = model.region.securityGroups[id]?.[direction] ?? [];
      for (const rule of rules) {
        const peer = rule.peer.kind === 'group' ? numbers.get(rule.peer.groupId) : undefined;
        if (peer === undefined) continue;
        if (direction === 'egress') sending[group]?.push({ group: peer, services: services(rule) });
        else acceptedFrom[peer]?.push({ group, services: services(rule) });
      }
      blocks[direction][group] = blocksOf(model, rules, addresses, services);
    }
  }
  return {
    ...{ sets, count: numbers.size, sending, acceptedFrom },
    byBlock: (direction, group, atom) => blocks[direction][group]?.[atom] ?? [],
  };
}

/** By atom, each set once. */
function blocksOf(
  model: Model,
  rules: readonly SecurityGroupRule[],
  addresses: readonly number[],
  services: (rule: SecurityGroupRule) => ServicesId,
): ServicesId[][] {
  const named = rules.flatMap((rule) =>
    rule.peer.kind === 'group'
      ? []
      : [{ ranges: peerRangesOf(model, rule.peer), services: services(rule) }],
  );
  return addresses.map((address) => {
    const matching = named.filter(({ ranges }) => isIn(address, ranges));
    return [...new Set(matching.map((each) => each.services))];
  });
}

/** Rules of many groups have the same fields. */
function servicesOf(list: ServicesList): (rule: SecurityGroupRule) => ServicesId {
  const known = new Map<string, ServicesId>();
  return (rule) => {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    const id = known.get(key) ?? list.idOf(packetsOf(rule, {}));
    known.set(key, id);
    return id;
  };
}

/** Where a class is: its subnet and its atom. */
export type Place = Pick<AddressClass, 'port' | 'address' | 'subnet' | 'atom'>;

export interface AclGates {
  /** Whether packets for own addresses may get there: in a VPC, by peering; IPv6 by the Internet. */
  near(from: Place, to: Place): boolean;
  /** Whether both send each other's addresses by a local route, or by peering. */
  direct(from: Place, to: Place): boolean;
  /** What both ACLs let through, both ways; equal sets are one value. Where the subnets differ. */
  both(from: Place, to: Place): PacketSet;
}

/** @param places of every subnet and atom that there is together */
export function aclGates(model: Model, places: readonly Place[]): AclGates {
  const atoms = Math.max(0, ...places.map(({ atom }) => atom + 1));
  const addresses: number[] = [];
  const subnets: Place['port'][] = [];
  for (const { atom, subnet, address, port } of places) {
    addresses[atom] = address;
    subnets[subnet] = port;
  }
  const list = new ServicesList();
  const side = aclSide(model, list);
  /** The number of the VPC where packets are handed over; 0: elsewhere, or nowhere. */
  const handed = new Uint16Array(subnets.length * atoms);
  const vpcs = new Map([...model.vpcRanges.keys()].map((id, index) => [id, index + 1]));
  /** 1 where nobody can tell: to be traced, whatever VPC it is. */
  const open = new Uint8Array(subnets.length * atoms);
  const opening = new Uint32Array(subnets.length * atoms);
  const answering = new Uint32Array(subnets.length * atoms);
  for (const [number, port] of subnets.entries()) {
    for (const [atom, address] of addresses.entries()) {
      const at = number * atoms + atom;
      const { routeTableId, networkAclId } = port.subnet;
      const route = model
        .routes(routeTableId)
        .find(({ destinations }) => isIn(address, destinations));
      if (route?.target.kind === 'not-modelled' || route?.target.kind === 'ambiguous') open[at] = 1;
      handed[at] = vpcs.get(handedTo(port.vpc.id, route?.target) ?? '') ?? 0;
      opening[at] = side(networkAclId, atom, address, true);
      answering[at] = side(networkAclId, atom, address, false);
    }
  }
  const at = (one: Place, other: Place): number => one.subnet * atoms + other.atom;
  const known = new Map<number, PacketSet>();
  return {
    near: (from, to) => {
      const [{ vpc }, other] = [from.port, to.port];
      return (
        vpc === other.vpc ||
        model.peered(vpc.id, other.vpc.id) ||
        open[at(from, to)] === 1 ||
        (model.space.family === 'ipv6' && model.withGateway.has(other.vpc.id))
      );
    },
    direct: (from, to) =>
      handed[at(from, to)] === vpcs.get(to.port.vpc.id) &&
      handed[at(to, from)] === vpcs.get(from.port.vpc.id),
    both: (from, to) => {
      const [there, back] = [opening[at(from, to)] ?? 0, answering[at(to, from)] ?? 0];
      const key = there * 2 ** 20 + back;
      const kept = known.get(key);
      if (kept !== undefined) return kept;
      const set = intersect(list.sets[there] ?? EMPTY, list.sets[back] ?? EMPTY);
      known.set(key, set);
      return set;
    },
  };
}

/** The VPC whose interface a route hands packets to directly. */
function handedTo(vpcId: string, target: CompiledTarget | undefined): string | undefined {
  if (target?.kind === 'local') return vpcId;
  return target?.kind === 'vpc-peering-connection' ? target.peerVpcId : undefined;
}

/** What an ACL lets through of a conversation with an address, that its subnet opens or answers. */
function aclSide(
  model: Model,
  list: ServicesList,
): (networkAclId: string, atom: number, address: number, opens: boolean) => ServicesId {
  const known = new Map<string, ServicesId>();
  return (networkAclId, atom, address, opens) => {
    const key = `${networkAclId} ${atom} ${opens}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const { egress, ingress } = model.acl(networkAclId);
    // Filters name the other end's address only, so the own one is of no matter.
    const out = translatedInto(egress.allowed, 'destination', address);
    const back = translatedInto(ingress.allowed, 'source', address);
    const made = opens
      ? intersect(out, replyPasses(model, back))
      : intersect(back, replyPasses(model, out));
    const id = list.idOf(made);
    known.set(key, id);
    return id;
  };
}

/** The packets whose reply, where there is one, is in the set. */
function replyPasses(model: Model, set: PacketSet): PacketSet {
  return union(model.repliedBy(set), UNANSWERED);
}
