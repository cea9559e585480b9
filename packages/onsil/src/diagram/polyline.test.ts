import { expect, test } from 'vitest';
import { headPath, linePath } from './polyline.ts';

const corner = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 50 },
];

test('corners are round, and the line ends in its head', () => {
  expect(linePath(corner)).toBe('M0 0L94 0Q100 0 100 6L100 43');
  expect(headPath(corner)).toBe('M100 50L104 42L96 42Z');
});

test('a short part has a corner that fits, and points that are one draw nothing wild', () => {
  const short = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 4, y: 50 },
  ];
  expect(linePath(short)).toBe('M0 0L2 0Q4 0 4 2L4 43');
  expect(linePath([])).toBe('');
  expect(linePath([corner[0], corner[0]].flatMap((each) => each ?? []))).toBe('M0 0L0 0');
});
