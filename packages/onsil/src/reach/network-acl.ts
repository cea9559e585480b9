/**
 * Network ACLs: stateless; the entry with the lowest number that matches decides, and what no
 * entry matches is denied.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
import type { NetworkAcl } from '../region/network-acl.ts';
import type { AddressSpace } from './address-space.ts';
import {
  EMPTY,
  type PacketSet,
  subtract,
  UNIVERSE,
  union,
  unionAll,
} from './packet-set/packet-set.ts';
import { packetsOf } from './rule-packets.ts';
import { type Direction, LAST_ENTRY } from './verdict.ts';

/** What one entry decides: the packets that no entry before it matches. */
export interface AclDecision {
  readonly entry: number;
  readonly action: 'allow' | 'deny';
  readonly packets: PacketSet;
}

export interface AclSide {
  readonly allowed: PacketSet;
  /** In order; together they hold every packet once. */
  readonly decisions: readonly AclDecision[];
}

export type AclTable = Readonly<Record<Direction, AclSide>>;

/** A subnet without an ACL in force lets nothing pass: that state is none of AWS's. */
export function compileAcl(acl: NetworkAcl | undefined, space: AddressSpace): AclTable {
  return { ingress: side(acl, space, 'ingress'), egress: side(acl, space, 'egress') };
}

function side(acl: NetworkAcl | undefined, space: AddressSpace, direction: Direction): AclSide {
  const entries = (acl?.entries ?? [])
    .filter(({ egress }) => egress === (direction === 'egress'))
    .toSorted((a, b) => a.number - b.number);
  const decisions: AclDecision[] = [];
  let decided = EMPTY;
  for (const { number, action, cidr, ...fields } of entries) {
    const peer = space.rangesOf(cidr);
    // Of the other family.
    if (peer.length === 0) continue;
    const ends = direction === 'egress' ? { destinations: peer } : { sources: peer };
    const matched = packetsOf(fields, ends);
    decisions.push({ entry: number, action, packets: subtract(matched, decided) });
    decided = union(decided, matched);
  }
  decisions.push({ entry: LAST_ENTRY, action: 'deny', packets: subtract(UNIVERSE, decided) });
  const allowing = decisions.filter(({ action }) => action === 'allow');
  return { decisions, allowed: unionAll(allowing.map(({ packets }) => packets)) };
}
