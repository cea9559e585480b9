/** Changes of a region of which is known what they do to every answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBlock, parseBlock } from '../../region/ipv4.ts';
import { formatAddress6, parseBlock6 } from '../../region/ipv6.ts';
import type { Region } from '../../region/region.ts';
import { EVERYWHERE } from '../addresses.ts';
import { seedOf } from '../fuzz.ts';
import { compile } from '../model.ts';
import { EMPTY, equals, includes, type PacketSet, union } from '../packet-set/packet-set.ts';
import { isIpv6 } from '../packet-trace/address.ts';
import { randomRegion } from '../packet-trace/random-region.ts';
import { reached } from '../reachability.ts';
import { trace } from '../trace/trace.ts';

const FAMILIES = ['ipv4', 'ipv6'] as const;
type Family = (typeof FAMILIES)[number];

/** Blocks whose ends every change below leaves or makes: both regions then have equal numbers. */
const NAMED = [
  '::/1',
  '2000::/5',
  '2001:db8:1::/57',
  '2001:db8:1::/65',
  '2001:db8:1:1::/65',
].concat(['2001:db8:2::/65', '2001:db8:ffff::/49']);

/** Everything that reaches anything: as sent. */
function flowsOf(region: Region, family: Family): PacketSet {
  const model = compile(region, family, { named: NAMED });
  const to = { kind: 'addresses', ranges: [EVERYWHERE] } as const;
  const senders = Object.keys(region.networkInterfaces).map((id) =>
    reached(trace(model, { from: { kind: 'network-interface', id }, to })),
  );
  const outside = { kind: 'addresses', ranges: model.outside } as const;
  return [...senders, reached(trace(model, { from: outside, to }))].reduce(union, EMPTY);
}

type Groups = Region['securityGroups'][string];
type Acl = Region['networkAcls'][string];

function changed(
  region: Region,
  group: (group: Groups) => Groups,
  acl: (acl: Acl) => Acl = (same) => same,
): Region {
  const each = <T>(table: Readonly<Record<string, T>>, change: (thing: T) => T) =>
    Object.fromEntries(Object.entries(table).map(([id, thing]) => [id, change(thing)]));
  return {
    ...region,
    securityGroups: each(region.securityGroups, group),
    networkAcls: each(region.networkAcls, acl),
  };
}

function holds(
  change: (region: Region) => Region,
  law: (before: PacketSet, after: PacketSet) => boolean,
  given: (region: Region) => Region = (region) => region,
) {
  let differences = 0;
  fc.assert(
    fc.property(randomRegion, fc.constantFrom(...FAMILIES, 'ipv4'), (region, family) => {
      const before = flowsOf(given(region), family);
      const after = flowsOf(change(given(region)), family);
      expect(law(before, after)).toBe(true);
      if (!equals(before, after)) differences += 1;
    }),
    { numRuns: 40, seed: seedOf(process.env) },
  );
  return differences;
}

test('rules, entries, routes and prefix lists in another order change nothing', () => {
  const turn = (region: Region): Region => ({
    ...changed(
      region,
      (group) => ({
        ...{ ...group, ingress: group.ingress.toReversed(), egress: group.egress.toReversed() },
      }),
      (acl) => ({ ...acl, entries: acl.entries.toReversed() }),
    ),
    routeTables: Object.fromEntries(
      Object.entries(region.routeTables).map(([id, table]) => [
        id,
        { ...table, routes: table.routes.toReversed() },
      ]),
    ),
    prefixLists: Object.fromEntries(
      Object.entries(region.prefixLists)
        .toReversed()
        .map(([id, { entries, ...list }]) => [
          id,
          entries === undefined ? list : { ...list, entries: entries.toReversed() },
        ]),
    ),
    networkInterfaces: Object.fromEntries(Object.entries(region.networkInterfaces).toReversed()),
  });
  holds(turn, equals);
});

const PEERS = [
  { kind: 'cidr', cidr: '10.0.0.0/16' },
  { kind: 'cidr6', cidr: '2001:db8:1::/56' },
  { kind: 'prefix-list', prefixListId: 'pl-s3' },
] as const;

test('one more group rule never takes a flow away', () => {
  const rule = { id: 'sgr-more', protocol: 6, fromPort: 1, toPort: 9999 } as const;
  const more = (region: Region): Region =>
    changed(region, (group) => ({
      ...{ ...group, ingress: [...group.ingress, ...PEERS.map((peer) => ({ ...rule, peer }))] },
    }));
  expect(holds(more, (before, after) => includes(after, before))).toBeGreaterThan(0);
});

test('one more ACL entry that denies never adds a flow', () => {
  const entry = { egress: false, protocol: 6, fromPort: 20, toPort: 9000, action: 'deny' } as const;
  const denials = ['10.0.0.0/16', '2001:db8:1::/56'].map((cidr, index) => ({
    ...{ ...entry, number: 7 + index, cidr },
  }));
  // Entries that had its number are gone in both, so that nothing else differs.
  const without = (acl: Acl): Acl => ({
    ...{ ...acl, entries: acl.entries.filter(({ number }) => number !== 7 && number !== 8) },
  });
  const less = (region: Region): Region =>
    changed(
      region,
      (same) => same,
      (acl) => ({ ...acl, entries: [...acl.entries, ...denials] }),
    );
  const given = (region: Region): Region => changed(region, (same) => same, without);
  expect(holds(less, (before, after) => includes(before, after), given)).toBeGreaterThan(0);
});

test('ACL entries numbered otherwise, in the same order, change nothing', () => {
  const renumbered = (region: Region): Region =>
    changed(
      region,
      (same) => same,
      (acl) => ({
        ...acl,
        entries: acl.entries.map((entry) => ({ ...entry, number: entry.number * 3 + 5 })),
      }),
    );
  holds(renumbered, equals);
});

test('a block written as its two halves changes nothing', () => {
  const halves = (cidr: string): readonly string[] => {
    if (isIpv6(cidr)) return halves6(cidr);
    const block = parseBlock(cidr);
    if (block === undefined || block.prefix === 32) return [cidr];
    const prefix = block.prefix + 1;
    const second = block.first + 2 ** (32 - prefix);
    return [block.first, second].map((first) => formatBlock({ first, prefix }));
  };
  const rules = (all: Groups['ingress']): Groups['ingress'] =>
    all.flatMap((rule) => {
      const { peer } = rule;
      return 'cidr' in peer
        ? halves(peer.cidr).map((cidr) => ({ ...rule, peer: { ...peer, cidr } }))
        : [rule];
    });
  const split = (region: Region): Region =>
    changed(
      region,
      (group) => ({ ...group, ingress: rules(group.ingress), egress: rules(group.egress) }),
      (acl) => ({
        ...acl,
        entries: acl.entries.flatMap((entry) =>
          halves(entry.cidr).map((cidr, index) => ({
            ...{ ...entry, cidr, number: entry.number * 10 + index },
          })),
        ),
      }),
    );
  holds(split, equals);
});

function halves6(cidr: string): readonly string[] {
  const block = parseBlock6(cidr);
  if (block === undefined || block.prefix === 128) return [cidr];
  const prefix = block.prefix + 1;
  const second = block.first + (1n << BigInt(128 - prefix));
  return [block.first, second].map((first) => `${formatAddress6(first)}/${prefix}`);
}
