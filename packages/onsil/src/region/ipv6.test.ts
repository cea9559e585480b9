import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalBlock6, contains6, formatAddress6, overlaps6, parseAddress6 } from './ipv6.ts';

test('reads back every address', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (address) => {
      expect(parseAddress6(formatAddress6(address))).toBe(address);
    }),
  );
});

test.each([
  ['::/0', '::/0'],
  ['2001:DB8::1/32', '2001:db8::/32'],
  ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
  ['fe80::/10', 'fe80::/10'],
])('the block %s is %s', (given, canonical) => {
  expect(canonicalBlock6(given)).toBe(canonical);
});

test.each(['::', '1::2::3/64', ':::/0', '12345::/16', '::/129', '1:2:3:4:5:6:7/64', 'g::/16'])(
  'refuses the block %s',
  (wrong) => {
    expect(canonicalBlock6(wrong)).toBeUndefined();
  },
);

test('contains and overlaps agree with the bits', () => {
  const block = fc.tuple(fc.bigInt({ min: 0n, max: 255n }), fc.nat(8));
  fc.assert(
    fc.property(block, block, ([one, short], [two, long]) => {
      // Blocks that differ in the last eight bits only.
      const text = (bits: bigint, prefix: number) => `${formatAddress6(bits)}/${120 + prefix}`;
      const has = (bits: bigint, prefix: number) =>
        new Set(
          Array.from({ length: 256 }, (_, each) => each).filter(
            (each) => each >> (8 - prefix) === Number(bits) >> (8 - prefix),
          ),
        );
      const [outer, inner] = [has(one, short), has(two, long)];
      expect(contains6(text(one, short), text(two, long))).toBe(inner.isSubsetOf(outer));
      expect(overlaps6(text(one, short), text(two, long))).toBe(!inner.isDisjointFrom(outer));
    }),
  );
  expect(contains6('2001:db8::/64', '2001:db8::5')).toBe(true);
  expect(() => contains6('2001:db8::/64', '10.0.0.1')).toThrow('"10.0.0.1/128" is not an IPv6');
});
