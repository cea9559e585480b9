import { expect, test } from 'vitest';
import { put } from '../region/region.ts';
import { RegionBuilder } from '../region/testing.ts';
import { addressSpaceOf, type Family } from './address-space.ts';

test.each(['ipv4', 'ipv6'] as const)(
  'an unknown list has one stand-in in every region (%s)',
  (family) => {
    const withLists = (...ids: readonly string[]) =>
      ids.reduce(
        (region, id) => put(region, 'prefixLists', id, { id, name: id, family, tags: {} }),
        new RegionBuilder().region,
      );
    const textOf = (ids: readonly string[], asked: Family) => {
      const space = addressSpaceOf(withLists(...ids), asked, ['2001:db8::/32']);
      const standIn = space.standIns.get('pl-b');
      return standIn && family === 'ipv4'
        ? standIn.range
        : space.rangeText(standIn?.range ?? never());
    };
    expect(textOf(['pl-b'], family)).toEqual(textOf(['pl-a', 'pl-b', 'pl-c'], family));
    const both = addressSpaceOf(withLists('pl-a', 'pl-b'), family);
    const [one, other] = [...both.standIns.values()].map(({ range }) => range);
    expect(one?.last ?? 0).not.toBe(other?.last);
  },
);

function never(): never {
  throw new Error('no stand-in');
}
