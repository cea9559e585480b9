import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { answerTime, startTime } from './time.ts';

/** Second 3155673600 of NTP, and a half. */
const MILLENNIUM = Date.UTC(2000, 0, 1) + 500;
const request = (first: number, length = 48): Buffer => {
  const message = Buffer.alloc(length);
  message.writeUInt8(first, 0);
  message.writeUInt8(6, 2);
  message.write('whichone', 40, 'latin1');
  return message;
};

test('a client is told the time, and which request of it this answers', () => {
  const reply = answerTime(request(0x23), MILLENNIUM);
  expect(reply?.length).toBe(48);
  expect(reply?.[0]).toBe(0x24);
  expect(reply?.[2]).toBe(6);
  expect(reply?.toString('latin1', 24, 32)).toBe('whichone');
  for (const offset of [32, 40]) {
    expect(reply?.readUInt32BE(offset)).toBe(3_155_673_600);
    expect(reply?.readUInt32BE(offset + 4)).toBe(2 ** 31);
  }
});

test('the version is the one that was asked in', () => {
  expect(answerTime(request(0x1b), MILLENNIUM)?.[0]).toBe(0x1c);
});

test('seconds begin anew in 2036', () => {
  const rollover = Date.UTC(2036, 1, 7, 6, 28, 16);
  expect(answerTime(request(0x23), rollover)?.readUInt32BE(40)).toBe(0);
});

test.each([
  ['another server', 0x24, 48],
  ['a broadcast', 0x25, 48],
  ['version 0', 0x03, 48],
  ['version 7', 0x3b, 48],
  ['a short message', 0x23, 47],
])('nothing is said to %s', (_, first, length) => {
  expect(answerTime(request(first, 48).subarray(0, length), MILLENNIUM)).toBeUndefined();
});

test('is served over UDP', async () => {
  const server = await startTime({ address: '127.0.0.1', port: 0 }, () => MILLENNIUM);
  const client = createSocket('udp4');
  client.send(request(0x23), server.endpoint.port, '127.0.0.1');
  const [reply] = await once(client, 'message');
  expect(reply).toEqual(answerTime(request(0x23), MILLENNIUM));
  client.close();
  await server.close();
});
