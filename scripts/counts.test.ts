import { expect, test } from 'vitest';
import { add, countsOf, parseArguments, summary } from './counts.ts';

const passing = {
  name: '/a.test.ts',
  status: 'passed',
  message: '',
  assertionResults: [{ status: 'passed', fullName: 'adds', failureMessages: [] }],
};
const failing = {
  name: '/b.test.ts',
  status: 'failed',
  message: '',
  assertionResults: [
    { status: 'passed', fullName: 'adds', failureMessages: [] },
    {
      status: 'failed',
      fullName: 'divides',
      failureMessages: ['\u001b[31mBy 0\u001b[39m\nat b.ts'],
    },
    { status: 'failed', fullName: 'takes', failureMessages: ['Not 3\nat b.ts'] },
  ],
};
const report = {
  numPassedTests: 3,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [passing],
};

test('words choose parts, others filter files', () => {
  expect(parseArguments([])).toEqual({ parts: ['checks', 'core', 'lab', 'e2e'], filters: [] });
  expect(parseArguments(['lab', 'nft'])).toEqual({ parts: ['lab'], filters: ['nft'] });
  expect(parseArguments(['nft']).parts).toEqual(['core', 'lab', 'e2e']);
});

test('counts what vitest reports', () => {
  expect(countsOf('core', report, 0)).toEqual({ passed: 3, failures: [], skipped: 2 });
});

test('a failed test is named, with the first line of why', () => {
  expect(countsOf('core', { ...report, testResults: [passing, failing] }, 1).failures).toEqual([
    '/b.test.ts: divides\n    By 0',
    '/b.test.ts: takes\n    Not 3',
  ]);
});

test('a file that cannot be loaded, an error outside of tests, no report: each is a failure', () => {
  const broken = { ...passing, status: 'failed', message: 'No b.ts\nat', assertionResults: [] };
  expect(countsOf('core', { ...report, testResults: [broken] }, 1).failures).toEqual([
    '/a.test.ts\n    No b.ts',
  ]);
  expect(countsOf('lab', report, 1).failures).toEqual(['lab: an error outside of every test']);
  expect(countsOf('e2e', undefined, 0)).toEqual({
    passed: 0,
    failures: ['e2e: ended without a report'],
    skipped: 0,
  });
});

test('the end: what failed, and the count as the last line', () => {
  const counts = add(
    { passed: 1, failures: ['types', 'a.test.ts: adds\n    Not 3'], skipped: 0 },
    { passed: 1, failures: ['lab: x'], skipped: 3 },
  );
  expect(summary(counts)).toBe(
    'FAILED types\nFAILED a.test.ts: adds\n    Not 3\nFAILED lab: x\n2 passed, 3 failed, 3 skipped',
  );
  expect(summary({ passed: 1, failures: [], skipped: 0 })).toBe('1 passed, 0 failed');
});
