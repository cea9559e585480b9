/**
 * Addresses and blocks as text, of both families: `10.0.0.1`, `2001:db8::1`, and `pl-…` for an
 * address that only that prefix list of AWS's knows. Apart from the sets and their numbers.
 */
import { parseAddress, parseBlock } from '../../region/ipv4.ts';
import { parseAddress6, parseBlock6 } from '../../region/ipv6.ts';

export const isIpv6 = (text: string): boolean => text.includes(':');
export const isUnknown = (text: string): boolean => text.startsWith('pl-');

export function inBlock(cidr: string, address: string): boolean {
  if (isIpv6(cidr)) {
    const block = parseBlock6(cidr);
    const value = parseAddress6(address);
    if (block === undefined || value === undefined) return false;
    return value >> BigInt(128 - block.prefix) === block.first >> BigInt(128 - block.prefix);
  }
  const block = parseBlock(cidr);
  // Somewhere public: only what is around everything that is no address of a host holds it too.
  if (isUnknown(address))
    return block !== undefined && block.prefix < 3 && holds(block, 0xf0000000);
  const value = parseAddress(address);
  return block !== undefined && value !== undefined && holds(block, value);
}

function holds({ first, prefix }: { first: number; prefix: number }, value: number): boolean {
  return value >= first && value < first + 2 ** (32 - prefix);
}

export const inAny = (cidrs: readonly string[], address: string): boolean =>
  cidrs.some((cidr) => inBlock(cidr, address));
