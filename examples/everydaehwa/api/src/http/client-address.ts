import { isIP } from 'node:net';

/**
 * The address of the client behind `trustedProxies` proxies of our own.
 *
 * Each proxy appends the address that it was called from to X-Forwarded-For, so of `spoofed, client,
 * edge` only the last entries, one per proxy of ours, can be believed: the client is as many entries
 * from the right as there are proxies. Where the header is too short or that entry is no address, the
 * request did not come through our proxies, and the address of the connection itself is taken.
 */
export function findClientAddress(
  forwardedFor: string | undefined,
  connection: string | undefined,
  trustedProxies: number,
): string {
  const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? [];
  const claimed = trustedProxies === 0 ? undefined : hops.at(-trustedProxies);
  const address = claimed !== undefined && isIP(claimed) !== 0 ? claimed : connection;
  // A socket that listens for both families shows IPv4 as ::ffff:192.0.2.1.
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? 'unknown';
}
