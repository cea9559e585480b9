import { formatAddress, parseBlock, sizeOf } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import { IDENTITY_POOL } from '../addresses.ts';
import { stableNumbers } from './names.ts';

/**
 * The address by which link-local services know each network interface, to its id. It depends on
 * the id alone, so a change of the region gives no interface another one's identity.
 */
export function identities(region: Region): ReadonlyMap<string, string> {
  const pool = parseBlock(IDENTITY_POOL);
  if (pool === undefined) throw new RangeError(`${IDENTITY_POOL} is not an IPv4 block`);
  const numbers = stableNumbers(Object.keys(region.networkInterfaces), sizeOf(pool) - 2);
  return new Map([...numbers].map(([id, number]) => [formatAddress(pool.first + 1 + number), id]));
}
