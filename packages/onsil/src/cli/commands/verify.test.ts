import { expect, test } from 'vitest';
import type { Report } from '../../verify/verify.ts';
import { linesOf } from './verify.ts';

const left = (to: string, reason: string) => ({ from: 'web', to, reason });
const report: Report = {
  ...{ sent: 12, agreed: 10, reachable: 4, disagreed: [], open: 1, notConclusive: [] },
  left: [
    ...[left('one', 'alone'), left('one', 'alone')],
    ...[left('one', 'both off'), left('two', 'both off')],
    ...[left('one', 'all off'), left('two', 'all off'), left('three', 'all off')],
  ],
};

test('pairs that have a reason in common are counted, each once', () => {
  const lines = linesOf(report, 7, 1.25);
  expect(lines.slice(lines.indexOf('Not sent'))).toEqual([
    'Not sent',
    ...['  web → one:', '    alone'],
    ...['  web → one and 1 other pair:', '    both off'],
    ...['  web → one and 2 other pairs:', '    all off'],
  ]);
});

test('what agreed is told apart, and what there is none of is not listed', () => {
  expect(linesOf({ ...report, left: [] }, 7, 1.25)).toEqual([
    '12 packets in 1.3 s, seed 7',
    '',
    '      10  agreed: 4 reachable, 6 blocked',
    '       0  disagreed',
    '       1  open: AWS does not say what happens',
    '       0  not conclusive',
  ]);
});
