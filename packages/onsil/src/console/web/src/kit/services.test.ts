import { expect, test } from 'vitest';
import { firstOf, hasPort, shortOf, tcpPorts } from './services.ts';

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
  expect(shortOf('everything')).toEqual({ text: 'everything', more: 0 });
  expect(shortOf('tcp 22')).toEqual({ text: '22', more: 0 });
  expect(shortOf('tcp 80, 443')).toEqual({ text: '80, 443', more: 0 });
  expect(shortOf('tcp 80, 443, 3000, 8080')).toEqual({ text: '80, 443', more: 2 });
  expect(shortOf('tcp 22; udp 53')).toEqual({ text: '22', more: 1 });
  expect(shortOf('udp 53')).toEqual({ text: 'udp 53', more: 0 });
  expect(shortOf('tcp')).toEqual({ text: 'tcp', more: 0 });
  expect(shortOf('everything but tcp 22')).toEqual({ text: 'everything but tcp 22', more: 0 });
});
