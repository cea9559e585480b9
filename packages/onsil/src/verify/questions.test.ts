import { expect, test } from 'vitest';
import { RegionBuilder, rule } from '../region/testing.ts';
import { questionsOf } from './questions.ts';
import { randomNumbers } from './random.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .group('sg-1', 'vpc-1', [rule('tcp 80-90', '0.0.0.0/0')], [])
  .instance('web', {
    subnet: 'subnet-1',
    ip: '10.0.1.10',
    groups: ['sg-1'],
    publicIp: '198.18.0.1',
  })
  .instance('db', { subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-1'] });

const asked = { region, services: [{ protocol: 17, port: 53 }], randomServices: 2 };

test('every ordered pair is asked, on every port that is named, by the addresses there are', () => {
  const { probes } = questionsOf({
    ...{ ...asked, running: new Set(['web', 'db']), random: randomNumbers(1) },
  });
  const pairs = Map.groupBy(probes, ({ from, destination }) => `${from} ${destination}`);
  expect(
    [...pairs.keys()].filter((pair) => !pair.includes('169.254') && !pair.endsWith('.0.2')),
  ).toEqual([
    ...['web 198.18.0.1', 'web 10.0.1.20', 'web 198.51.100.10', 'web 198.51.100.20'],
    ...['db 10.0.1.10', 'db 198.18.0.1', 'db 198.51.100.10', 'db 198.51.100.20'],
    ...['admin 198.18.0.1', 'admin 10.0.1.20', 'internet 198.18.0.1', 'internet 10.0.1.20'],
  ]);
  const services = (pairs.get('web 10.0.1.20') ?? []).map(
    ({ protocol, destinationPort }) => `${protocol} ${destinationPort}`,
  );
  expect(services.slice(0, 5)).toEqual(['6 79', '6 80', '6 90', '6 91', '17 53']);
  expect(services).toHaveLength(8);
  expect(services.at(-1)).toBe('1 1');
});

test('no two packets have one source port', () => {
  const { probes } = questionsOf({
    ...{ ...asked, running: new Set(['web', 'db']), random: randomNumbers(1) },
  });
  expect(new Set(probes.map(({ sourcePort }) => sourcePort)).size).toBe(probes.length);
});

test('what is not asked is listed with the reason', () => {
  const { probes, left } = questionsOf({
    ...{ ...asked, running: new Set(['web']), random: randomNumbers(1) },
  });
  expect(probes.some(({ from, destination }) => from === 'db' || destination === '10.0.1.20')).toBe(
    false,
  );
  expect(left).toContainEqual({ from: 'web', to: 'db', reason: 'db is not running' });
  expect(left).toContainEqual({ from: 'db', to: 'web', reason: 'db is not running' });
  expect(left).toContainEqual({
    ...{ from: 'admin', to: 'internet', reason: 'no VPC lies between them' },
  });
});
