import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cells } from './table.ts';
import { wrap } from './wrap.ts';

test('lines break at blanks, and keep what they start with', () => {
  expect(wrap('  one two three', 9, '    ')).toEqual(['  one two', '    three']);
  expect(wrap('a  table row', 40)).toEqual(['a  table row']);
  expect(wrap('', 10)).toEqual(['']);
});

test('no line is too wide but one that is a single word, and no word is lost', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '온'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 8, max: 30 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width, '  ');
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(words);
        for (const line of lines) {
          expect(cells(line) <= width || !line.trim().includes(' ')).toBe(true);
        }
      },
    ),
  );
});
