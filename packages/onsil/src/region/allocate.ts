/**
 * Addresses are drawn by hash, not in order of creation: a template keeps its addresses when
 * resources are added to it or change their places.
 */
import { hashIndex, hashOf } from './hash.ts';
import { hostAt, parseBlock, sizeOf } from './ipv4.ts';
import { formatAddress6, parseBlock6 } from './ipv6.ts';
import type { Region } from './region.ts';
import type { Subnet } from './subnet.ts';

/** The lab routes this block nowhere but inside (RFC 2544). */
export const PUBLIC_BLOCK = '198.18.0.0/16';

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_AT_START = 4;
const RESERVED_AT_END = 1;

/** A private address of the subnet that is not taken; nothing where it is full. */
export function allocatePrivateIp(
  subnet: Subnet,
  taken: ReadonlySet<string>,
  seed: string,
): string | undefined {
  return probe(subnet.cidr, RESERVED_AT_START, RESERVED_AT_END, taken, seed);
}

/** A free public address; nothing where all are in use. */
export function allocatePublicIp(region: Region, seed: string): string | undefined {
  const taken = new Set([
    ...Object.values(region.elasticIps).map(({ publicIp }) => publicIp),
    ...Object.values(region.networkInterfaces).flatMap(({ publicIp }) => publicIp ?? []),
  ]);
  return probe(PUBLIC_BLOCK, 1, 1, taken, seed);
}

/** Private addresses in use in a subnet. */
export function privateIpsIn(region: Region, subnetId: string): ReadonlySet<string> {
  return new Set(
    Object.values(region.networkInterfaces).flatMap((networkInterface) =>
      networkInterface.subnetId === subnetId ? networkInterface.privateIps : [],
    ),
  );
}

/** Whether AWS keeps the address for itself: the first four and the last one of each subnet. */
export function isReserved(subnet: Subnet, address: string): boolean {
  return [0, 1, 2, 3, -1].some((offset) => hostAt(subnet.cidr, offset) === address);
}

/**
 * The /56 that AWS would provide for a VPC, out of the block for documentation (RFC 3849).
 * @param index from 0: how many the VPC has already
 */
export function providedIpv6Block(vpcId: string, index = 0): string {
  const drawn = hashIndex(2 ** 24, 'ipv6', vpcId, String(index));
  return `${formatAddress6((0x20010db8n << 96n) + (BigInt(drawn) << 72n))}/56`;
}

/** An address of a subnet's /64 that is not taken. */
export function allocateIpv6(ipv6Cidr: string, taken: ReadonlySet<string>, seed: string): string {
  const first = parseBlock6(ipv6Cidr)?.first;
  if (first === undefined) throw new RangeError(`${ipv6Cidr} is not an IPv6 block`);
  for (let step = 0; ; step += 1) {
    const drawn = BigInt(`0x${hashOf('ipv6', seed, String(step)).slice(0, 16)}`);
    const address = formatAddress6(first + drawn);
    if (!isReserved6(ipv6Cidr, address) && !taken.has(address)) return address;
  }
}

/** IPv6 addresses in use in a subnet. */
export function ipv6AddressesIn(region: Region, subnetId: string): ReadonlySet<string> {
  return new Set(
    Object.values(region.networkInterfaces).flatMap((networkInterface) =>
      networkInterface.subnetId === subnetId ? networkInterface.ipv6Addresses : [],
    ),
  );
}

/** Whether AWS keeps the address: the first four and the last one, as in IPv4. */
export function isReserved6(ipv6Cidr: string, address: string): boolean {
  const block = parseBlock6(ipv6Cidr);
  if (block === undefined) return false;
  const last = (1n << BigInt(128 - block.prefix)) - 1n;
  return [0n, 1n, 2n, 3n, last].some((offset) => formatAddress6(block.first + offset) === address);
}

/** Locally administered, unicast (IEEE 802: second-lowest bit set, lowest clear). */
export function macAddressOf(networkInterfaceId: string): string {
  const digits = hashOf('mac', networkInterfaceId).slice(0, 10);
  return `02:${digits.match(/../g)?.join(':')}`;
}

function probe(
  cidr: string,
  skipFirst: number,
  skipLast: number,
  taken: ReadonlySet<string>,
  seed: string,
): string | undefined {
  const block = parseBlock(cidr);
  if (block === undefined) throw new RangeError(`${cidr} is not an IPv4 block`);
  const usable = sizeOf(block) - skipFirst - skipLast;
  const start = hashIndex(usable, 'address', seed);
  for (let step = 0; step < usable; step += 1) {
    const address = hostAt(cidr, skipFirst + ((start + step) % usable));
    if (!taken.has(address)) return address;
  }
  return undefined;
}
