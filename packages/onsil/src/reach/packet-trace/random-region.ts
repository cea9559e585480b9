/** For tests: small random regions, in which every kind of hop occurs, and random packets. */
import fc from 'fast-check';
import { hostAt, parseAddress } from '../../region/ipv4.ts';
import type { NetworkAclEntry } from '../../region/network-acl.ts';
import type { Region } from '../../region/region.ts';
import type { Route } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { RegionBuilder } from '../../region/testing.ts';
import type { Packet } from '../packet-set/packet.ts';

export const SUBNETS = ['10.0.1.0/28', '10.0.1.16/28', '10.0.2.0/28'] as const;
const BLOCKS = [
  ...['0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/16', '10.0.1.0/24', '10.0.1.0/28', '10.0.1.16/28'],
  ...['10.0.1.4/32', '10.0.1.20/31', '10.0.2.0/24', '198.51.100.0/24', '198.51.100.7/32'],
  ...['198.18.0.0/16', '198.18.0.1/32'],
];
const GROUPS = ['sg-a', 'sg-b', 'sg-c'];
const INTERFACES = ['eni-0', 'eni-1', 'eni-2', 'eni-3', 'eni-4', 'eni-5'];
const PORTS = [0, 22, 80, 1024, 8080, 40000, 65535];

const fields = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ protocol: -1 }) },
  fc
    .tuple(fc.constantFrom(6, 17), fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
    .map(([protocol, a, b]) => ({ protocol, fromPort: Math.min(a, b), toPort: Math.max(a, b) })),
  fc.tuple(fc.constantFrom(-1, 0, 3, 8), fc.constantFrom(-1, 0)).map(([fromPort, toPort]) => ({
    protocol: 1,
    fromPort,
    toPort: fromPort === -1 ? -1 : toPort,
  })),
  fc.constantFrom({ protocol: 6 }, { protocol: 47 }, { protocol: 1 }),
);

const rule: fc.Arbitrary<SecurityGroupRule> = fc
  .tuple(
    fields,
    fc.oneof(
      fc.constantFrom(...BLOCKS).map((cidr) => ({ kind: 'cidr' as const, cidr })),
      fc.constantFrom(...GROUPS).map((groupId) => ({ kind: 'group' as const, groupId })),
    ),
  )
  .map(([packet, peer]) => ({ id: `sgr-${JSON.stringify([packet, peer])}`, ...packet, peer }));

const entry: fc.Arbitrary<NetworkAclEntry> = fc
  .tuple(
    fields,
    fc.constantFrom(...BLOCKS),
    fc.boolean(),
    fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    fc.integer({ min: 1, max: 200 }),
  )
  .map(([packet, cidr, egress, action, number]) => ({ ...packet, cidr, egress, action, number }));

const OPEN: readonly NetworkAclEntry[] = [true, false].map((egress) => ({
  ...{ number: 300, protocol: -1, cidr: '0.0.0.0/0', action: 'allow', egress },
}));

const acl = fc
  .tuple(
    fc.uniqueArray(entry, { maxLength: 4, selector: ({ number, egress }) => `${number}${egress}` }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([entries, closed]) => [...entries, ...(closed === 0 ? [] : OPEN)]);

const route: fc.Arbitrary<Route> = fc
  .tuple(
    fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '198.51.100.0/24', '10.0.1.16/28', '10.0.2.0/28'),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({ kind: 'internet-gateway' as const, id: 'igw-1' }) },
      fc
        .constantFrom(...INTERFACES, 'eni-gone')
        .map((id) => ({ kind: 'network-interface' as const, id })),
      { weight: 4, arbitrary: fc.constant({ kind: 'network-interface' as const, id: 'eni-0' }) },
    ),
  )
  .map(([destination, target]) => ({ destination, target }));

const table = fc.uniqueArray(route, { maxLength: 3, selector: ({ destination }) => destination });

const open: SecurityGroupRule = {
  ...{ id: 'sgr-open', protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
};
const group = fc.tuple(
  fc.oneof(fc.constant([open]), fc.array(rule, { maxLength: 3 })),
  fc.oneof(fc.constant([open]), fc.array(rule, { maxLength: 3 })),
);

const networkInterface = fc.record({
  subnet: fc.constantFrom(0, 1, 2),
  groups: fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 2 }),
  sourceDestCheck: fc.boolean(),
  visible: fc.boolean(),
  attached: fc.integer({ min: 0, max: 9 }),
  second: fc.boolean(),
});

export const randomRegion: fc.Arbitrary<Region> = fc
  .record({
    gateway: fc.integer({ min: 0, max: 7 }),
    tables: fc.tuple(table, table, table),
    acls: fc.tuple(acl, acl, acl),
    groups: fc.tuple(group, group, group),
    interfaces: fc.array(networkInterface, { minLength: 3, maxLength: 6 }),
    dnsSupport: fc.boolean(),
  })
  .map(({ gateway, tables, acls, groups, interfaces, dnsSupport }) => {
    let builder = new RegionBuilder().vpc('vpc-1', '10.0.0.0/16').resolver('vpc-1', dnsSupport);
    if (gateway > 0) builder = builder.internetGateway('igw-1', 'vpc-1');
    else builder = builder.internetGateway('igw-1', undefined);
    SUBNETS.forEach((cidr, index) => {
      builder = builder
        .routes(`rtb-${index}`, 'vpc-1', tables[index] ?? [])
        .networkAcl(`acl-${index}`, 'vpc-1', acls[index] ?? [])
        .subnet(`subnet-${index}`, 'vpc-1', cidr, {
          routeTable: `rtb-${index}`,
          acl: `acl-${index}`,
        });
    });
    GROUPS.forEach((id, index) => {
      const [ingress = [], egress = []] = groups[index] ?? [];
      builder = builder.group(id, 'vpc-1', ingress, egress);
    });
    interfaces.forEach((each, index) => {
      const cidr = SUBNETS[each.subnet] ?? SUBNETS[0];
      builder = builder.instance(`${index}`, {
        subnet: `subnet-${each.subnet}`,
        ip: hostAt(cidr, 4 + index),
        groups: each.groups,
        sourceDestCheck: each.sourceDestCheck,
        attached: each.attached > 0,
        ...(each.second ? { moreIps: [hostAt(cidr, 10 + (index % 4))] } : {}),
        ...(each.visible || index === 0 ? { publicIp: `198.18.0.${index + 1}` } : {}),
      });
    });
    return uniqueAddresses(builder.elasticIp('eipalloc-idle', '198.18.0.99').region);
  });

/** Two interfaces of a subnet may have drawn one second address: the later one loses it. */
function uniqueAddresses(region: Region): Region {
  const taken = new Set<string>();
  const interfaces = Object.entries(region.networkInterfaces).map(([id, each]) => {
    const privateIps = each.privateIps.filter((ip) => !taken.has(ip));
    for (const ip of privateIps) taken.add(ip);
    return [id, { ...each, privateIps }] as const;
  });
  return { ...region, networkInterfaces: Object.fromEntries(interfaces) };
}

const address = (text: string): number => parseAddress(text) ?? 0;

/** Addresses at which something may happen: of interfaces, outside, services, and of nobody. */
function addressesIn(region: Region): readonly number[] {
  const interfaces = Object.values(region.networkInterfaces);
  return [
    ...interfaces.flatMap(({ privateIps }) => [...privateIps, ...privateIps]),
    ...interfaces.flatMap(({ publicIp }) => (publicIp === undefined ? [] : [publicIp, publicIp])),
    ...['198.51.100.7', '198.51.100.8', '203.0.113.1', '8.8.8.8', '10.0.2.14', '10.0.9.9'],
    ...['10.0.0.2', '169.254.169.254', '169.254.169.253', '169.254.169.123', '169.254.170.2'],
    ...['192.168.1.1', '100.64.0.1', '224.0.0.1', '198.18.0.99', '169.254.1.1'],
  ].map(address);
}

/** A packet, and the interface that sends it; absent: somebody outside. */
export function randomPacket(
  region: Region,
): fc.Arbitrary<{ readonly from: string | undefined; readonly packet: Packet }> {
  const interfaces = Object.values(region.networkInterfaces);
  const sender = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...interfaces) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  return fc
    .tuple(
      sender,
      fc.nat(),
      fc.constantFrom(...addressesIn(region)),
      fc.constantFrom(6, 6, 6, 17, 1, 47),
      fc.constantFrom(...PORTS, 53, 123),
      fc.constantFrom(...PORTS, 53, 123),
      fc.constantFrom(0, 3, 8),
    )
    .map(([from, index, destination, protocol, one, two, type]) => {
      const outside = ['198.51.100.7', '198.51.100.8', '203.0.113.1'];
      const sources = from === undefined ? outside : from.privateIps;
      const source = address(sources[index % sources.length] ?? '');
      const port = protocol === 6 || protocol === 17;
      const detail = port ? [one, two] : protocol === 1 ? [type, index % 2] : [0, 0];
      const [first = 0, second = 0] = detail;
      return {
        from: from?.id,
        packet: { protocol, source, destination, detail: [first, second] },
      };
    });
}
