/**
 * For the bench and for tests: a region of any size that looks like one that grew. One VPC of two
 * zones with three tiers of subnets each; public hosts behind an Internet gateway, app hosts
 * behind a NAT instance, data hosts without a way out; an ACL for each tier. Each group stands for
 * a service with ports of its own: whom it serves, and whom it calls, are references to other
 * groups mostly, then blocks; some groups keep the egress rule to everywhere that AWS gives them.
 * Equal sizes give equal regions.
 */
import { hostAt } from '../../region/ipv4.ts';
import { emptyRegion, type Region } from '../../region/region.ts';
import type { SecurityGroupRule } from '../../region/security-group.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';

export interface LargeRegionSize {
  readonly interfaces: number;
  readonly groups: number;
  /** How many groups each interface carries. */
  readonly groupsEach: number;
  /** How many rules a group has in each direction, at most: AWS allows 60. */
  readonly rules: number;
}

const VPC = 'vpc-1';
const VPC_BLOCK = '10.0.0.0/16';
const TIERS = ['public', 'app', 'data'] as const;
const ZONES = ['a', 'b'] as const;
const SUBNETS = ZONES.flatMap((zone, z) =>
  TIERS.map((tier, t) => ({ tier, zone, cidr: `10.0.${(z * TIERS.length + t) * 32}.0/19` })),
);
/** Of those that rules name beside the VPC's own: an office, a partner, two racks. */
const BLOCKS = ['203.0.113.0/24', '192.0.2.7/32', '10.0.32.0/24', '10.0.40.16/28'];
const COMMON = ['tcp 22', 'tcp 443', 'tcp 9100', 'udp 53', 'udp 514', 'icmp 8 0'];

export function largeRegion({ interfaces, groups, groupsEach, rules }: LargeRegionSize): Region {
  const random = randomFrom(20261122);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(values: readonly [T, ...T[]] | readonly T[], first: T): T =>
    values[below(values.length)] ?? first;
  let builder = network();
  const blocks = [VPC_BLOCK, ...SUBNETS.map(({ cidr }) => cidr), ...BLOCKS];
  const peerOf = (): number => below(groups);
  for (let group = 0; group < groups; group += 1) {
    const ingress = distinct(rules, () => {
      const packet = random() < 0.8 ? portsOf(group, below(3)) : pick(COMMON, 'tcp 22');
      const peer = random() < 0.75 ? `sg-${peerOf()}` : pick(blocks, VPC_BLOCK);
      return rule(packet, peer);
    });
    const egress = distinct(rules, () => {
      const peer = peerOf();
      if (random() < 0.75) return rule(portsOf(peer, below(3)), `sg-${peer}`);
      return rule(pick(COMMON, 'tcp 443'), pick([...blocks, '0.0.0.0/0'], VPC_BLOCK));
    });
    const isOpen = group % 8 === 0;
    builder = builder.group(`sg-${group}`, VPC, ingress, isOpen ? undefined : egress);
  }
  // Each on a small region, put together at last: the builder copies a table with each call.
  const small = new RegionBuilder({ ...emptyRegion('ap-northeast-2'), ...networkOf(builder) });
  const single: Region[] = [];
  for (let index = 0; index < interfaces; index += 1) {
    const { tier, zone, cidr } = SUBNETS[index % SUBNETS.length] ?? SUBNETS[0] ?? never();
    const round = Math.floor(index / SUBNETS.length);
    const isNat = tier === 'public' && round === 0;
    const carried = new Set([index % groups]);
    while (carried.size < Math.min(groupsEach, groups)) carried.add(below(groups));
    const { region } = small.instance(isNat ? `nat-${zone}` : `m${index}`, {
      subnet: `subnet-${tier}-${zone}`,
      ip: hostAt(cidr, round + 4),
      groups: [...carried].map((group) => `sg-${group}`),
      sourceDestCheck: !isNat,
      ...(isNat || (tier === 'public' && round % 4 === 0)
        ? { publicIp: hostAt('198.18.0.0/16', index + 1) }
        : {}),
    });
    single.push(region);
  }
  return {
    ...builder.region,
    networkInterfaces: merged(single.map((each) => each.networkInterfaces)),
    instances: merged(single.map((each) => each.instances)),
  };
}

/** A service's port, its port for metrics, or its range of ports. */
function portsOf(group: number, which: number): string {
  const port = 3000 + group * 4;
  return [`tcp ${port}`, `tcp ${port + 1}`, `tcp ${port}-${port + 3}`][which] ?? `tcp ${port}`;
}

function network(): RegionBuilder {
  const [publicBlocks, appBlocks, dataBlocks] = TIERS.map((tier) =>
    SUBNETS.filter((each) => each.tier === tier).map(({ cidr }) => cidr),
  );
  const allow = (number: number, packet: string, cidr: string) => [
    entry(number, 'ingress', 'allow', packet, cidr),
    entry(number, 'egress', 'allow', packet, cidr),
  ];
  let builder = new RegionBuilder()
    .vpc(VPC, VPC_BLOCK)
    .internetGateway('igw-1', VPC)
    .routeTable('rtb-public', VPC, { '0.0.0.0/0': 'igw-1' })
    .routeTable('rtb-data', VPC, {})
    .networkAcl('acl-public', VPC, [
      entry(90, 'ingress', 'deny', '-1', '192.0.2.0/24'),
      ...allow(100, '-1', VPC_BLOCK),
      entry(110, 'ingress', 'allow', 'tcp 22-443', '0.0.0.0/0'),
      entry(120, 'ingress', 'allow', 'tcp 1024-65535', '0.0.0.0/0'),
      entry(110, 'egress', 'allow', '-1', '0.0.0.0/0'),
    ])
    .networkAcl('acl-app', VPC, [
      entry(80, 'ingress', 'deny', 'tcp 3389', '0.0.0.0/0'),
      ...allow(100, '-1', VPC_BLOCK),
      entry(110, 'ingress', 'allow', 'tcp 1024-65535', '0.0.0.0/0'),
      entry(110, 'egress', 'allow', '-1', '0.0.0.0/0'),
    ])
    // Replies to the ports that Linux sends from, and to no others.
    .networkAcl('acl-data', VPC, [
      ...(publicBlocks ?? []).map((cidr, index) =>
        entry(80 + index, 'ingress', 'deny', '-1', cidr),
      ),
      ...(appBlocks ?? []).flatMap((cidr, index) => [
        entry(100 + index, 'ingress', 'allow', 'tcp 1-32767', cidr),
        entry(110 + index, 'ingress', 'allow', '1', cidr),
        entry(100 + index, 'egress', 'allow', 'tcp 32768-60999', cidr),
        entry(110 + index, 'egress', 'allow', '1', cidr),
      ]),
      ...(dataBlocks ?? []).flatMap((cidr, index) => allow(200 + index, '-1', cidr)),
    ]);
  for (const zone of ZONES) {
    builder = builder.routeTable(`rtb-app-${zone}`, VPC, { '0.0.0.0/0': `eni-nat-${zone}` });
  }
  for (const { tier, zone, cidr } of SUBNETS) {
    const routeTable = tier === 'app' ? `rtb-app-${zone}` : `rtb-${tier}`;
    builder = builder.subnet(`subnet-${tier}-${zone}`, VPC, cidr, {
      routeTable,
      acl: `acl-${tier}`,
    });
  }
  return builder;
}

/** What an instance is made from. */
const networkOf = ({ region: { vpcs, subnets } }: RegionBuilder) => ({ vpcs, subnets });

/** At most so many, each once: a group refuses the same rule twice. */
function distinct(count: number, make: () => SecurityGroupRule): readonly SecurityGroupRule[] {
  const made = Array.from({ length: count }, make);
  return [...new Map(made.map((each) => [each.id, each])).values()];
}

function merged<T>(tables: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(tables.flatMap((table) => Object.entries(table)));
}

function never(): never {
  throw new RangeError('There are subnets.');
}

/** Numbers from 0 up to 1 (mulberry32): nothing here may depend on the day. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
