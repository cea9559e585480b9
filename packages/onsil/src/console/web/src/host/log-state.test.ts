import { expect, test } from 'vitest';
import type { LogLine } from '../../../api.ts';
import { isFollowing, type LogAction, NO_LINES, next } from './log-state.ts';

const line = (host: string, at: number): LogLine => ({
  ...{ host, at, cursor: `c${at}`, unit: 'app', priority: 6, text: `line ${at}` },
});
const came = (...lines: readonly LogLine[]): LogAction => ({ kind: 'came', lines });
const after = (...actions: readonly LogAction[]) => actions.reduce(next, NO_LINES);
const times = (lines: readonly LogLine[]) => lines.map(({ at }) => at);

test('lines of several hosts stand in the order of their time', () => {
  const { lines } = after(came(line('a', 1), line('a', 5)), came(line('b', 3), line('b', 5)));
  expect(lines.map(({ host, at }) => `${host} ${at}`)).toEqual(['a 1', 'b 3', 'a 5', 'b 5']);
});

test('what a stream tells again is there once', () => {
  expect(times(after(came(line('a', 1)), came(line('a', 1), line('a', 2))).lines)).toEqual([1, 2]);
});

test('the oldest go where there are too many', () => {
  const { lines } = after(came(...Array.from({ length: 1200 }, (_, at) => line('a', at))));
  expect([lines.length, lines[0]?.at, lines.at(-1)?.at]).toEqual([1000, 200, 1199]);
});

test('while it is paused nothing moves, and what came is there when it goes on', () => {
  const paused = after(came(line('a', 1)), { kind: 'pause' }, came(line('a', 1), line('a', 2)));
  expect([times(paused.lines), times(paused.held)]).toEqual([[1], [2]]);
  const followed = next(paused, { kind: 'follow' });
  expect([times(followed.lines), times(followed.held)]).toEqual([[1, 2], []]);
});

test('who scrolls up stops it, and who scrolls down again goes on, unless it is paused', () => {
  const read = after(came(line('a', 1)), { kind: 'scrolled', isAtEnd: false }, came(line('a', 2)));
  expect(times(read.lines)).toEqual([1]);
  expect(times(next(read, { kind: 'scrolled', isAtEnd: true }).lines)).toEqual([1, 2]);
  const paused = next(next(read, { kind: 'pause' }), { kind: 'scrolled', isAtEnd: true });
  expect([isFollowing(paused), times(paused.lines)]).toEqual([false, [1]]);
});

test('a stream that has ended says why until lines come again', () => {
  const ended = after(came(line('a', 1)), { kind: 'ended', reason: 'None runs.' });
  expect(ended.end).toBe('None runs.');
  expect(next(ended, came(line('a', 2))).end).toBeNull();
});
