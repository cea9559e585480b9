import { expect, test } from 'vitest';
import { add, countsOf, parseArguments, summary } from './counts.ts';

const report = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
};

test('words choose parts, others filter files', () => {
  expect(parseArguments([])).toEqual({ parts: ['checks', 'core', 'lab', 'e2e'], filters: [] });
  expect(parseArguments(['lab', 'nft'])).toEqual({ parts: ['lab'], filters: ['nft'] });
  expect(parseArguments(['nft']).parts).toEqual(['core', 'lab', 'e2e']);
});

test('counts what vitest reports', () => {
  expect(countsOf(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  expect(countsOf({ ...report, numFailedTests: 2 }, 1).failed).toBe(2);
});

test('a file that cannot be loaded, an error outside of tests, no report: each is a failure', () => {
  const broken = [...report.testResults, { status: 'failed', assertionResults: [] }];
  expect(countsOf({ ...report, testResults: broken }, 1).failed).toBe(1);
  expect(countsOf(report, 1).failed).toBe(1);
  expect(countsOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the last line', () => {
  const counts = add({ passed: 1, failed: 2, skipped: 0 }, { passed: 1, failed: 0, skipped: 3 });
  expect(summary(counts)).toBe('2 passed, 2 failed, 3 skipped');
  expect(summary({ passed: 1, failed: 0, skipped: 0 })).toBe('1 passed, 0 failed');
});
