/**
 * Which numbers stand for which addresses in packet sets, for one family of addresses.
 *
 * IPv4: every address for itself. IPv6 addresses are too many for numbers, but a region tells only
 * few of them apart: between two boundaries of all that it names (blocks of rules, entries,
 * routes, subnets; addresses of interfaces), addresses share every fate. So each such interval is
 * one number, in order, and the algebra of sets is the same for both families.
 */
import { hashIndex } from '../region/hash.ts';
import { formatAddress, parseAddress } from '../region/ipv4.ts';
import { formatAddress6, parseAddress6, parseBlock6 } from '../region/ipv6.ts';
import type { Region } from '../region/region.ts';
import { isWithin, rangeOf, withoutRanges } from './addresses.ts';
import { MAXIMUM_ADDRESS } from './packet-set/packet.ts';
import type { Range } from './packet-set/packet-set.ts';

export type Family = 'ipv4' | 'ipv6';

export interface AddressSpace {
  readonly family: Family;
  /** Of a block or an address; nothing where it is of the other family. */
  rangesOf(text: string): readonly Range[];
  /** Throws RangeError where the text is no address of the family, or not told apart here. */
  addressOf(text: string): number;
  /** An address, the first one of an interval, or the name of the list that the number stands for. */
  textOf(address: number): string;
  rangeText(range: Range): string;
  /** By the id of the prefix list. */
  readonly standIns: ReadonlyMap<string, StandIn>;
}

/**
 * AWS publishes no entries of its own prefix lists (S3, DynamoDB, CloudFront) in a template, so
 * each has a block that stands for the public addresses that nobody knows: one that no packet of
 * the Internet can have (240.0.0.0/4, RFC 1112; 3fff:f00::/24 of RFC 9637).
 */
export interface StandIn {
  readonly prefixListId: string;
  /** `s3`, or the list's own name. */
  readonly name: string;
  readonly range: Range;
}

/** @param named further IPv6 blocks and addresses that questions are about */
export function addressSpaceOf(
  region: Region,
  family: Family,
  named: readonly string[] = [],
): AddressSpace {
  return family === 'ipv4' ? ipv4(region) : ipv6(region, named);
}

/** How many stand-ins there is room for. */
const PLACES = 2 ** 20;

/** Each at a place that depends on its id alone, so that two regions have a list at the same one. */
function unknownLists(region: Region, family: Family) {
  const taken = new Set<number>();
  return Object.values(region.prefixLists)
    .filter((list) => list.entries === undefined && list.family === family)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name }) => {
      let place = hashIndex(PLACES, id);
      while (taken.has(place)) place = (place + 1) % PLACES;
      taken.add(place);
      return { id, name: shortName(name), place };
    });
}

/** `com.amazonaws.ap-northeast-2.s3` is `s3`. */
function shortName(name: string): string {
  return /^com\.amazonaws\.[^.]+\.(.+)$/.exec(name)?.[1] ?? name;
}

const RESERVED_4 = 0xf000_0000;
/** Addresses of a block, so that all places fill 240.0.0.0/4. */
const STAND_IN_SIZE_4 = 2 ** 28 / PLACES;
/** Multicast and reserved: who names these means no service of AWS. */
const NO_NETWORK = rangeOf('224.0.0.0/3');

function ipv4(region: Region): AddressSpace {
  const standIns = new Map(
    unknownLists(region, 'ipv4').map(({ id, name, place }): readonly [string, StandIn] => {
      const first = RESERVED_4 + place * STAND_IN_SIZE_4;
      const range = { first, last: first + STAND_IN_SIZE_4 - 1 };
      return [id, { prefixListId: id, name, range }];
    }),
  );
  const standing = [...standIns.values()];
  const blocks = standing.map(({ range }) => range);
  const rangesOf = (text: string): readonly Range[] => {
    if (text.includes(':')) return [];
    const range = rangeOf(text);
    return blocks.length > 0 && isWithin(range, NO_NETWORK)
      ? withoutRanges([range], blocks)
      : [range];
  };
  return {
    family: 'ipv4',
    standIns,
    rangesOf,
    addressOf(text) {
      const address = parseAddress(text);
      if (address === undefined) throw noAddress(text, 'an IPv4 address');
      return address;
    },
    textOf: (address) => nameIn(standing, address, address) ?? formatAddress(address),
    rangeText({ first, last }) {
      const name = nameIn(standing, first, last);
      if (name !== undefined) return name;
      return spanText(formatAddress(first), formatAddress(last));
    },
  };
}

const FIRST_STAND_IN_6 = 0x3fff_0f00n << 96n;
const LAST_6 = (1n << 128n) - 1n;

/** Blocks that the rules of AWS themselves tell apart. */
export const GLOBAL_UNICAST_6 = '2000::/3';
/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-table-routes */
export const SERVICES_6 = 'fd00:ec2::/32';
/** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html */
export const NAT64 = '64:ff9b::/96';
export const SERVICE_ADDRESSES_6 = {
  metadata: 'fd00:ec2::254',
  resolver: 'fd00:ec2::253',
  time: 'fd00:ec2::123',
} as const;

function lists6(region: Region) {
  return unknownLists(region, 'ipv6').map(({ id, name, place }) => ({
    ...{ id, name },
    block: `${formatAddress6(FIRST_STAND_IN_6 + (BigInt(place) << 84n))}/44`,
  }));
}

/** All that the IPv6 space of a region tells apart: named in another one's, both count alike. */
export function ipv6BlocksOf(region: Region): readonly string[] {
  return [
    ...[GLOBAL_UNICAST_6, SERVICES_6, NAT64, ...Object.values(SERVICE_ADDRESSES_6)],
    ...lists6(region).map(({ block }) => block),
    ...namedBlocks(region).filter((text) => text.includes(':')),
  ];
}

function ipv6(region: Region, named: readonly string[]): AddressSpace {
  const lists = lists6(region);
  const texts = [...ipv6BlocksOf(region), ...named];
  const ends = texts.filter((text) => text.includes(':')).map(endsOf);
  // Each is the first address of an interval.
  const firsts = [...new Set([0n, ...ends.flatMap(({ first, last }) => [first, last + 1n])])]
    .filter((first) => first <= LAST_6)
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const numbers = new Map(firsts.map((first, index) => [first, index]));
  const numberOf = (first: bigint, text: string): number => {
    const number = numbers.get(first);
    if (number === undefined) throw noAddress(text, 'told apart from its neighbours here');
    return number;
  };
  const rangesOf = (text: string): readonly Range[] => {
    if (!text.includes(':')) return [];
    const { first, last } = endsOf(text);
    // The last interval has all the numbers that are left.
    const end = last === LAST_6 ? MAXIMUM_ADDRESS : numberOf(last + 1n, text) - 1;
    return [{ first: numberOf(first, text), last: end }];
  };
  const standing = lists.flatMap(({ id, name, block }) =>
    rangesOf(block).map((range): StandIn => ({ prefixListId: id, name, range })),
  );
  const firstOf = (address: number): bigint => firsts[Math.min(address, firsts.length - 1)] ?? 0n;
  const lastOf = (address: number): bigint => (firsts[address + 1] ?? LAST_6 + 1n) - 1n;
  return {
    family: 'ipv6',
    standIns: new Map(standing.map((each) => [each.prefixListId, each])),
    rangesOf,
    addressOf(text) {
      const address = parseAddress6(text);
      if (address === undefined) throw noAddress(text, 'an IPv6 address');
      return numberOf(address, text);
    },
    textOf: (address) => nameIn(standing, address, address) ?? formatAddress6(firstOf(address)),
    rangeText({ first, last }) {
      const name = nameIn(standing, first, last);
      return name ?? blockText6(firstOf(first), lastOf(last));
    },
  };
}

/** Every IPv6 block, address and entry of the region; IPv4 ones among them do no harm. */
function namedBlocks(region: Region): readonly string[] {
  const rules = Object.values(region.securityGroups).flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ peer }) => (peer.kind === 'cidr6' ? [peer.cidr] : [])),
  );
  const entries = Object.values(region.networkAcls).flatMap((acl) => acl.entries);
  const routes = Object.values(region.routeTables).flatMap((table) => table.routes);
  return [
    ...rules,
    ...entries.map(({ cidr }) => cidr),
    ...routes.map(({ destination }) => destination),
    ...Object.values(region.vpcs).flatMap(({ ipv6Cidrs }) => ipv6Cidrs),
    ...Object.values(region.subnets).flatMap(({ ipv6Cidr }) => ipv6Cidr ?? []),
    ...Object.values(region.networkInterfaces).flatMap(({ ipv6Addresses }) => ipv6Addresses),
    ...Object.values(region.prefixLists).flatMap(({ entries: known = [] }) => known),
  ];
}

function endsOf(text: string): { readonly first: bigint; readonly last: bigint } {
  const block = parseBlock6(text.includes('/') ? text : `${text}/128`);
  if (block === undefined) throw noAddress(text, 'an IPv6 block');
  return { first: block.first, last: block.first + (1n << BigInt(128 - block.prefix)) - 1n };
}

function blockText6(first: bigint, last: bigint): string {
  const size = last - first + 1n;
  const isBlock = (size & (size - 1n)) === 0n && first % size === 0n;
  if (size === 1n || !isBlock) return spanText(formatAddress6(first), formatAddress6(last));
  return `${formatAddress6(first)}/${129 - size.toString(2).length}`;
}

const spanText = (first: string, last: string): string =>
  first === last ? first : `${first}–${last}`;

function nameIn(standing: readonly StandIn[], first: number, last: number): string | undefined {
  return standing.find(({ range }) => isWithin({ first, last }, range))?.name;
}

const noAddress = (text: string, what: string): RangeError =>
  new RangeError(`${JSON.stringify(text)} is not ${what}`);
