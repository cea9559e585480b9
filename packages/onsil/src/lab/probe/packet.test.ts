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

const ends = { source: '10.0.1.4', destination: '10.0.2.5', sourcePort: 1024 };

/** Of RFC 791, 9293, 768 and 792, with checksums reckoned by another program. */
test.each([
  [6, 80, '4006', '04000050000000070000000050 02faf0 99920000'],
  [17, 53, '4011', '04000035001401a7 6f6e736c0000000700000000'],
  [1, 53, '4001', '080010e904000035 6f6e736c0000000700000000'],
])('the bytes of protocol %i', (protocol, destinationPort, kind, content) => {
  const header = `4500002800000000${kind}00000a0001040a000205`;
  expect(encode({ ...ends, protocol, destinationPort }, 7).toString('hex')).toBe(
    header + content.replaceAll(' ', ''),
  );
});

test('an echo is answered by type 0 (RFC 792)', () => {
  const reply = encode({ ...ends, protocol: 1, destinationPort: 53 }, 7, true);
  expect([...reply.subarray(20, 22)]).toEqual([0, 0]);
});

test('a datagram whose checksum is zero says all ones: zero is none (RFC 768)', () => {
  const datagram = encode({ ...ends, protocol: 17, destinationPort: 53 }, 430);
  expect(datagram.readUInt16BE(26)).toBe(0xffff);
});

/** The answers of a kernel: SYN and ACK of an open port, RST and ACK of a closed one. */
test.each([
  ['an open port answers', 0x12, { isReply: true }],
  ['a closed port answers', 0x14, { isReply: true, isReset: true }],
  ['data of a connection does not', 0x10, undefined],
  ['the end of a connection does not', 0x11, undefined],
])('%s: the acknowledged number of an answer is the token and one', (_name, flags, reply) => {
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
