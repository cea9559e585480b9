/** Changes of a region of which is known what they do to every answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBlock, parseBlock } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import { seedOf } from '../fuzz.ts';
import { compile } from '../model.ts';
import { EMPTY, equals, includes, type PacketSet, union } from '../packet-set/packet-set.ts';
import { randomRegion } from '../packet-trace/random-region.ts';
import { reached } from '../reachability.ts';
import { trace } from '../trace/trace.ts';

const EVERYWHERE = [{ first: 0, last: 2 ** 32 - 1 }];

/** Everything that reaches anything: as sent. */
function flowsOf(region: Region): PacketSet {
  const model = compile(region);
  const to = { kind: 'addresses', ranges: EVERYWHERE } as const;
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
) {
  let differences = 0;
  fc.assert(
    fc.property(randomRegion, (region) => {
      const [before, after] = [flowsOf(region), flowsOf(change(region))];
      expect(law(before, after)).toBe(true);
      if (!equals(before, after)) differences += 1;
    }),
    { numRuns: 40, seed: seedOf(process.env) },
  );
  return differences;
}

test('rules, entries and routes in another order change nothing', () => {
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
  });
  holds(turn, equals);
});

test('one more group rule never takes a flow away', () => {
  const rule = { id: 'sgr-more', protocol: 6, fromPort: 1, toPort: 9999 } as const;
  const peer = { kind: 'cidr', cidr: '10.0.0.0/16' } as const;
  const more = (region: Region): Region =>
    changed(region, (group) => ({ ...group, ingress: [...group.ingress, { ...rule, peer }] }));
  expect(holds(more, (before, after) => includes(after, before))).toBeGreaterThan(0);
});

test('one more ACL entry that denies never adds a flow', () => {
  const entry = { number: 7, egress: false, protocol: 6, fromPort: 20, toPort: 9000 } as const;
  const less = (region: Region): Region =>
    changed(
      region,
      (same) => same,
      (acl) => ({
        ...acl,
        entries: [
          ...acl.entries.filter(({ number }) => number !== entry.number),
          { ...entry, cidr: '10.0.0.0/16', action: 'deny' as const },
        ],
      }),
    );
  // Entries that had its number are gone in both, so that nothing else differs.
  const without = (region: Region): Region =>
    changed(
      region,
      (same) => same,
      (acl) => ({
        ...{ ...acl, entries: acl.entries.filter(({ number }) => number !== entry.number) },
      }),
    );
  let differences = 0;
  fc.assert(
    fc.property(randomRegion, (region) => {
      const [before, after] = [flowsOf(without(region)), flowsOf(less(region))];
      expect(includes(before, after)).toBe(true);
      if (!equals(before, after)) differences += 1;
    }),
    { numRuns: 40, seed: seedOf(process.env) },
  );
  expect(differences).toBeGreaterThan(0);
});

test('a block written as its two halves, and entries numbered otherwise, change nothing', () => {
  const halves = (cidr: string): readonly string[] => {
    const block = parseBlock(cidr);
    if (block === undefined || block.prefix === 32) return [cidr];
    const prefix = block.prefix + 1;
    const second = block.first + 2 ** (32 - prefix);
    return [block.first, second].map((first) => formatBlock({ first, prefix }));
  };
  const rules = (all: Groups['ingress']): Groups['ingress'] =>
    all.flatMap((rule) => {
      const { peer } = rule;
      return peer.kind === 'cidr'
        ? halves(peer.cidr).map((cidr) => ({ ...rule, peer: { kind: 'cidr' as const, cidr } }))
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
