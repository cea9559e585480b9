import { expect, test } from 'vitest';
import { addressMatches, type PacketFields, packetMatches } from './packet-match.ts';

const TABLE: readonly [PacketFields, readonly string[]][] = [
  [{ protocol: -1 }, []],
  [{ protocol: -1, fromPort: 80, toPort: 80 }, []],
  [{ protocol: 6 }, ['meta l4proto tcp']],
  [{ protocol: 6, fromPort: 0, toPort: 65_535 }, ['meta l4proto tcp']],
  [{ protocol: 6, fromPort: -1, toPort: -1 }, ['meta l4proto tcp']],
  [{ protocol: 6, fromPort: 22, toPort: 22 }, ['tcp dport 22']],
  [{ protocol: 17, fromPort: 8000, toPort: 8010 }, ['udp dport 8000-8010']],
  [{ protocol: 1 }, ['meta l4proto icmp']],
  [{ protocol: 1, fromPort: -1, toPort: -1 }, ['meta l4proto icmp']],
  [{ protocol: 1, fromPort: 8, toPort: -1 }, ['icmp type 8']],
  [{ protocol: 1, fromPort: 3, toPort: 4 }, ['icmp type 3', 'icmp code 4']],
  [{ protocol: 1, fromPort: 0, toPort: 0 }, ['icmp type 0', 'icmp code 0']],
  [{ protocol: 47, fromPort: 1, toPort: 2 }, ['meta l4proto 47']],
  [{ protocol: 0 }, ['meta l4proto 0']],
];

test.each(TABLE)('%o matches by %o', (fields, matches) => {
  expect(packetMatches(fields)).toEqual(matches);
});

test('every address needs no match', () => {
  expect(addressMatches('saddr', '0.0.0.0/0')).toEqual([]);
  expect(addressMatches('daddr', '10.0.0.0/8')).toEqual(['ip daddr 10.0.0.0/8']);
  expect(addressMatches('daddr', '10.0.0.10/32')).toEqual(['ip daddr 10.0.0.10/32']);
});
