import { afterEach, expect, test } from 'vitest';
import { put } from '../../region/region.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';
import { onsilLine } from '../shell-line.ts';
import { type Ground, QuestionError, whyWords } from './answers.ts';
import { Model } from './model.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .group('sg-api', 'vpc-1', [], [rule('tcp 3306', 'sg-db')])
  .group('sg-db', 'vpc-1', [rule('tcp 3306', 'sg-api')], [])
  .instance('api', { subnet: 'subnet-1', ip: '10.0.1.10', groups: ['sg-api'] })
  .instance('database', { subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-db'] });

let ground: Ground = { region, notModelled: [], policies: [] };
let model = new Model(() => ground);
afterEach(async () => {
  await model.close();
  ground = { region, notModelled: [], policies: [] };
  model = new Model(() => ground);
});

test('an answer has hops there and back, and the command that gives the same', async () => {
  const answer = await model.of({ call: 'ask', of: { from: 'api', to: 'database', port: 3306 } });
  expect(answer.verdict).toBe('reachable');
  expect(answer.outcomes[0]?.forward.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^security group in +sg-db: tcp 3306 from sg-api$/),
  );
  expect(answer.outcomes[0]?.back.length).toBeGreaterThan(0);
  expect(answer.outcomes[0]?.stops).toBe(null);
  const deciding = answer.outcomes[0]?.forward.filter(({ decides }) => decides);
  expect(deciding?.map(({ text }) => text.split('  ')[0])).toEqual([
    'security group out',
    'security group in',
  ]);
  const line = onsilLine('why', ...whyWords(answer.question));
  expect(line).toBe('npx onsil why api database:3306');
});

test('what is blocked has the smallest fix', async () => {
  const answer = await model.of({ call: 'ask', of: { from: 'database', to: 'api', port: 22 } });
  expect(answer.verdict).toBe('blocked');
  expect(answer.fix).toMatchObject({ proved: true });
  expect(answer.outcomes).toMatchObject([{ reachable: false, stops: 'forward' }]);
});

test('a question about IPv6 addresses is answered about them', async () => {
  const six = { from: 'api', to: 'database', port: 3306, family: 'ipv6' } as const;
  const answer = await model.of({ call: 'ask', of: six });
  expect(answer.verdict).toBe('blocked');
  // Neither has one: no packet has these ends.
  expect(answer.outcomes).toEqual([]);
  const line = onsilLine('why', ...whyWords(answer.question));
  expect(line).toBe('npx onsil why api database:3306 --ipv6');
});

test('an answer is worked out once for a region, and anew for another', async () => {
  const asked = { call: 'matrix' } as const;
  const first = await model.of(asked);
  expect(await model.of(asked)).toBe(first);
  const group = region.securityGroups['sg-db'];
  if (group === undefined) throw new Error('no group');
  ground = {
    ...ground,
    region: put(region, 'securityGroups', group.id, { ...group, ingress: [] }),
  };
  const second = await model.of(asked);
  expect(first.rows).toMatchObject([{ from: 'api', to: 'database', services: 'tcp 3306' }]);
  expect(second.rows).toEqual([]);
});

test('who is not there is told by name, and asked anew', async () => {
  const asked = { call: 'ask', of: { from: 'nobody', to: 'api' } } as const;
  await expect(model.of(asked)).rejects.toThrow(QuestionError);
  await expect(model.of(asked)).rejects.toThrow('There is nothing called "nobody"');
});

test('whom a host reaches is told with the rules that let it', async () => {
  const { reaches, reachedBy } = await model.of({ call: 'host', of: 'api' });
  expect(reachedBy).toEqual([]);
  expect(reaches).toMatchObject([
    { to: 'database', decidedBy: expect.arrayContaining([expect.stringContaining('tcp 3306')]) },
  ]);
});
