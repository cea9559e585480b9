import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LabEvent, TimedEvent } from '../../lab/daemon/events.ts';
import { fakeStream, screenAfter } from '../testing.ts';
import { type Progress, progressFor } from './progress.ts';

const SCREEN = { columns: 40, rows: 24 };

beforeEach(() => {
  for (const name of ['CI', 'ONSIL_PLAIN', 'FORCE_COLOR']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function show(progress: Progress, ...events: readonly LabEvent[]): void {
  for (const [index, event] of events.entries()) progress.show({ ...event, at: index + 0.04 });
}

const step = (name: string, done: boolean, detail?: string): LabEvent => ({
  ...{ kind: 'step', step: name, done },
  ...(detail === undefined ? {} : { detail }),
});
const machine = (name: string, setup: 'starting' | 'running' | 'done' | 'failed'): LabEvent => ({
  ...{ kind: 'machine', name, setup },
});

describe('JSON', () => {
  test('every event is one line, on a terminal too', () => {
    const { stream, written } = fakeStream(SCREEN);
    const events: TimedEvent[] = [
      { kind: 'step', step: 'network', done: false, at: 0.1 },
      { kind: 'machine', name: 'api-1', setup: 'done', detail: '온실\nx', at: 1 },
      { kind: 'ready', seconds: 4.2, at: 4.2 },
    ];
    const progress = progressFor(stream, true);
    for (const event of events) progress.show(event);
    progress.end();
    const lines = written().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  });
});

describe('plain lines', () => {
  const EVENTS = [
    step('image', false),
    step('image', false, 'Unpacking libc6'),
    step('image', true),
    machine('api-1', 'running'),
    { kind: 'warning', message: 'not modelled' },
    { kind: 'ready', seconds: 4 },
  ] as const;
  const LINES = [
    '   0.0 s  image …',
    '   2.0 s  image',
    '   3.0 s  api-1      is being set up',
    '   4.0 s  warning: not modelled',
  ];

  test('the time, and what began or ended; not what its programs print', () => {
    const { stream, written } = fakeStream();
    show(progressFor(stream, false), ...EVENTS);
    expect(written().trimEnd().split('\n')).toEqual(LINES);
  });
  test.each(['CI', 'ONSIL_PLAIN'])('also on a terminal where %s is set', (name) => {
    vi.stubEnv(name, '');
    const { stream, written } = fakeStream(SCREEN);
    show(progressFor(stream, false), ...EVENTS);
    expect(written().trimEnd().split('\n')).toEqual(LINES);
  });
});

describe('live lines', () => {
  function live(size = SCREEN) {
    const { stream, written } = fakeStream(size);
    return { progress: progressFor(stream, false), screen: () => screenAfter(written()) };
  }

  test('one line for each machine and running step, in place; done steps stay above', () => {
    const { progress, screen } = live();
    show(progress, step('network', false), machine('api-1', 'starting'), step('image', false));
    expect(screen()).toEqual(['· network …', '· api-1      starts', '· image …']);
    show(progress, step('network', true), machine('api-1', 'done'), machine('nat', 'failed'));
    expect(screen()).toEqual([
      '✓ network',
      '✓ api-1      is set up',
      '· image …',
      '✗ nat        failed',
    ]);
    show(progress, { kind: 'warning', message: 'not modelled' });
    expect(screen().slice(0, 3)).toEqual(['✓ network', '! not modelled', '✓ api-1      is set up']);
  });
  test('the end leaves what is done and what was warned of', () => {
    const { progress, screen } = live();
    show(progress, step('image', true), machine('api-1', 'done'), { kind: 'ready', seconds: 4 });
    progress.end();
    expect(screen()).toEqual(['✓ image']);
  });
  test('no line wraps: neither a long one, nor a Korean one, nor one with tabs and colours', () => {
    const { progress, screen } = live({ columns: 20, rows: 24 });
    show(progress, step('image', false, 'Unpacking libsystemd0'));
    expect(screen()).toEqual(['· image …  Unpacki…']);
    show(progress, step('image', false, '온실온실온실'));
    expect(screen()).toEqual(['· image …  온실온…']);
    show(progress, step('image', false, '\u001B[31ma\tb\rc'));
    expect(screen()).toEqual(['· image …  a b c']);
  });
  test('no more lines than the screen has', () => {
    const { progress, screen } = live({ columns: 40, rows: 6 });
    const names = Array.from({ length: 9 }, (_, index) => `m${index}`);
    show(progress, ...names.map((name) => machine(name, 'starting')));
    expect(screen()).toEqual([
      '  and 5 more',
      ...['m5', 'm6', 'm7', 'm8'].map((name) => `· ${name}         starts`),
    ]);
  });
  test('colours, where the terminal wants them', () => {
    const { stream, written } = fakeStream({ ...SCREEN, colorDepth: 8 });
    show(progressFor(stream, false), step('image', true));
    expect(written()).toBe('\u001B[32m✓\u001B[39m image\n');
  });
});

test.each([
  ['plain', { ONSIL_PLAIN: '1' }],
  ['live', {}],
])('what is about to be installed is named and stays, %s', (_form, environment) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { stream, written } = fakeStream(SCREEN);
  const progress = progressFor(stream, false);
  show(progress, { kind: 'note', message: 'installing pebble' }, step('image', true));
  progress.end();
  const screen = 'ONSIL_PLAIN' in environment ? written() : screenAfter(written());
  expect(String(screen)).toContain('installing pebble');
});
