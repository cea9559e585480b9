import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalBlock6, formatAddress6, parseAddress6 } from './ipv6.ts';

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
