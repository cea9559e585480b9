import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { single } from '../addresses.ts';
import { compile } from '../model.ts';
import type { Packet } from '../packet-set/packet.ts';
import { box, contains } from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { trace } from '../trace/trace.ts';
import { type PacketVerdict, tracePacket } from './packet-trace.ts';
import { randomPacket, randomRegion } from './random-region.ts';

/** The one outcome of the symbolic answer that holds the packet. */
function symbolic(region: Region, from: string | undefined, packet: Packet): PacketVerdict {
  const outcomes = trace(compile(region), {
    from:
      from === undefined
        ? { kind: 'addresses', ranges: [single(packet.source)] }
        : { kind: 'network-interface', id: from },
    // Wider than the packet, so that the set has to be cut where the packet's fate is.
    to: { kind: 'addresses', ranges: [{ first: 0, last: 2 ** 32 - 1 }] },
    packets: box({ protocol: packet.protocol, destinations: [single(packet.destination)] }),
  });
  const holding = outcomes.filter(({ packets }) => contains(packets, packet));
  expect(holding).toHaveLength(1);
  return holding.map(shortVerdict)[0] ?? { kind: 'reachable' };
}

function shortVerdict({ verdict }: Outcome): PacketVerdict {
  switch (verdict.kind) {
    case 'reachable':
      return verdict;
    case 'blocked': {
      const { way, by } = verdict;
      const code = by.component === 'security-group' ? 'SECURITY_GROUP' : by.code;
      return { kind: 'blocked', way, code };
    }
    case 'ambiguous':
      return { kind: 'ambiguous', way: verdict.way, code: verdict.reason.code };
    case 'not-modelled':
      return { kind: 'not-modelled', way: verdict.way, code: verdict.resource };
  }
}

/** Worlds; more for a long search: `ONSIL_FUZZ_RUNS=5000 npx vitest run …`. */
const RUNS = Number(process.env['ONSIL_FUZZ_RUNS'] ?? 300);

const EXPECTED = [
  'reachable',
  'blocked forward SECURITY_GROUP',
  'blocked forward SUBNET_ACL_RESTRICTION',
  'blocked forward NO_ROUTE_TO_DESTINATION',
  'blocked forward ENI_SOURCE_DEST_CHECK_RESTRICTION',
  'blocked forward FORWARDING_LOOP',
  'blocked return SUBNET_ACL_RESTRICTION',
];

const question = randomRegion.chain((region) =>
  fc
    .array(randomPacket(region), { minLength: 20, maxLength: 20 })
    .map((packets) => ({ region, packets })),
);

test('the symbolic answer and the plain one agree on every packet', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(question, ({ region, packets }) => {
      for (const { from, packet } of packets) {
        const plain = tracePacket(region, from, packet);
        expect({ from, packet, ...symbolic(region, from, packet) }).toEqual({
          ...{ from, packet },
          ...plain,
        });
        const name = Object.values(plain).join(' ');
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
    }),
    { numRuns: RUNS },
  );
  // The worlds are varied enough to be worth asking.
  expect([...seen.keys()]).toEqual(expect.arrayContaining(EXPECTED));
});
