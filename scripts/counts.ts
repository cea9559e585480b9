/** Counting for `npm test`. Pure. */

import { stripVTControlCharacters } from 'node:util';

export interface Counts {
  readonly passed: number;
  /** What failed, a text each: said again at the end, far below where it happened. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failures: [], skipped: 0 };

export const PARTS = ['checks', 'core', 'lab', 'e2e'] as const;
export type Part = (typeof PARTS)[number];

const isPart = (word: string): word is Part => PARTS.some((part) => part === word);

/** Names of parts choose them; every other word is a filter for test files. */
export function parseArguments(args: readonly string[]): {
  readonly parts: readonly Part[];
  readonly filters: readonly string[];
} {
  const filters = args.filter((word) => !isPart(word));
  const named = PARTS.filter((part) => args.includes(part));
  const all = filters.length === 0 ? PARTS : PARTS.filter((part) => part !== 'checks');
  return { parts: named.length === 0 ? all : named, filters };
}

/** What is read of vitest's JSON report. */
export interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  /** The file's path. */
  readonly name: string;
  readonly status: string;
  /** Why the file itself failed; empty where it did not. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[];
  }[];
}

/**
 * @param report undefined where vitest ended before it wrote one
 * @param exitCode vitest's
 */
export function countsOf(layer: string, report: Report | undefined, exitCode: number): Counts {
  if (report === undefined) return { ...NOTHING, failures: [`${layer}: ended without a report`] };
  const failures = report.testResults.flatMap(failuresOf);
  const outside = failures.length === 0 && exitCode !== 0;
  return {
    passed: report.numPassedTests,
    failures: outside ? [`${layer}: an error outside of every test`] : failures,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A file that cannot be loaded, or whose hooks fail, has no failed test of its own. */
function failuresOf({ name, status, message, assertionResults }: FileReport): readonly string[] {
  if (status !== 'failed') return [];
  const tests = assertionResults.filter((test) => test.status === 'failed');
  if (tests.length === 0) return [failure(name, message)];
  return tests.map((test) => failure(`${name}: ${test.fullName}`, test.failureMessages[0] ?? ''));
}

const failure = (title: string, message: string) =>
  `${title}\n    ${stripVTControlCharacters(message).split('\n', 1)[0]}`.trimEnd();

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failures: [...a.failures, ...b.failures],
  skipped: a.skipped + b.skipped,
});

/** The end of `npm test`: what failed, and the count as the last line. */
export function summary({ passed, failures, skipped }: Counts): string {
  const counted = `${passed} passed, ${failures.length} failed`;
  const named = failures.map((text) => `FAILED ${text}`);
  return [...named, skipped === 0 ? counted : `${counted}, ${skipped} skipped`].join('\n');
}
