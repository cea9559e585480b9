import { expect, test } from 'vitest';
import { servicesOfPolicies } from './policies.ts';

test('the ports that policies name, the ends of ranges, and nothing of what has no ports', () => {
  expect(
    servicesOfPolicies([
      { only: 'app', mayReach: 'database', on: 'tcp 3306, 8000-8010' },
      { from: 'internet', mustNotReach: 'hosts', on: 'udp 53' },
      { from: 'web', mustReach: 'gateway', on: 'ping' },
      { from: 'web', mustNotReach: 'database', on: 'tcp' },
      { sameExposureByIpv6: 'hosts' },
    ]),
  ).toEqual([
    ...[3306, 3306, 8000, 8010].map((port) => ({ protocol: 6, port })),
    ...[53, 53].map((port) => ({ protocol: 17, port })),
  ]);
});
