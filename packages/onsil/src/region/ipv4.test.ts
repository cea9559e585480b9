import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalBlock,
  contains,
  formatAddress,
  hostAt,
  overlaps,
  parseAddress,
  parseBlock,
} from './ipv4.ts';

const address = fc.tuple(
  ...([0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 255 })) as [
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
  ]),
);
const text = address.map((octets) => octets.join('.'));
const block = fc.tuple(text, fc.integer({ min: 0, max: 32 })).map(([a, p]) => `${a}/${p}`);
/** Two blocks that often meet: the same address, near or far. */
const near = fc
  .tuple(text, text, fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 32 }), fc.boolean())
  .map(([a, b, p, q, same]): [string, string] => [`${a}/${p}`, `${same ? a : b}/${q}`]);

/** The dumb oracle: an address is a text of 32 bits. */
function bits(dotted: string): string {
  return dotted
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}
function prefixBits(cidr: string): string {
  const [dotted = '', length = ''] = cidr.split('/');
  return bits(dotted).slice(0, Number(length));
}

describe('parseAddress', () => {
  test('reads back what was written', () => {
    fc.assert(fc.property(text, (dotted) => formatAddress(parseAddress(dotted) ?? -1) === dotted));
  });
  test('gives the number of the 32 bits', () => {
    fc.assert(
      fc.property(text, (dotted) => parseAddress(dotted) === Number.parseInt(bits(dotted), 2)),
    );
  });
  test.each([
    '10.0.0.1junk',
    '10.0.0',
    '10.0.0.0.0',
    '010.0.0.1',
    '10.0.0.256',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '1e1.0.0.1',
    '',
    '-1.0.0.0',
  ])('refuses %j', (wrong) => {
    expect(parseAddress(wrong)).toBeUndefined();
  });
});

describe('parseBlock', () => {
  test.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/8x',
  ])('refuses %j', (wrong) => {
    expect(parseBlock(wrong)).toBeUndefined();
  });
  test('clears the host bits', () => {
    expect(canonicalBlock('10.0.1.7/24')).toBe('10.0.1.0/24');
    fc.assert(
      fc.property(block, (cidr) => {
        const canonical = canonicalBlock(cidr) ?? '';
        const [first = ''] = canonical.split('/');
        expect(bits(first)).toBe(prefixBits(cidr).padEnd(32, '0'));
      }),
    );
  });
});

test('contains agrees with the oracle', () => {
  fc.assert(
    fc.property(near, ([outer, inner]) => {
      expect(contains(outer, inner)).toBe(prefixBits(inner).startsWith(prefixBits(outer)));
    }),
  );
});

test('overlaps agrees with the oracle', () => {
  fc.assert(
    fc.property(near, ([one, other]) => {
      const [a, b] = [prefixBits(one), prefixBits(other)];
      expect(overlaps(one, other)).toBe(a.startsWith(b) || b.startsWith(a));
    }),
  );
});

test('hostAt counts from the start and from the end', () => {
  expect(hostAt('10.0.1.0/24', 2)).toBe('10.0.1.2');
  expect(hostAt('10.0.1.0/24', -1)).toBe('10.0.1.255');
  expect(() => hostAt('10.0.1.0/24', 256)).toThrow('10.0.1.0/24 has no address at offset 256');
});

test('malformed text is a RangeError, not a wrong answer', () => {
  expect(() => contains('10.0.0.0', '10.0.0.1')).toThrow(RangeError);
});
