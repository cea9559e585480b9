import { expect, test } from 'vitest';
import { EventLog, isFinal, type TimedEvent } from './events.ts';

test('whoever listens late hears everything, in order, until he leaves', () => {
  let now = 5000;
  const log = new EventLog(1000, () => now);
  log.emit({ kind: 'step', step: 'network', done: false });
  const early: TimedEvent[] = [];
  const late: TimedEvent[] = [];
  const leave = log.subscribe((event) => early.push(event));
  now = 5500;
  log.emit({ kind: 'step', step: 'network', done: true });
  leave();
  log.subscribe((event) => late.push(event));
  log.emit({ kind: 'ready', seconds: 4.5 });
  const all = [
    { kind: 'step', step: 'network', done: false, at: 4 },
    { kind: 'step', step: 'network', done: true, at: 4.5 },
    { kind: 'ready', seconds: 4.5, at: 4.5 },
  ];
  expect(early).toEqual(all.slice(0, 2));
  expect(late).toEqual(all);
});

test('seconds are those since the command, to the millisecond', () => {
  expect(new EventLog(1000, () => 2234.567).seconds()).toBe(1.235);
});

test('two events end an up', () => {
  expect(isFinal({ kind: 'ready', seconds: 1 })).toBe(true);
  expect(isFinal({ kind: 'failed', message: '' })).toBe(true);
  expect(isFinal({ kind: 'step', step: 'network', done: true })).toBe(false);
  expect(isFinal({ kind: 'warning', message: '' })).toBe(false);
  expect(isFinal({ kind: 'machine', name: 'web', setup: 'failed' })).toBe(false);
});
