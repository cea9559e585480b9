import fc from 'fast-check';
import { expect, test } from 'vitest';
import { block, contains, formatCidr, overlap, parseCidr } from './cidr.ts';

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.1/24',
  '10.0.0.1junk/32',
  '010.0.0.0/8',
  '256.0.0.0/8',
  '10.0.0/8',
  '10.0.0.0/024',
  ' 10.0.0.0/8',
  '10.0.0.0/8\n',
])('%j is no block', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

const cidrs = fc
  .tuple(fc.nat(0xffffffff), fc.nat(32))
  .map(([address, prefix]) => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));

test('a block reads back as it was written', () => {
  fc.assert(
    fc.property(cidrs, (cidr) => {
      expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
    }),
  );
});

test('two blocks overlap exactly when they share an end', () => {
  fc.assert(
    fc.property(cidrs, cidrs, (a, b) => {
      const end = ({ base, prefix }: typeof a) => base + 2 ** (32 - prefix) - 1;
      expect(overlap(a, b)).toBe(a.base <= end(b) && b.base <= end(a));
    }),
  );
});

test('blocks of one size inside another lie side by side', () => {
  const outer = { base: 10 * 2 ** 24, prefix: 16 };
  expect([0, 1, 255].map((index) => formatCidr(block(outer, 24, index)))).toEqual([
    '10.0.0.0/24',
    '10.0.1.0/24',
    '10.0.255.0/24',
  ]);
  expect(contains(outer, block(outer, 24, 255))).toBe(true);
  expect(contains(outer, block(outer, 24, 256))).toBe(false);
});
