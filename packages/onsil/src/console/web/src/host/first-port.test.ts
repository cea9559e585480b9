import { expect, test } from 'vitest';
import { firstPort } from './first-port.ts';

test.each([
  ['tcp 22, 3306', 22],
  ['tcp 80–90', 80],
  ['icmp; tcp 443; udp 53', 443],
  ['icmp type 8', 'ping'],
  ['icmp; udp 53', 'ping'],
  ['udp 53', undefined],
  ['icmp; tcp; udp', undefined],
  ['everything', undefined],
  ['everything but tcp 25', undefined],
  ['protocol 50', undefined],
] as const)('of %s it is %s', (services, port) => {
  expect(firstPort(services)).toBe(port);
});
