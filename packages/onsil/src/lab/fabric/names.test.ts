import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkLabName,
  FabricError,
  hostNamespace,
  labOfNamespace,
  linkNames,
  routerNamespace,
  stableNumbers,
} from './names.ts';

describe('namespaces', () => {
  test('carry the name of the lab, and give it back', () => {
    expect(routerNamespace('shop', 'vpc-1')).toBe('onsil.shop.vpc-1');
    expect(hostNamespace('shop', 'admin')).toBe('onsil.shop.host.admin');
    expect(labOfNamespace('onsil.shop.host.admin')).toBe('shop');
  });

  test.each([
    'shop.internet',
    'onsil.shop',
    'onsil..internet',
    'onsil.Shop.internet',
    'xonsil.a.b',
  ])('%s is of no lab', (name) => expect(labOfNamespace(name)).toBeUndefined());

  test.each(['', 'Shop', 'a.b', '-a', 'a-', 'a/b', 'a b', 'a'.repeat(33)])(
    '%j names no lab',
    (name) => expect(() => checkLabName(name)).toThrow(FabricError),
  );
});

describe('link names', () => {
  test('keep the end of an id, within the 15 characters of the kernel', () => {
    const ids = ['eni-0123456789abcdef0', 'eni-0123456789abcdef1', 'eni-nat'];
    const names = [...linkNames('eni', ids).values()];
    expect(names).toEqual(['eni-6789abcdef0', 'eni-6789abcdef1', 'eni-nat']);
    expect(names.every((name) => name.length <= 15)).toBe(true);
  });

  test('that would be one are refused with both ids', () => {
    const ids = ['eni-1000000000000000a', 'eni-2000000000000000a'];
    expect(() => linkNames('eni', ids)).toThrow(/eni-1000000000000000a and eni-2000000000000000a/);
  });
});

describe('stable numbers', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });

  test('are different and in range, whatever the order', () => {
    fc.assert(
      fc.property(ids, (some) => {
        const numbers = stableNumbers(some, 64);
        expect(new Set(numbers.values()).size).toBe(some.length);
        expect([...numbers.values()].every((number) => number >= 0 && number < 64)).toBe(true);
        expect(new Map(stableNumbers(some.toReversed(), 64))).toEqual(new Map(numbers));
      }),
    );
  });

  test('stay when another id comes, in a wide range', () => {
    const before = stableNumbers(['eni-a', 'eni-b'], 2 ** 22);
    const after = stableNumbers(['eni-0', 'eni-a', 'eni-aa', 'eni-b'], 2 ** 22);
    expect(after.get('eni-a')).toBe(before.get('eni-a'));
    expect(after.get('eni-b')).toBe(before.get('eni-b'));
  });
});
