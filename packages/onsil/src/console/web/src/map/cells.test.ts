import { expect, test } from 'vitest';
import { Cells } from './cells.ts';

test('only who watches what changed is told', () => {
  const cells = new Cells<{ readonly count: number }>({ count: 0 });
  const told: string[] = [];
  for (const key of ['a', 'b', 'c']) cells.watch(key, () => told.push(key));
  const both = () =>
    new Map([
      ['a', { count: 1 }],
      ['b', { count: 2 }],
    ]);
  cells.replace(both());
  const a = cells.get('a');
  expect(told.splice(0)).toEqual(['a', 'b']);
  cells.replace(both().set('b', { count: 3 }));
  expect(told.splice(0)).toEqual(['b']);
  expect(cells.get('a')).toBe(a);
  cells.replace(new Map());
  expect(told).toEqual(['a', 'b']);
  expect(cells.get('a')).toEqual({ count: 0 });
});

test('who went away is not told', () => {
  const cells = new Cells(0);
  const told: string[] = [];
  const end = cells.watch('a', () => told.push('gone'));
  cells.watch('a', () => told.push('here'));
  end();
  cells.replace(new Map([['a', 1]]));
  expect(told).toEqual(['here']);
});
