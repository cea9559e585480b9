import { describe, expect, test } from 'vitest';
import type { Flow, FlowLost, StreamEnd } from '../../../api.ts';
import { type Flows, isConnection, MOST_ROWS, NO_FLOWS, questionOf, withEvent } from './rows.ts';

const flow = (given: Partial<Flow> = {}): Flow => ({
  ...{ at: 1000, accepted: true, from: 'api', to: 'db', service: 'tcp 3306', bytes: 60 },
  because: 'sg api out: tcp 3306 to db',
  ...given,
});
const all = (...events: readonly (Flow | FlowLost | StreamEnd)[]): Flows =>
  events.reduce(withEvent, NO_FLOWS);

const inward = { because: 'sg db in: tcp 3306 from api' };
const refused = { accepted: false, because: 'no inbound rule of db: tcp 3306 from api' };

describe('a row is a connection', () => {
  test('what the gates of its two ends decide is told together, and counted once', () => {
    const { rows, accepted, rejected } = all(flow(), flow(inward));
    expect(rows).toMatchObject([
      {
        ...{ kind: 'accepted', count: 1, bytes: 60, refused: [] },
        passed: [{ text: flow().because }, { text: inward.because }],
      },
    ]);
    expect([accepted, rejected]).toEqual([1, 0]);
  });

  test('equal ones within a second are counted together, and their bytes summed', () => {
    const { rows, accepted } = all(flow(), flow(inward), flow(), flow({ ...inward, at: 1999 }));
    expect(rows).toMatchObject([{ count: 2, bytes: 120 }]);
    expect(accepted).toBe(2);
    expect(all(flow(), flow({ at: 2000 })).rows).toHaveLength(2);
  });

  test('the newest is at the top, and others between do not part what belongs together', () => {
    const { rows } = all(flow(), flow({ from: 'web' }), flow(inward), flow({ service: 'udp 53' }));
    expect(rows).toMatchObject([
      { from: 'api', service: 'udp 53' },
      { from: 'web', service: 'tcp 3306' },
      { from: 'api', service: 'tcp 3306', passed: [{}, {}] },
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
  });

  test('what one gate lets through and the next one does not is rejected', () => {
    const { rows, accepted, rejected } = all(flow(), flow(refused));
    expect(rows).toMatchObject([
      { kind: 'rejected', count: 1, passed: [{}], refused: [{ text: refused.because, count: 1 }] },
    ]);
    expect([accepted, rejected]).toEqual([0, 1]);
  });
});

test('many of a kind push out the oldest of that kind only; the counts stay', () => {
  const many = Array.from({ length: MOST_ROWS + 3 }, (_, index) => flow({ from: `api-${index}` }));
  const { rows, accepted, rejected } = all(flow(refused), ...many);
  expect(rows.filter(({ kind }) => kind === 'accepted')).toHaveLength(MOST_ROWS);
  expect(rows.at(-1)).toMatchObject({ kind: 'rejected' });
  expect(rows.at(-2)).toMatchObject({ from: 'api-3' });
  expect([accepted, rejected]).toEqual([MOST_ROWS + 3, 1]);
});

test('what was lost is one line until something else comes; the end is another', () => {
  const { rows } = all({ lost: 2 }, { lost: 3 }, flow(), { lost: 1 }, { end: 'over' });
  expect(rows).toMatchObject([
    { kind: 'end', end: 'over' },
    { kind: 'lost', lost: 1 },
    { kind: 'accepted' },
    { kind: 'lost', lost: 5 },
  ]);
  // A remark between does not part them either.
  expect(all(flow(), { lost: 1 }, flow(inward)).rows).toHaveLength(2);
});

test.each([
  ['tcp 22', { port: 22 }],
  ['udp 53', { port: 53, protocol: 'udp' }],
  ['icmp 8', { port: 'ping' }],
  ['icmp 3', undefined],
  ['protocol 47', undefined],
])('%s is asked about as %o', (service, question) => {
  const [row] = all(flow({ service })).rows;
  expect(isConnection(row) && questionOf(row)).toEqual(
    question && { from: 'api', to: 'db', ...question },
  );
});
