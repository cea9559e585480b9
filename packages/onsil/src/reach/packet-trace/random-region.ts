/**
 * For tests: small random regions of two VPCs, in which every kind of hop occurs. Long, since each
 * kind has its arbitrary, and they are of no use apart.
 */
import fc from 'fast-check';
import { hostAt } from '../../region/ipv4.ts';
import type { NetworkAclEntry } from '../../region/network-acl.ts';
import type { Region } from '../../region/region.ts';
import type { Route, RouteTarget } from '../../region/route-table.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { RegionBuilder } from '../../region/testing.ts';
import { isIpv6 } from './address.ts';

/** The last one is of the second VPC. */
export const SUBNETS = ['10.0.1.0/28', '10.0.1.16/28', '10.0.2.0/28', '10.1.1.0/28'] as const;
const SUBNETS_6 = ['2001:db8:1::/64', '2001:db8:1:1::/64', '2001:db8:1:2::/64', '2001:db8:2::/64'];
const VPCS = ['vpc-1', 'vpc-1', 'vpc-1', 'vpc-2'];
const BLOCKS_4 = [
  ...['0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/16', '10.0.1.0/24', '10.0.1.0/28', '10.0.1.16/28'],
  ...['10.0.1.4/32', '10.0.1.20/31', '10.0.2.0/24', '198.51.100.0/24', '198.51.100.7/32'],
  ...['198.18.0.0/16', '198.18.0.1/32', '10.1.0.0/16', '10.0.1.13/32', '240.0.0.0/4'],
];
const BLOCKS_6 = [
  ...['::/0', '2000::/4', '2001:db8:1::/56', '2001:db8:1::/64', '2001:db8:1:1::/64'],
  ...['2001:db8:1::4/128', '2001:db8:2::/64', '2001:db8:ffff::/48', '2001:db8:ffff::7/128'],
];
const GROUPS = ['sg-a', 'sg-b', 'sg-c'];
const INTERFACES = ['eni-0', 'eni-1', 'eni-2', 'eni-3', 'eni-4', 'eni-5'];
const LISTS = ['pl-known', 'pl-wide', 'pl-s3', 'pl-six', 'pl-gone'];
export const PORTS = [0, 22, 80, 1024, 8080, 40000, 65535];

const fields = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ protocol: -1 }) },
  fc
    .tuple(fc.constantFrom(6, 17), fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
    .map(([protocol, a, b]) => ({ protocol, fromPort: Math.min(a, b), toPort: Math.max(a, b) })),
  fc
    .tuple(fc.constantFrom(1, 58), fc.constantFrom(-1, 0, 3, 8, 128), fc.constantFrom(-1, 0))
    .map(([protocol, fromPort, code]) => ({
      ...{ protocol, fromPort, toPort: fromPort === -1 ? -1 : code },
    })),
  fc.constantFrom({ protocol: 6 }, { protocol: 47 }, { protocol: 1 }),
);

const block = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BLOCKS_4) },
  { weight: 1, arbitrary: fc.constantFrom(...BLOCKS_6) },
);

const rule: fc.Arbitrary<SecurityGroupRule> = fc
  .tuple(
    fields,
    fc.oneof(
      { weight: 4, arbitrary: block.map((cidr) => ({ kind: kindOf(cidr), cidr })) },
      {
        weight: 4,
        arbitrary: fc
          .constantFrom(...GROUPS)
          .map((groupId) => ({ kind: 'group' as const, groupId })),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...LISTS)
          .map((prefixListId) => ({ kind: 'prefix-list' as const, prefixListId })),
      },
    ),
  )
  .map(([packet, peer]) => {
    const words = [...Object.values(packet), Object.values(peer).at(-1)];
    return { id: `sgr-${words.join('_')}`, ...packet, peer };
  });

function kindOf(cidr: string): 'cidr' | 'cidr6' {
  return isIpv6(cidr) ? 'cidr6' : 'cidr';
}

const entry: fc.Arbitrary<NetworkAclEntry> = fc
  .tuple(
    fields,
    block,
    fc.boolean(),
    fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    fc.integer({ min: 1, max: 200 }),
  )
  .map(([packet, cidr, egress, action, number]) => ({ ...packet, cidr, egress, action, number }));

/** Replies to some ports of a client only. */
const HALF: readonly NetworkAclEntry[] = [true, false].map((egress) => ({
  ...{ number: 250, protocol: 6, fromPort: 20000, toPort: 65535, action: 'deny', egress },
  cidr: '0.0.0.0/0',
}));

const OPEN: readonly NetworkAclEntry[] = [true, false].flatMap((egress) =>
  ['0.0.0.0/0', '::/0'].map((cidr, index) => ({
    ...{ number: 300 + index, protocol: -1, cidr, action: 'allow' as const, egress },
  })),
);

const acl = fc
  .tuple(
    fc.uniqueArray(entry, { maxLength: 4, selector: ({ number, egress }) => `${number}${egress}` }),
    fc.integer({ min: 0, max: 7 }),
  )
  .map(([entries, closed]) => [
    ...entries,
    ...(closed === 1 || closed === 2 ? HALF : []),
    ...(closed === 0 ? [] : OPEN),
  ]);

const target = (kind: Exclude<RouteTarget['kind'], 'local'>, id: string): RouteTarget => ({
  kind,
  id,
});

const targets: fc.Arbitrary<RouteTarget> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(target('internet-gateway', 'igw-1')) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...INTERFACES, 'eni-gone')
      .map((id) => target('network-interface', id)),
  },
  { weight: 4, arbitrary: fc.constant(target('network-interface', 'eni-0')) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('nat-1', 'nat-2', 'nat-gone').map((id) => target('nat-gateway', id)),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[target('vpc-peering-connection', 'pcx-1'), target('vpc-endpoint', 'vpce-1')],
      ...[target('internet-gateway', 'igw-2'), target('not-modelled', 'tgw-1')],
      ...[target('vpc-peering-connection', 'pcx-away'), target('vpc-endpoint', 'vpce-2')],
    ),
  },
);

const route: fc.Arbitrary<Route> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      destination: fc.constantFrom(
        ...[
          '0.0.0.0/0',
          '0.0.0.0/0',
          '0.0.0.0/0',
          '198.51.100.0/24',
          '10.0.1.16/28',
          '10.0.2.0/28',
        ],
        ...['10.1.0.0/16', 'pl-known', 'pl-wide', 'pl-s3'],
      ),
      target: targets,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      destination: fc.constantFrom(
        '::/0',
        '::/0',
        '2001:db8:1:1::/64',
        '2001:db8:2::/64',
        'pl-six',
      ),
      target: fc.oneof(
        fc.constant(target('egress-only-internet-gateway', 'eigw-1')),
        fc.constant(target('internet-gateway', 'igw-1')),
        targets,
      ),
    }),
  },
  // Those that lead from one VPC to the other, and to S3.
  {
    weight: 2,
    arbitrary: fc.constantFrom<Route>(
      { destination: '10.1.0.0/16', target: target('vpc-peering-connection', 'pcx-1') },
      { destination: '10.0.0.0/16', target: target('vpc-peering-connection', 'pcx-1') },
      { destination: '2001:db8:2::/56', target: target('vpc-peering-connection', 'pcx-1') },
      { destination: 'pl-s3', target: target('vpc-endpoint', 'vpce-1') },
      { destination: '::/0', target: target('internet-gateway', 'igw-2') },
    ),
  },
);

/** Lists that overlap, and one that the region does not have. */
const LISTED: readonly (readonly Route[])[] = [
  [
    { destination: 'pl-known', target: target('internet-gateway', 'igw-1') },
    { destination: 'pl-wide', target: target('nat-gateway', 'nat-1') },
  ],
  [{ destination: 'pl-gone', target: target('internet-gateway', 'igw-1') }],
];

/** As people write them: without such ones hardly a packet would get anywhere. */
const USUAL: Readonly<Record<'public' | 'private' | 'peer', readonly Route[]>> = {
  public: [
    { destination: '0.0.0.0/0', target: target('internet-gateway', 'igw-1') },
    { destination: '::/0', target: target('internet-gateway', 'igw-1') },
  ],
  private: [
    { destination: '0.0.0.0/0', target: target('nat-gateway', 'nat-1') },
    { destination: '::/0', target: target('egress-only-internet-gateway', 'eigw-1') },
    { destination: '10.1.0.0/16', target: target('vpc-peering-connection', 'pcx-1') },
    { destination: 'pl-s3', target: target('vpc-endpoint', 'vpce-1') },
  ],
  peer: [
    { destination: '10.0.0.0/16', target: target('vpc-peering-connection', 'pcx-1') },
    { destination: '2001:db8:1::/56', target: target('vpc-peering-connection', 'pcx-1') },
  ],
};

const table = (usual: readonly Route[]): fc.Arbitrary<readonly Route[]> =>
  fc
    .tuple(
      fc.array(route, { maxLength: 4 }),
      fc.oneof(fc.constant(usual), fc.constant([])),
      fc.integer({ min: 0, max: 19 }),
    )
    .map(([routes, some, which]) => {
      const all = [...(LISTED[which] ?? []), ...some, ...routes];
      return all.filter(
        (each, index) =>
          all.findIndex(({ destination }) => destination === each.destination) === index,
      );
    });

const open: readonly SecurityGroupRule[] = [
  { ...{ id: 'sgr-open', protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } } },
  { ...{ id: 'sgr-open-6', protocol: -1, peer: { kind: 'cidr6', cidr: '::/0' } } },
];
const group = fc.tuple(
  fc.oneof(fc.constant(open), fc.array(rule, { maxLength: 3 })),
  fc.oneof(fc.constant(open), fc.array(rule, { maxLength: 3 })),
);

const networkInterface = fc.record({
  subnet: fc.constantFrom(0, 1, 2, 3),
  groups: fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 2 }),
  sourceDestCheck: fc.boolean(),
  visible: fc.boolean(),
  attached: fc.integer({ min: 0, max: 9 }),
  second: fc.boolean(),
  ipv6: fc.boolean(),
});

const shape = fc.record({
  gateways: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.boolean()),
  tables: fc.tuple(
    table(USUAL.public),
    table(USUAL.private),
    table(USUAL.private),
    table(USUAL.peer),
  ),
  acls: fc.tuple(acl, acl, acl, acl),
  groups: fc.tuple(group, group, group),
  interfaces: fc.array(networkInterface, { minLength: 3, maxLength: 6 }),
  dnsSupport: fc.boolean(),
  peered: fc.integer({ min: 0, max: 5 }),
  /** Of the second NAT gateway. */
  isPublic: fc.boolean(),
  /** Whether every group lets everything pass, so that what lies behind is met. */
  isOpen: fc.boolean(),
});

export const randomRegion: fc.Arbitrary<Region> = shape.map((given) => {
  const withNetwork = network(given);
  let builder = GROUPS.reduce((grown, id, index) => {
    const [ingress = [], egress = []] = given.isOpen ? [open, open] : (given.groups[index] ?? []);
    return grown.group(id, 'vpc-1', ingress, egress);
  }, withNetwork);
  given.interfaces.forEach((each, index) => {
    const cidr = SUBNETS[each.subnet] ?? SUBNETS[0];
    const six = SUBNETS_6[each.subnet]?.replace('/64', `${index + 4}`) ?? '';
    builder = builder.instance(`${index}`, {
      subnet: `subnet-${each.subnet}`,
      ip: hostAt(cidr, 4 + index),
      groups: each.groups,
      sourceDestCheck: each.sourceDestCheck,
      attached: each.attached > 0,
      ...(each.second ? { moreIps: [hostAt(cidr, 10 + (index % 3))] } : {}),
      ...(each.visible || index === 0 ? { publicIp: `198.18.0.${index + 1}` } : {}),
      ...(each.ipv6 || index === 0 ? { ipv6: [six] } : {}),
    });
  });
  return uniqueAddresses(builder.elasticIp('eipalloc-idle', '198.18.0.99').region);
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** No second route to a block of the table's own VPC, and no endpoint for another list than S3's. */
const isPossible =
  (vpcId: string) =>
  ({ destination, target: { kind } }: Route): boolean =>
    destination !== (vpcId === 'vpc-1' ? '10.0.0.0/16' : '10.1.0.0/16') &&
    (kind !== 'vpc-endpoint' || destination.includes('/') || destination === 'pl-s3');

function network({ gateways, tables, acls, dnsSupport, peered, isPublic }: Shape): RegionBuilder {
  const [gateway, second] = gateways;
  let builder = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .vpc('vpc-2', '10.1.0.0/16')
    .ipv6('vpc-1', '2001:db8:1::/56')
    .ipv6('vpc-2', '2001:db8:2::/56')
    .resolver('vpc-1', dnsSupport)
    .internetGateway('igw-1', gateway > 0 ? 'vpc-1' : undefined)
    .internetGateway('igw-2', second ? 'vpc-2' : undefined)
    .egressOnlyInternetGateway('eigw-1', 'vpc-1')
    .peering('pcx-1', 'vpc-1', 'vpc-2', peered > 0)
    .peering('pcx-away', 'vpc-away', 'vpc-1')
    .prefixList('pl-known', '198.51.100.0/24', '10.1.1.0/28')
    .prefixList('pl-wide', '198.51.100.0/25', '203.0.113.0/24')
    .prefixList('pl-six', '2001:db8:ffff::/64', '2001:db8:2::/64')
    .prefixList('pl-s3')
    .gatewayEndpoint('vpce-1', 'vpc-1');
  SUBNETS.forEach((cidr, index) => {
    const vpcId = VPCS[index] ?? '';
    builder = builder
      .routes(`rtb-${index}`, vpcId, (tables[index] ?? []).filter(isPossible(vpcId)))
      .networkAcl(`acl-${index}`, vpcId, acls[index] ?? [])
      .subnet(`subnet-${index}`, vpcId, cidr, {
        ...{ routeTable: `rtb-${index}`, acl: `acl-${index}`, ipv6Cidr: SUBNETS_6[index] ?? '' },
      });
  });
  return builder
    .natGateway('nat-1', { subnet: 'subnet-0', ip: '10.0.1.13', publicIp: '198.18.0.50' })
    .natGateway('nat-2', {
      ...{ subnet: 'subnet-1', ip: '10.0.1.29' },
      ...(isPublic ? { publicIp: '198.18.0.51' } : {}),
    })
    .interfaceEndpoint('vpce-2', { subnet: 'subnet-2', ip: '10.0.2.13', groups: ['sg-a'] });
}

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
