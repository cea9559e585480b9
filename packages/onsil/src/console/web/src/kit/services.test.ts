import { expect, test } from 'vitest';
import { firstOf, hasPort, shortText, tcpPorts } from './services.ts';

test('a port is among services by its number, by a range and by everything', () => {
  expect(hasPort('tcp 80, 443', 443)).toBe(true);
  expect(hasPort('tcp 80, 443', 44)).toBe(false);
  expect(hasPort('udp 53; tcp 1024–65535', 3306)).toBe(true);
  expect(hasPort('icmp type 8; protocol 47', 8)).toBe(false);
  expect(hasPort('protocol 47', 47)).toBe(false);
  expect(hasPort('tcp', 22)).toBe(true);
  expect(hasPort('everything', 22)).toBe(true);
  expect(hasPort('everything but tcp 22; udp 20–30', 22)).toBe(false);
  expect(hasPort('everything but tcp 22', 22)).toBe(true);
});

test('what is asked first can be asked', () => {
  expect(firstOf('tcp 22, 443')).toEqual({ port: 22 });
  expect(firstOf('udp 53, 100')).toEqual({ port: 53, protocol: 'udp' });
  expect(firstOf('tcp 0–100')).toEqual({ port: 1 });
  expect(firstOf('icmp type 8')).toEqual({ port: 'ping' });
  expect(firstOf('icmp')).toEqual({ port: 'ping' });
  expect(firstOf('icmp type 3; tcp 5')).toEqual({ port: 5 });
  expect(firstOf('icmpv6 type 128–129')).toEqual({ port: 'ping' });
  for (const services of ['everything', 'everything but tcp 22', 'protocol 47', 'tcp']) {
    expect(firstOf(services)).toEqual({});
  }
});

test('single ports of tcp', () => {
  expect(tcpPorts('tcp 22, 80–90, 3306; udp 53')).toEqual([22, 3306]);
  expect(tcpPorts('everything but tcp 22')).toEqual([]);
});

test('short for a cell', () => {
  const short = (services: string) => shortText(services, 'all');
  expect(short('everything')).toBe('all');
  expect(short('tcp 22')).toBe('22');
  expect(short('tcp 80, 443')).toBe('80, 443');
  expect(short('tcp 80, 443, 3000, 8080')).toBe('80, 443 +2');
  expect(short('tcp 22; udp 53')).toBe('22 +1');
  expect(short('udp 53')).toBe('udp 53');
  expect(short('tcp')).toBe('tcp');
  expect(short('everything but tcp 22')).toBe('≠ tcp 22');
});
