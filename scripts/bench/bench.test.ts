import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../packages/onsil/src/cloudformation/parse.ts';
import { createStack } from '../../packages/onsil/src/cloudformation/stack.ts';
import { planFabric } from '../../packages/onsil/src/lab/fabric/plan.ts';
import { largeRegion } from '../../packages/onsil/src/reach/scenarios/large-region.ts';
import { baseRegion } from '../../packages/onsil/src/region/base-region.ts';
import { busyBetween } from './busy.ts';
import { ticksOf } from './console.ts';
import {
  figuresOf,
  markdownTable,
  median,
  plainTable,
  ratios,
  replaceBetweenMarkers,
} from './figures.ts';
import { hundredTemplate } from './hundred.ts';
import { BenchUsageError, parseOptions } from './options.ts';
import { REACH_SIZES } from './reach.ts';
import { parseWrk } from './requests.ts';

describe('options', () => {
  test('default to three rounds of everything', () => {
    const none = { quick: false, json: false, write: false, help: false };
    expect(parseOptions([])).toEqual({ rounds: 3, ...none });
    expect(parseOptions(['--quick', '--rounds', '5'])).toEqual({ rounds: 5, ...none, quick: true });
  });

  test.each([
    [['--rounds', '0']],
    [['--rounds', '1.5']],
    [['--fast']],
    [['cold']],
    [['--only', 'lab']],
    [['--only', 'reach', '--write']],
    [['--only', 'load', '--write']],
  ])('refuse %j', (args) => {
    expect(() => parseOptions(args)).toThrow(BenchUsageError);
  });
});

test('--only leaves everything else out', () => {
  expect(parseOptions(['--only', 'reach'])).toMatchObject({ rounds: 3, only: 'reach' });
  expect(parseOptions(['--only', 'load'])).toMatchObject({ rounds: 3, only: 'load' });
});

describe('the regions of reach', () => {
  test.each(Object.entries(REACH_SIZES))('%s is what it says', (_, size) => {
    const { networkInterfaces, securityGroups } = largeRegion(size);
    const interfaces = Object.values(networkInterfaces);
    const groups = Object.values(securityGroups);
    expect(interfaces).toHaveLength(size.interfaces);
    expect(new Set(interfaces.flatMap(({ privateIps }) => privateIps)).size).toBe(size.interfaces);
    expect(groups).toHaveLength(size.groups);
    for (const { securityGroupIds } of interfaces) {
      expect(new Set(securityGroupIds).size).toBe(size.groupsEach);
    }
    const rules = groups.flatMap(({ ingress, egress }) => [ingress.length, egress.length]);
    expect(Math.max(...rules)).toBeLessThanOrEqual(60);
    expect(median(groups.map(({ ingress }) => ingress.length))).toBeGreaterThan(40);
  });
});

describe('the lab of a hundred', () => {
  test('has them in ten subnets, each with a group and a set-up of its own', () => {
    const { region } = createStack(
      baseRegion('ap-northeast-2'),
      parseTemplate(hundredTemplate(), 'hundred.json'),
      { stackName: 'hundred', parameters: {}, secret: 'salt' },
    );
    const instances = Object.values(region.instances);
    expect(instances).toHaveLength(100);
    expect(instances.every(({ userData }) => userData !== undefined)).toBe(true);
    const counts = [...Map.groupBy(instances, ({ subnetId }) => subnetId).values()];
    expect(counts.map(({ length }) => length)).toEqual(Array(10).fill(10));
    expect(planFabric('hundred', region).interfaces).toHaveLength(100);
  });
});

describe('median', () => {
  test('is in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  test('has as many values above as below', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        return below <= values.length / 2 && above <= values.length / 2;
      }),
    );
  });
});

describe('figures', () => {
  test('say whether their goal is met, and leave out what was not measured', () => {
    const figures = figuresOf({ down: [0.4, 0.9, 2], warmUp: [5], throughputRatio: [90] });
    expect(figures.map(({ id, median, met }) => [id, median, met])).toEqual([
      ['warmUp', 5, false],
      ['down', 0.9, true],
      ['throughputRatio', 90, true],
    ]);
  });

  test('read alike in both languages', () => {
    const figures = figuresOf({ warmUp: [5.5], requestsWhole: [1234.5] });
    expect(markdownTable('en', figures, 'A machine.')).toBe(
      [
        'A machine.',
        '',
        '| What | Measured | Goal |',
        '| --- | --: | --: |',
        '| `up`, warm: command to first login over HTTPS | 5.50 s | under 5 s, missed |',
        '| `/api/health` from `internet`: TLS, edge, gateway, api-1 and api-2 | 1235 req/s |  |',
      ].join('\n'),
    );
    expect(markdownTable('ko', figures, '')).toContain('| 5.50 s | < 5 s, 미달 |');
    expect(plainTable(figures)).toMatch(/5\.50 s +< 5 s, missed +5\.50$/m);
  });

  test('are compared round by round', () => {
    expect(ratios([9, 5], [10, 10])).toEqual([90, 50]);
  });
});

describe('the table of a README', () => {
  test('takes the place of the one before', () => {
    const text = 'a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n';
    const once = replaceBetweenMarkers(text, 'new');
    expect(once).toBe('a\n<!-- bench -->\nnew\n<!-- /bench -->\nb\n');
    expect(replaceBetweenMarkers(once, 'new')).toBe(once);
  });

  test.each(['no markers', '<!-- bench --> only', '<!-- /bench --><!-- bench -->'])(
    'is not put into %j',
    (text) => {
      expect(() => replaceBetweenMarkers(text, 'new')).toThrow('There must be one');
    },
  );
});

describe('what wrk prints', () => {
  const good = '  17790 requests in 3.01s, 7.00MB read\nRequests/sec:   5905.02\n';

  test('holds the rate', () => {
    expect(parseWrk(good)).toBe(5905.02);
  });

  test.each([
    ['Non-2xx or 3xx responses: 12', '12 responses'],
    ['Socket errors: connect 0, read 3, write 0, timeout 1', 'read 3'],
  ])('is no figure with %j', (line, said) => {
    expect(() => parseWrk(`${good}  ${line}\n`)).toThrow(said);
  });

  test('is no figure without requests', () => {
    expect(() => parseWrk('unable to connect')).toThrow('unable to connect');
    expect(() => parseWrk('Requests/sec:      0.00\n')).toThrow('no request');
  });
});

test('the share of others is what was not idle', () => {
  const before = 'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  const after = 'cpu  120 0 110 760 100 0 0 10 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(busyBetween(before, after)).toBeCloseTo(40);
  expect(busyBetween(before, before)).toBe(0);
});

test("a process's time is its own and that of the children it waited for", () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '7', '5', '20', '3', '9', '9'];
  expect(ticksOf(`12 (a (b) c) ${fields.join(' ')}`)).toBe(35);
  expect(ticksOf('')).toBe(0);
});
