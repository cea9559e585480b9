import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonRanges, finderIn, isIn, withoutRanges } from './addresses.ts';
import { seedOf } from './fuzz.ts';

const WORLD = Array.from({ length: 24 }, (_, index) => index);
/** Ranges without overlaps, in any order. */
const ranges = fc
  .uniqueArray(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7), { maxLength: 6 })
  .chain((places) =>
    fc.tuple(
      ...places.map((place) =>
        fc.constantFrom([0, 0], [0, 2], [1, 2]).map(([a = 0, b = 0]) => ({
          first: place * 3 + a,
          last: place * 3 + b,
        })),
      ),
    ),
  );

test('ranges hold what both hold, and what one holds without the other', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const [common, left] = [commonRanges(a, b), withoutRanges(a, b)];
      for (const each of WORLD) {
        expect(isIn(each, common)).toBe(isIn(each, a) && isIn(each, b));
        expect(isIn(each, left)).toBe(isIn(each, a) && !isIn(each, b));
      }
    }),
    { seed: seedOf(process.env) },
  );
});

test('the finder agrees with the search of every range, also where they overlap', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const both = [...a, ...b];
      const isFound = finderIn(both);
      for (const each of WORLD) expect(isFound(each)).toBe(isIn(each, both));
    }),
    { seed: seedOf(process.env) },
  );
});
