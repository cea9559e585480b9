import { expect, test } from 'vitest';
import { policyText } from '../reach/text/policy.ts';
import { builtInPolicies, statedPolicies } from './policy.ts';
import { serviceOf } from './test-support.ts';

test('what holds for every service, in words', () => {
  expect(builtInPolicies(serviceOf()).map(policyText)).toEqual([
    'the Internet may reach only edge on tcp 80, 443',
    'only the administrator may reach bastion on tcp 22',
    'only bastion may reach edge, nat, web, gateway, api-1…api-2, database on tcp 22',
    'only the group app may reach database on tcp 3306',
    'private hosts may reach the Internet only through nat',
    'every host must reach the Internet on tcp 80, 443',
    'the Internet must reach edge on tcp 80, 443',
    'edge must reach web on tcp 3000',
    'edge must reach gateway on tcp 80',
    'gateway must reach api-1…api-2 on tcp 8080',
    'api-1…api-2 must reach database on tcp 3306',
    'the administrator must reach bastion on tcp 22',
    'bastion must reach nat, web, gateway, api-1…api-2, database on tcp 22',
    'IPv6 opens any host to the Internet no more than IPv4 does',
  ]);
});

test("the service's own ports and hosts, and the user's policies after the built-in ones", () => {
  const own = { from: 'web', mustNotReach: 'database', on: 'tcp 3306' } as const;
  const service = serviceOf({
    web: { source: './web', port: 4000 },
    api: { source: './api', port: 9000, instances: 3 },
    policy: [own],
  });
  const stated = statedPolicies(service);
  expect(stated).toContainEqual(
    expect.objectContaining({ from: 'edge', mustReach: 'web', on: 'tcp 4000' }),
  );
  expect(stated).toContainEqual(
    expect.objectContaining({ mustReach: ['api-1', 'api-2', 'api-3'], on: 'tcp 9000' }),
  );
  expect(stated.at(-1)).toEqual({ ...own, origin: 'config' });
  expect(stated.filter(({ origin }) => origin === 'built-in')).toHaveLength(14);
});
