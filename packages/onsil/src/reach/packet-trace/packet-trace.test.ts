import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { EVERYWHERE, single } from '../addresses.ts';
import { runsOf, seedOf } from '../fuzz.ts';
import { box, contains } from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { trace } from '../trace/trace.ts';
import { modelFor, packetIn } from './asked.ts';
import type { TextPacket } from './packet.ts';
import { type PacketVerdict, tracePacket } from './packet-trace.ts';
import { randomPacket } from './random-packet.ts';
import { randomRegion } from './random-region.ts';

/** The one outcome of the symbolic answer that holds the packet. */
function symbolic(region: Region, from: string | undefined, sent: TextPacket): PacketVerdict {
  const model = modelFor(region, sent);
  const packet = packetIn(model, sent);
  const { source, destination } = packet;
  const outcomes = trace(model, {
    from:
      from === undefined
        ? { kind: 'addresses', ranges: [single(source)] }
        : { kind: 'network-interface', id: from },
    // Wider than the packet, so that the set has to be cut where the packet's fate is.
    to: { kind: 'addresses', ranges: [EVERYWHERE] },
    packets: box({ protocol: packet.protocol, destinations: [single(destination)] }),
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

const EXPECTED = [
  'reachable',
  'blocked forward SECURITY_GROUP',
  'blocked forward SUBNET_ACL_RESTRICTION',
  'blocked forward NO_ROUTE_TO_DESTINATION',
  'blocked forward ENI_SOURCE_DEST_CHECK_RESTRICTION',
  'blocked forward FORWARDING_LOOP',
  'blocked return SUBNET_ACL_RESTRICTION',
  'blocked forward NGW_UNSOLICITED_INBOUND',
  'blocked forward NGW_SAME_SUBNET',
  'blocked forward PROTOCOL_RESTRICTION',
  'blocked forward PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
  'blocked forward SERVICE_OPENS_NOTHING',
  'blocked forward VPCE_GATEWAY_PROTOCOL_RESTRICTION',
  'blocked return EIGW_REPLY_WITHOUT_REQUEST',
  'ambiguous forward OVERLAPPING_PREFIX_LISTS',
  'ambiguous return REMAP_EPHEMERAL_PORT',
  'not-modelled forward tgw-1',
  'not-modelled forward pl-gone',
  'not-modelled forward NAT64 by nat-1',
];

const question = randomRegion.chain((region) =>
  fc
    .array(randomPacket(region), { minLength: 20, maxLength: 20 })
    .map((packets) => ({ region, packets })),
);

test(`the symbolic answer and the plain one agree on every packet (seed ${seedOf(process.env)})`, () => {
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
    { numRuns: runsOf(process.env, 300), seed: seedOf(process.env) },
  );
  // The worlds are varied enough to be worth asking.
  expect([...seen.keys()]).toEqual(expect.arrayContaining(EXPECTED));
});

describe('found by the search: both answer', () => {
  const world = (acl: Parameters<RegionBuilder['networkAcl']>[2], routes: string): Region =>
    new RegionBuilder()
      .vpc('vpc-1', '10.0.0.0/16')
      .internetGateway('igw-1', 'vpc-1')
      .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
      .routeTable('rtb-nat', 'vpc-1', { '0.0.0.0/0': 'eni-nat' })
      .networkAcl('acl-1', 'vpc-1', acl)
      .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
      .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: routes, acl: 'acl-1' })
      .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
      .instance('nat', {
        ...{ subnet: 'subnet-public', ip: '10.0.0.5', groups: ['sg-open'] },
        ...{ publicIp: '198.18.0.5', sourceDestCheck: false },
      })
      .instance('self', {
        ...{ subnet: 'subnet-1', ip: '10.0.1.10', groups: ['sg-open'], publicIp: '198.18.0.1' },
      }).region;
  const open = [
    entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
    entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
  ];
  const only80In = [
    entry(100, 'ingress', 'allow', 'tcp 80', '0.0.0.0/0'),
    entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
  ];
  const toItself = (destination: string): TextPacket => ({
    protocol: 6,
    source: '10.0.1.10',
    destination,
    detail: [40000, 80],
  });
  const onReturn = (kind: 'ambiguous' | 'blocked', code: string): PacketVerdict => ({
    ...{ kind, way: 'return', code },
  });

  test.each<readonly [string, Region, string, PacketVerdict]>([
    [
      'its own public address by the gateway: there and back',
      world(open, 'rtb-public'),
      '198.18.0.1',
      { kind: 'reachable' },
    ],
    [
      'its own public address: the reply too enters by the network ACL',
      world(only80In, 'rtb-public'),
      '198.18.0.1',
      onReturn('blocked', 'SUBNET_ACL_RESTRICTION'),
    ],
    [
      'its own public address by a NAT instance: the reply goes through that once more',
      world(open, 'rtb-nat'),
      '198.18.0.1',
      onReturn('ambiguous', 'ASYMMETRIC_ROUTE'),
    ],
    [
      'its own private address: nothing leaves the host, and no filter is asked',
      world([], 'rtb-nat'),
      '10.0.1.10',
      { kind: 'reachable' },
    ],
  ])('%s', (_name, region, destination, verdict) => {
    const packet = toItself(destination);
    expect(tracePacket(region, 'eni-self', packet)).toEqual(verdict);
    expect(symbolic(region, 'eni-self', packet)).toEqual(verdict);
  });
});
