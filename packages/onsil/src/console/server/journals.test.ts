import { expect, test } from 'vitest';
import { parseLine } from './journals.ts';

/** As systemd 252 prints it. */
const entry = (more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    __CURSOR: 's=1a;i=7f;b=2c;m=9;t=6;x=3',
    __REALTIME_TIMESTAMP: '1796000000123456',
    PRIORITY: '3',
    _SYSTEMD_UNIT: 'nginx.service',
    SYSLOG_IDENTIFIER: 'nginx',
    MESSAGE: 'upstream timed out',
    ...more,
  });
const parsed = (more: Readonly<Record<string, unknown>>) => parseLine('edge', entry(more));

test('a line of a journal has its host, time, unit, priority and text', () => {
  expect(parsed({})).toEqual({
    host: 'edge',
    cursor: 's=1a;i=7f;b=2c;m=9;t=6;x=3',
    at: 1_796_000_000_123,
    unit: 'nginx',
    priority: 3,
    text: 'upstream timed out',
  });
});

test('what is no service keeps the ending of its unit', () => {
  expect(parsed({ _SYSTEMD_UNIT: 'session-3.scope' })?.unit).toBe('session-3.scope');
});

test.each([
  ['without a unit', undefined],
  ['of systemd itself', 'init.scope'],
])('a line %s has the name of its program', (_, unit) => {
  expect(parsed({ _SYSTEMD_UNIT: unit, SYSLOG_IDENTIFIER: 'systemd' })?.unit).toBe('systemd');
});

test('a line that names neither has an empty unit', () => {
  const line = parsed({ _SYSTEMD_UNIT: undefined, SYSLOG_IDENTIFIER: undefined });
  expect(line?.unit).toBe('');
});

test('a line without a priority is informational, and priority 0 is an emergency', () => {
  expect(parsed({ PRIORITY: undefined })?.priority).toBe(6);
  expect(parsed({ PRIORITY: '0' })?.priority).toBe(0);
});

test('bytes are text in UTF-8, without what colours a terminal', () => {
  const MESSAGE = [...Buffer.from('\u001b[0;32m온실\u001b[0m ready')];
  expect(parsed({ MESSAGE })?.text).toBe('온실 ready');
});

test('bytes that are no UTF-8 do not lose the rest of the line', () => {
  expect(parsed({ MESSAGE: [0xff, 0x61, 0x62] })?.text).toBe('\ufffdab');
});

test('a field that is there twice is told twice', () => {
  expect(parsed({ MESSAGE: ['one', [0x74, 0x77, 0x6f]] })?.text).toBe('one\ntwo');
});

test('a line without a message, or with one that was too long, has an empty text', () => {
  expect(parsed({ MESSAGE: undefined })?.text).toBe('');
  expect(parsed({ MESSAGE: null })?.text).toBe('');
});

test('half a line is none', () => {
  expect(parseLine('edge', entry({}).slice(0, -5))).toBeUndefined();
});
