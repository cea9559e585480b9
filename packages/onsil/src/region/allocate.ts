/**
 * Addresses are drawn by hash, not in order of creation: a template keeps its addresses when
 * resources are added to it or change their places.
 */
import { hashIndex, hashOf } from './hash.ts';
import { hostAt, parseBlock, sizeOf } from './ipv4.ts';
import type { Region } from './region.ts';
import type { Subnet } from './subnet.ts';

/** The lab routes this block nowhere but inside (RFC 2544). */
export const PUBLIC_BLOCK = '198.18.0.0/16';

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_AT_START = 4;
const RESERVED_AT_END = 1;

/** A free private address of the subnet; nothing where it is full. */
export function allocatePrivateIp(
  region: Region,
  subnet: Subnet,
  seed: string,
): string | undefined {
  const taken = privateIpsIn(region, subnet.id);
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
