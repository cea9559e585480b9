/** Whether the Internet asks the hosted zone of a domain. */
import { Resolver } from 'node:dns/promises';

export type Delegation =
  | { readonly state: 'delegated'; readonly servers: readonly string[] }
  | { readonly state: 'elsewhere'; readonly servers: readonly string[] }
  | { readonly state: 'none' }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * @param zoneServers the name servers of the hosted zone; none where it is not made yet
 * @param resolver the machine's own, but for tests
 */
export async function delegationOf(
  domain: string,
  zoneServers: readonly string[],
  resolver: Pick<Resolver, 'resolveNs'> = new Resolver({ timeout: 3000, tries: 2 }),
): Promise<Delegation> {
  let servers: readonly string[];
  try {
    servers = (await resolver.resolveNs(domain)).map(canonical).toSorted();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENODATA' || code === 'ENOTFOUND') return { state: 'none' };
    return { state: 'unknown', why: code === '' ? String(error) : code };
  }
  const wanted = new Set(zoneServers.map(canonical));
  const all = servers.length > 0 && servers.every((server) => wanted.has(server));
  return { state: all ? 'delegated' : 'elsewhere', servers };
}

const canonical = (name: string): string => name.toLowerCase().replace(/\.$/, '');
