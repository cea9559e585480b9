import { expect, test } from 'vitest';
import { servicesOfPolicies } from './policies.ts';

test('the ports that policies name, the ends of ranges, and nothing of what has no ports', () => {
  expect(
    servicesOfPolicies([
      { only: 'app', mayReach: 'database', on: 'tcp 3306, 8000-8010' },
      { from: 'internet', mustNotReach: 'hosts', on: 'udp 53' },
      { from: 'web', mustReach: 'gateway', on: 'ping' },
      { from: 'web', mustNotReach: 'database', on: 'tcp' },
      { from: 'web', mustNotReach: 'database' },
      { from: 'web', mustNotReach: 'gateway', on: 'udp 0-9; tcp 9000-65535' },
      { sameExposureByIpv6: 'hosts' },
    ]),
  ).toEqual([
    ...[3306, 3306, 8000, 8010].map((port) => ({ protocol: 6, port })),
    ...[53, 53].map((port) => ({ protocol: 17, port })),
    ...[9000, 65_535].map((port) => ({ protocol: 6, port })),
    ...[0, 9].map((port) => ({ protocol: 17, port })),
  ]);
});
