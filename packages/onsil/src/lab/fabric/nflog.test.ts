import { endianness } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LogReader, packetOf } from './nflog.ts';

const little = endianness() === 'LE';
const host = (size: 2 | 4, value: number): Buffer => {
  const bytes = Buffer.alloc(size);
  if (little) bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
};
const network = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const attribute = (type: number, value: Buffer): Buffer => {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([host(2, value.length + 4), host(2, type), value, padding]);
};
const header = (link: number): Buffer =>
  Buffer.concat([
    host(4, 0xa1b2c3d4),
    ...[host(2, 2), host(2, 4), host(4, 0), host(4, 0), host(4, 262_144), host(4, link)],
  ]);
const record = (...attributes: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from([2, 0, 0, 1]), ...attributes]);
  const [length, time] = [host(4, body.length), [host(4, 1000), host(4, 250_000)]];
  return Buffer.concat([...time, length, length, body]);
};

/** IPv4 with the protocol and fragment offset of choice; what follows is its payload. */
function ipv4(protocol: number, payload: readonly number[], offset = 0, options = 0): Buffer {
  const bytes = Buffer.alloc(20 + options);
  bytes.writeUInt8(0x45 + options / 4, 0);
  bytes.writeUInt16BE(1500, 2);
  bytes.writeUInt16BE(offset, 6);
  bytes.writeUInt8(protocol, 9);
  bytes.set([10, 0, 1, 10, 198, 51, 100, 20], 12);
  return Buffer.concat([bytes, Buffer.from(payload)]);
}

const PACKET = ipv4(6, [0x9c, 0x40, 0x0c, 0xea]);
const STREAM = Buffer.concat([
  header(239),
  record(
    attribute(1, Buffer.from([8, 0, 2, 0])),
    attribute(10, Buffer.from('source-check\0')),
    attribute(4, network(7)),
    attribute(9, PACKET),
  ),
  record(attribute(10, Buffer.from('address\0')), attribute(5, network(1))),
]);

describe('messages', () => {
  const messages = [
    { time: 1_000_250, prefix: 'source-check', inIndex: 7, outIndex: 0, payload: PACKET },
    { time: 1_000_250, prefix: 'address', inIndex: 0, outIndex: 1, payload: Buffer.alloc(0) },
  ];
  test('are read with their prefix, interfaces and packet', () => {
    expect([...new LogReader().read(STREAM)]).toEqual(messages);
  });

  test('are the same wherever the stream is cut', () => {
    for (let size = 1; size < STREAM.length; size += 1) {
      const reader = new LogReader();
      const read = [];
      for (let at = 0; at < STREAM.length; at += size) {
        read.push(...reader.read(STREAM.subarray(at, at + size)));
        expect(reader.isOpen).toBe(at + size >= 24);
      }
      expect(read).toEqual(messages);
    }
  });

  test('of an attribute without a length are read to their end', () => {
    const broken = record(Buffer.alloc(8));
    const read = [...new LogReader().read(Buffer.concat([header(239), broken]))];
    expect(read.map(({ prefix }) => prefix)).toEqual(['']);
  });

  test('of any other capture are refused', () => {
    expect(() => [...new LogReader().read(header(1))]).toThrow(/no pcap stream of NFLOG/);
    const pcapng = Buffer.concat([host(4, 0x0a0d0d0a), header(239).subarray(4)]);
    expect(() => [...new LogReader().read(pcapng)]).toThrow(/no pcap stream of NFLOG/);
  });
});

describe('a packet', () => {
  const ends = { source: '10.0.1.10', destination: '198.51.100.20', bytes: 1500 };
  test.each([
    ['of TCP', ipv4(6, [0x9c, 0x40, 0x0c, 0xea]), { sourcePort: 40_000, destinationPort: 3306 }],
    [
      'of UDP, behind options',
      ipv4(17, [0, 1, 0, 53], 0, 8),
      { sourcePort: 1, destinationPort: 53 },
    ],
    ['of ICMP', ipv4(1, [8, 0, 0, 0]), { type: 8, code: 0 }],
    ['of another protocol', ipv4(47, [1, 2, 3, 4]), {}],
    ['that is a later fragment', ipv4(17, [1, 2, 3, 4], 0x2001), {}],
    ['that is a fragment of far behind', ipv4(17, [1, 2, 3, 4], 0x0100), {}],
    ['that is the first fragment', ipv4(1, [3, 4, 0, 0], 0x2000), { type: 3, code: 4 }],
    ['cut behind its header', ipv4(6, []), {}],
  ])('%s', (_name, bytes, more) => {
    expect(packetOf(bytes)).toEqual({ ...ends, protocol: bytes[9], ...more });
  });

  test('that is none of IPv4 is nothing', () => {
    expect(packetOf(Buffer.alloc(0))).toBeUndefined();
    expect(packetOf(Buffer.from([0x60, ...Array(39).fill(0)]))).toBeUndefined();
    expect(packetOf(ipv4(6, []).subarray(0, 19))).toBeUndefined();
    expect(packetOf(Buffer.from([0x40, ...Array(18).fill(0)]))).toBeUndefined();
    expect(packetOf(ipv4(6, [], 0, 8).subarray(0, 24))).toBeUndefined();
  });
});
