import { expect, test } from 'vitest';
import type { Scene, SceneArrow, SceneNode } from '../../../../diagram/scene.ts';
import type { Live, LiveMachine, LivePair } from '../../../api.ts';
import { Ends, pairKey } from './ends.ts';
import { countStates, LiveMap } from './live-map.ts';

const node = (id: string, ...names: readonly string[]): SceneNode => ({
  ...{ id, kind: 'instance', title: id, lines: [], names, groupIds: [], boxId: null },
  ...{ x: 0, y: 0, width: 10, height: 10 },
});
const arrow = (fromId: string, toId: string, pairs: readonly [string, string][]): SceneArrow => ({
  ...{ id: `${fromId}-${toId}`, fromId, toId, services: 'tcp 80', paths: [] },
  ...{ points: [], label: null },
  pairs: pairs.map(([from, to]) => ({ from, to, family: 'ipv4', services: 'tcp 80' })),
});
const scene: Scene = {
  ...{ width: 1, height: 1, title: '', boxes: [], groups: [], paths: [], notes: [] },
  nodes: [node('net', 'internet'), node('edge', 'edge'), node('apis', 'api-1', 'api-2')],
  arrows: [
    arrow('net', 'edge', [['internet', 'edge']]),
    arrow('edge', 'apis', [
      ['edge', 'api-1'],
      ['edge', 'api-2'],
    ]),
  ],
};
const ends = new Ends(scene);

const pair = (from: string, to: string, accepted: number, rejected: number): LivePair => ({
  ...{ from, to, accepted, rejected },
});
const second = (at: number, ...pairs: readonly LivePair[]): Live => ({
  ...{ at, phase: 'ready', revision: 1, machines: [], managed: [], pairs, rules: [], rejected: 0 },
  ...{ pairsComplete: true, requestsPerSecond: null, site: null, drills: 0 },
});

test('a line has the packets of all of its pairs, and of strangers of the Internet', () => {
  const live = new LiveMap();
  live.take(
    second(
      1000,
      ...[pair('198.51.100.1', 'edge', 2, 0), pair('internet', 'edge', 1, 0)],
      ...[pair('edge', 'api-1', 3, 1), pair('edge', 'api-2', 4, 0)],
    ),
    ends,
  );
  expect(live.arrows.get('net-edge')).toEqual({ accepted: 3, rejected: 0 });
  expect(live.arrows.get('edge-apis')).toEqual({ accepted: 7, rejected: 1 });
  expect(live.pairs.get(pairKey('edge', 'api-2'))).toEqual({ accepted: 4, rejected: 0 });
  expect(live.ends.get('edge')).toEqual({ accepted: 10, rejected: 1 });
  expect(live.strays.get('')).toEqual([]);
});

test('what arrives by one end of several lines is told once, where the label is', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 9, y: 0 },
  ];
  const [first, other] = [arrow('net', 'edge', []), arrow('apis', 'edge', [['api-1', 'edge']])];
  const joined = new Ends({
    ...scene,
    arrows: [
      { ...first, points, pairs: scene.arrows[0]?.pairs ?? [] },
      { ...other, points, label: { x: 5, y: 0 } },
    ],
  });
  const live = new LiveMap();
  live.take(second(1000, pair('internet', 'edge', 2, 0), pair('api-1', 'edge', 1, 1)), joined);
  expect(live.heads.get('apis-edge')).toEqual({ accepted: 3, rejected: 1 });
  expect(live.heads.get('net-edge')).toEqual({ accepted: 0, rejected: 0 });
});

test('this second goes, the total stays', () => {
  const live = new LiveMap();
  live.take(second(1000, pair('edge', 'api-1', 3, 0)), ends);
  live.take(second(2000, pair('edge', 'api-1', 2, 1)), ends);
  live.take(second(3000), ends);
  expect(live.arrows.get('edge-apis')).toEqual({ accepted: 0, rejected: 0 });
  expect(live.totals.get(pairKey('edge', 'api-1'))).toEqual({ accepted: 5, rejected: 1 });
});

test('what has no line strays for some seconds, and adds up meanwhile', () => {
  const live = new LiveMap();
  live.take(second(1000, pair('internet', 'api-1', 0, 1)), ends);
  live.take(second(2000, pair('198.51.100.1', 'api-1', 0, 2)), ends);
  expect(live.strays.get('')).toMatchObject([{ fromId: 'net', toId: 'apis', rejected: 3 }]);
  live.take(second(6999), ends);
  expect(live.strays.get('')).toHaveLength(1);
  live.take(second(7000), ends);
  expect(live.strays.get('')).toEqual([]);
});

test('addresses of nobody inside are no strangers of the Internet', () => {
  const live = new LiveMap();
  for (const nobody of ['10.0.0.2', '169.254.169.253', '172.16.0.9', 'fd00::1', 'gone']) {
    live.take(second(1000, pair('edge', nobody, 0, 1)), ends);
  }
  expect(live.strays.get('')).toEqual([]);
});

test('states are counted, the running ones last', () => {
  const machine = (state: LiveMachine['state'], setup: LiveMachine['setup'] = 'done') => ({
    ...{ id: '', name: '', state, setup, reason: null, health: null },
  });
  const machines = [machine('running'), machine('stopped'), machine('running'), undefined];
  expect(countStates(machines)).toEqual([
    ['stopped', 1],
    ['unknown', 1],
    ['running', 2],
  ]);
});
