import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, type Probe } from './packet.ts';

const address = fc.ipV4();
const port = fc.integer({ min: 0, max: 65535 });
const probe: fc.Arbitrary<Probe> = fc
  .tuple(fc.constantFrom(1, 6, 17, 50), address, address, port, port)
  .map(([protocol, source, destination, sourcePort, destinationPort]) => ({
    ...{ protocol, source, destination },
    sourcePort: protocol === 50 ? 0 : sourcePort,
    destinationPort: protocol === 50 ? 0 : destinationPort,
  }));
const token = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('what is written is read again', () => {
  fc.assert(
    fc.property(probe, token, (asked, number) => {
      expect(decode(encode(asked, number))).toEqual({
        token: number,
        isReply: false,
        probe: asked,
      });
      if (asked.protocol === 6) return;
      const reply = decode(encode(asked, number, true));
      expect(reply).toEqual({ token: number, isReply: true, probe: asked });
    }),
  );
});

test('a datagram adds up with its checksum', () => {
  const packet = encode(
    {
      ...{ protocol: 17, source: '10.0.1.4', destination: '10.0.2.5' },
      ...{ sourcePort: 1024, destinationPort: 53 },
    },
    7,
  );
  const words = [0x0a00, 0x0104, 0x0a00, 0x0205, 17, 20];
  for (let at = 20; at < packet.length; at += 2) words.push(packet.readUInt16BE(at));
  const sum = words.reduce((total, word) => total + word, 0);
  // With its own checksum, a correct datagram adds up to all ones (RFC 768, RFC 1071).
  expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
});

/** The answers of a kernel: SYN and ACK of an open port, RST and ACK of a closed one. */
test.each([
  ['an open port', 0x12, { isReply: true }],
  ['a closed port', 0x14, { isReply: true, isReset: true }],
  ['data of a connection', 0x10, undefined],
])('%s answers a probe: its acknowledged number is the token and one', (_name, flags, reply) => {
  const asked = {
    ...{ protocol: 6, source: '10.0.2.5', destination: '10.0.1.4' },
    ...{ sourcePort: 80, destinationPort: 1024 },
  };
  const packet = encode(asked, 99);
  packet.writeUInt8(flags, 33);
  packet.writeUInt32BE(8, 28);
  expect(decode(packet)).toEqual(reply && { token: 7, ...reply, probe: asked });
});

test('what is no probe is nobody’s', () => {
  expect(decode(Buffer.alloc(0))).toBeUndefined();
  expect(decode(Buffer.alloc(60))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const packet = Buffer.from(bytes);
      if (packet.length > 9) packet.writeUInt8(17, 9);
      expect(decode(packet)).toBeUndefined();
    }),
  );
});
