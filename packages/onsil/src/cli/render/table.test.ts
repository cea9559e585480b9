import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cells, fit, renderTable } from './table.ts';

test('columns are aligned, two blanks apart, without blanks at the end', () => {
  const rows = [
    ['bastion', '10.0.0.5', 'x'],
    ['db', '10.0.100.17', ''],
  ];
  expect(
    renderTable([{ title: 'name' }, { title: 'private IP' }, { title: 'note' }], rows),
  ).toEqual(['name     private IP   note', 'bastion  10.0.0.5     x', 'db       10.0.100.17']);
});

test('a Korean letter takes two cells', () => {
  expect(cells('온실')).toBe(4);
  expect(cells('onsil')).toBe(5);
  expect(cells('漢字かなカナ！')).toBe(14);
  expect(renderTable([{ title: 'a' }, { title: 'b' }], [['온실', 'x']])).toEqual([
    'a     b',
    '온실  x',
  ]);
});

test.each([
  ['onsil', 5, 'onsil'],
  ['onsil', 4, 'ons…'],
  ['온실온실', 7, '온실온…'],
  // Half a letter cannot be shown.
  ['온실온실', 6, '온실…'],
])('%s in %i cells is %s', (text, width, expected) => {
  expect(fit(text, width)).toBe(expected);
});

test('too wide: elastic columns are cut, the last one first, and no other', () => {
  const columns = [
    { title: 'name' },
    { title: 'subnet', elastic: true },
    { title: 'for', elastic: true },
  ];
  const rows = [['api-1', 'private app subnet', 'answers requests']];
  const widest = renderTable(columns, rows, 200)[1];
  expect(widest).toBe('api-1  private app subnet  answers requests');
  expect(renderTable(columns, rows, 35)[1]).toBe('api-1  private app subnet  answers…');
  // What is left of an elastic column is at least four cells wide.
  expect(renderTable(columns, rows, 25)[1]).toBe('api-1  private app…  ans…');
  expect(renderTable(columns, rows, 1)[1]).toBe('api-1  pri…  ans…');
  expect(renderTable([{ title: 'name' }], [['a-long-name']], 5)[1]).toBe('a-long-name');
});

test('all lines fit where elastic columns can give way, whatever is in the cells', () => {
  const letter = fc.constantFrom('a', 'Z', '9', '-', ' ', '온', '漢');
  const cell = fc.string({ unit: letter, maxLength: 40 });
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(table, fc.integer({ min: 12, max: 60 }), (rows, width) => {
      const columns = [
        { title: 'one', elastic: true },
        { title: 'two', elastic: true },
      ];
      for (const line of renderTable(columns, rows, width)) {
        expect(cells(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});
