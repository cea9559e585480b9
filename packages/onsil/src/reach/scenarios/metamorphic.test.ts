/** Changes of a region of which is known what they do to every answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { EVERYWHERE } from '../addresses.ts';
import { seedOf } from '../fuzz.ts';
import { changed, less, more, split, turned, withoutNumbers } from '../metamorphic.ts';
import { compile } from '../model.ts';
import { EMPTY, equals, includes, type PacketSet, union } from '../packet-set/packet-set.ts';
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
  holds(turned, equals);
});

test('one more group rule never takes a flow away', () => {
  expect(holds(more, (before, after) => includes(after, before))).toBeGreaterThan(0);
});

test('one more ACL entry that denies never adds a flow', () => {
  expect(holds(less, (before, after) => includes(before, after), withoutNumbers)).toBeGreaterThan(
    0,
  );
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
  holds(split, equals);
});
