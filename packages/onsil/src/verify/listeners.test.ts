import { expect, test } from 'vitest';
import { listening } from './listeners.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   2: 0A01000A:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   3: 0A01000A:01BB 0201000A:C350 01 00000000:00000000 00:00000000 00000000     0
`;

test('listeners that the network can reach, and no connections', () => {
  expect(listening(TABLE, 6, '0A')).toEqual([
    { protocol: 6, port: 22 },
    { protocol: 6, port: 8080 },
  ]);
});

test('IPv6: of every address, and not of ::1', () => {
  const line = (address: string) => `head\n 0: ${address}:0050 x:0000 0A`;
  expect(listening(line('0'.repeat(32)), 6, '0A')).toEqual([{ protocol: 6, port: 80 }]);
  expect(listening(line(`${'0'.repeat(24)}01000000`), 6, '0A')).toEqual([]);
});
