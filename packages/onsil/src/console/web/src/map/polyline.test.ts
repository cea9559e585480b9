import { expect, test } from 'vitest';
import { between } from './polyline.ts';

test('a straight line leaves a thing at its edge', () => {
  const box = { width: 20, height: 10 };
  expect(between({ x: 0, y: 0, ...box }, { x: 100, y: 0, ...box })).toEqual([
    { x: 20, y: 5 },
    { x: 100, y: 5 },
  ]);
});
