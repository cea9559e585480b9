import { expect, test } from 'vitest';
import type { Arrow, Machine } from '../../../api.ts';
import { askPath } from '../route.ts';
import { examplesOf, fieldsOf, isFull, questionOf, serviceText, whyNotProved } from './question.ts';

const asked = (query: string) => questionOf(fieldsOf(new URLSearchParams(query)));

test('a question is what the address says, and its address the same again', () => {
  expect(asked('from=a&to=b')).toEqual({ from: 'a', to: 'b' });
  expect(asked('from=a&to=b&port=ping&protocol=udp')).toEqual({ from: 'a', to: 'b', port: 'ping' });
  const full = { from: 'a b', to: '::1', port: 53, protocol: 'udp', family: 'ipv6' } as const;
  expect(asked(askPath(full).split('?')[1] ?? '')).toEqual(full);
});

test('a port is from 1 to 65535, ping or nothing', () => {
  for (const port of ['0', '65536', 'ssh', '22 23', '-1', '2.5']) {
    expect(asked(`from=a&to=b&port=${port}`)).toBe(undefined);
  }
  expect(asked('from=a&to=b&port=65535')?.port).toBe(65535);
});

test('a question without an end is not asked yet', () => {
  expect(isFull(fieldsOf(new URLSearchParams('from=a')))).toBe(false);
  expect(isFull(fieldsOf(new URLSearchParams('from=a&to=b')))).toBe(true);
});

test('what is asked about', () => {
  expect(serviceText({ from: 'a', to: 'b', port: 22 })).toBe('tcp 22');
  expect(serviceText({ from: 'a', to: 'b', port: 53, protocol: 'udp' })).toBe('udp 53');
  expect(serviceText({ from: 'a', to: 'b', port: 'ping' })).toBe('ping');
  expect(serviceText({ from: 'a', to: 'b' })).toBe(undefined);
});

const machine = (name: string): Machine => ({
  ...{ id: `i-${name}`, name, purpose: '', type: 't4g.nano', vpcId: 'vpc-1', subnetId: 'subnet-1' },
  ...{ privateIp: '10.0.0.1', publicIp: null, groupIds: [], forwards: false, usd: null },
});
const machines = ['edge', 'api', 'db'].map(machine);
const arrow = (from: string, to: string, services: string): Arrow => ({
  ...{ from, to, services, family: 'ipv4' },
});

test('a packet is sent to a tcp port, from a machine, to a machine or an address', () => {
  const why = (question: Parameters<typeof whyNotProved>[0]) =>
    whyNotProved(question, { machines });
  const ssh = { from: 'internet', to: 'edge', port: 22 } as const;
  expect(why(ssh)).toBe(undefined);
  expect(why({ ...ssh, from: 'i-api', to: '10.0.0.9' })).toBe(undefined);
  expect(why({ from: 'internet', to: 'edge' })).toBe('noPort');
  expect(why({ ...ssh, port: 'ping' })).toBe('noPort');
  expect(why({ ...ssh, protocol: 'udp' })).toBe('onlyTcp');
  expect(why({ ...ssh, family: 'ipv6' })).toBe('onlyIpv4');
  expect(why({ ...ssh, from: '10.0.0.1' })).toBe('noSender');
  expect(why({ ...ssh, to: '10.0.0.0/16' })).toBe('noReceiver');
});

test('examples are of the system at hand', () => {
  const arrows = [
    arrow('internet', 'edge', 'tcp 80, 443'),
    arrow('edge', 'api', 'tcp 80, 8080'),
    arrow('edge', 'db', 'tcp 80'),
    arrow('api', 'edge', 'tcp 8080'),
    arrow('api', 'db', 'tcp 3306'),
    arrow('db', 'internet', 'everything'),
  ];
  expect(examplesOf({ machines, arrows })).toEqual([
    { from: 'internet', to: 'edge', port: 443 },
    { from: 'internet', to: 'db', port: 3306 },
    { from: 'api', to: 'db', port: 3306 },
    { from: 'db', to: 'internet' },
  ]);
  expect(examplesOf({ machines, arrows: [] })).toEqual([]);
});
