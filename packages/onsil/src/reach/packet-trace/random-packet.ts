/** For tests: random packets of both families, for random regions. */
import fc from 'fast-check';
import type { Region } from '../../region/region.ts';
import type { TextPacket } from './packet.ts';
import { PORTS } from './random-region.ts';

/** Addresses at which something may happen: of interfaces, outside, services, and of nobody. */
function addressesIn(region: Region): readonly string[] {
  const interfaces = Object.values(region.networkInterfaces);
  return [
    ...interfaces.flatMap(({ privateIps }) => [...privateIps, ...privateIps]),
    ...interfaces.flatMap(({ publicIp }) => (publicIp === undefined ? [] : [publicIp, publicIp])),
    ...[
      '198.51.100.7',
      '198.51.100.8',
      '198.51.100.200',
      '203.0.113.1',
      '8.8.8.8',
      'pl-s3',
      'pl-s3',
    ],
    ...['198.51.100.7', '203.0.113.1', '8.8.8.8'],
    ...['10.0.2.14', '10.0.9.9', '10.1.9.9', '198.18.0.50', '198.18.0.51', '10.1.0.2'],
    ...['10.0.0.2', '169.254.169.254', '169.254.169.253', '169.254.169.123', '169.254.170.2'],
    ...['192.168.1.1', '100.64.0.1', '224.0.0.1', '198.18.0.99', '169.254.1.1'],
  ];
}

/** Packets with these are asked of a model that knows them. */
export const OUTSIDE_6 = ['2001:db8:ffff::7', '2001:db8:ffff::8', '2600::1'] as const;
export const ELSEWHERE_6 = ['fd12::1', '2001:db8:1:9::9', 'ff02::1', 'fd00:ec2::7'] as const;

function addressesIn6(region: Region): readonly string[] {
  const interfaces = Object.values(region.networkInterfaces);
  return [
    ...interfaces.flatMap(({ ipv6Addresses }) => [...ipv6Addresses, ...ipv6Addresses]),
    ...OUTSIDE_6,
    ...OUTSIDE_6,
    ...ELSEWHERE_6,
    ...['fd00:ec2::254', 'fd00:ec2::253', 'fd00:ec2::123'],
  ];
}

export interface Sent {
  /** The interface that sends; absent: somebody outside. */
  readonly from: string | undefined;
  readonly packet: TextPacket;
}

const OUTSIDE = ['198.51.100.7', '198.51.100.8', '203.0.113.1', 'pl-s3'];

export function randomPacket(region: Region): fc.Arbitrary<Sent> {
  const interfaces = Object.values(region.networkInterfaces);
  const six = interfaces.filter(({ ipv6Addresses }) => ipv6Addresses.length > 0);
  return fc.oneof(
    {
      weight: 3,
      arbitrary: packetOf(
        interfaces.map(({ id, privateIps }) => ({ id, addresses: privateIps })),
        OUTSIDE,
        addressesIn(region),
        { icmp: 1, types: [0, 3, 8] },
      ),
    },
    {
      weight: 1,
      arbitrary: packetOf(
        six.map(({ id, ipv6Addresses }) => ({ id, addresses: ipv6Addresses })),
        OUTSIDE_6,
        addressesIn6(region),
        { icmp: 58, types: [1, 128, 129] },
      ),
    },
  );
}

function packetOf(
  senders: readonly { readonly id: string; readonly addresses: readonly string[] }[],
  outside: readonly string[],
  destinations: readonly string[],
  { icmp, types }: { readonly icmp: number; readonly types: readonly number[] },
): fc.Arbitrary<Sent> {
  return fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...senders) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      fc.nat(),
      fc.constantFrom(...destinations),
      fc.constantFrom(6, 6, 6, 17, icmp, 47),
      fc.constantFrom(...PORTS, 53, 123),
      fc.constantFrom(...PORTS, 53, 123),
      fc.constantFrom(...types),
    )
    .map(([from, index, destination, protocol, one, two, type]) => {
      const sources = from?.addresses ?? outside;
      const source = sources[index % sources.length] ?? '';
      const port = protocol === 6 || protocol === 17;
      const detail = port ? [one, two] : protocol === icmp ? [type, index % 2] : [0, 0];
      const [first = 0, second = 0] = detail;
      return {
        from: from?.id,
        packet: { protocol, source, destination, detail: [first, second] },
      };
    });
}
