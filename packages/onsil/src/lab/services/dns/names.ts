import { publicAddresses } from '../../../region/elastic-ip.ts';
import type { Region } from '../../../region/region.ts';
import { endpointHost } from '../endpoints/host.ts';
import { databaseAddress } from './database-name.ts';
import { loadBalancerNames } from './load-balancer.ts';

/** Addresses of what the lab puts in the place of public services. */
export interface ServiceAddresses {
  readonly endpoints: string;
  readonly s3: string;
  readonly acme: string;
}

/** Absent type: the name exists, with nothing of that type. */
export interface GivenName {
  readonly type: 'A' | 'PTR';
  readonly data: readonly string[];
}

/** Of compute names; https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
const TTL = 60;
export const GIVEN_NAME_TTL = TTL;

/** `ip-10-0-1-5.ap-northeast-2.compute.internal`; us-east-1 has a shorter form. */
export function privateDnsName(region: string, address: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

/** `ec2-198-18-0-5.ap-northeast-2.compute.amazonaws.com` */
export function publicDnsName(region: string, address: string): string {
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`;
  return `ec2-${address.replaceAll('.', '-')}.${domain}.amazonaws.com`;
}

/**
 * Names that AWS itself gives: instances both ways, load balancers, and endpoints. `undefined`: not one of
 * them; `null`: a name of that kind for which there is nothing.
 * @param name lower case, without the final dot
 */
export function givenName(
  region: Region,
  vpcId: string | undefined,
  name: string,
  addresses: ServiceAddresses,
): GivenName | null | undefined {
  const index = indexOf(region);
  if (name.endsWith('.in-addr.arpa')) return reverse(index, region, vpcId, name);
  const compute = index.privateNames.get(`${vpcId} ${name}`);
  if (compute !== undefined) return { type: 'A', data: [compute] };
  if (/^ip-[\d-]+\.(ec2|.+\.compute)\.internal$/.test(name)) return null;
  const ec2 = index.publicNames.get(name);
  if (ec2 !== undefined) {
    // Inside its VPC the public name gives the private address.
    return { type: 'A', data: [ec2.vpcId === vpcId ? ec2.privateIp : ec2.publicIp] };
  }
  const database = databaseAddress(region, vpcId, name);
  if (database !== undefined) return database === null ? null : { type: 'A', data: [database] };
  const balancer = index.loadBalancers.get(name);
  if (balancer !== undefined) return { type: 'A', data: balancer };
  // One that is gone: the real Internet does not know it either.
  if (/\.elb(\.[a-z0-9-]+)?\.amazonaws\.com$/.test(name)) return null;
  const host = endpointHost(name, region.name, (bucket) => index.buckets.has(bucket));
  if (host === undefined) return undefined;
  const { service } = host;
  return {
    type: 'A',
    data: [service === 'acme' || service === 's3' ? addresses[service] : addresses.endpoints],
  };
}

function reverse(
  index: Index,
  region: Region,
  vpcId: string | undefined,
  name: string,
): GivenName | null | undefined {
  const octets = name.slice(0, -'.in-addr.arpa'.length).split('.');
  if (octets.length !== 4) return undefined;
  const address = octets.toReversed().join('.');
  if (index.privateIps.has(`${vpcId} ${address}`)) {
    return { type: 'PTR', data: [privateDnsName(region.name, address)] };
  }
  const owner = index.publicNames.get(publicDnsName(region.name, address));
  if (owner !== undefined) return { type: 'PTR', data: [publicDnsName(region.name, address)] };
  return isPrivate(octets) ? null : undefined;
}

/** Questions about RFC 1918 and link-local addresses never leave (RFC 6303). */
function isPrivate(reversed: readonly string[]): boolean {
  const [, , second, first] = reversed.map(Number);
  return (
    first === 10 ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 172 && second !== undefined && second >= 16 && second < 32)
  );
}

interface Index {
  /** `vpc name` to address. */
  readonly privateNames: ReadonlyMap<string, string>;
  /** `vpc address`. */
  readonly privateIps: ReadonlySet<string>;
  readonly publicNames: ReadonlyMap<
    string,
    { readonly vpcId: string; readonly privateIp: string; readonly publicIp: string }
  >;
  readonly buckets: ReadonlySet<string>;
  readonly loadBalancers: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<Region, Index>();

function indexOf(region: Region): Index {
  const known = indexes.get(region);
  if (known !== undefined) return known;
  const privateNames = new Map<string, string>();
  const privateIps = new Set<string>();
  for (const { vpcId, privateIps: ips } of Object.values(region.networkInterfaces)) {
    for (const ip of ips) {
      privateNames.set(`${vpcId} ${privateDnsName(region.name, ip)}`, ip);
      privateIps.add(`${vpcId} ${ip}`);
    }
  }
  const publicNames = new Map<string, { vpcId: string; privateIp: string; publicIp: string }>();
  for (const { publicIp, privateIp, networkInterfaceId } of publicAddresses(region)) {
    const vpcId = region.networkInterfaces[networkInterfaceId]?.vpcId;
    if (vpcId === undefined || region.vpcs[vpcId]?.dnsHostnames !== true) continue;
    publicNames.set(publicDnsName(region.name, publicIp), { vpcId, privateIp, publicIp });
  }
  const buckets = new Set(Object.values(region.buckets).map(({ name }) => name));
  const loadBalancers = loadBalancerNames(region);
  const made = { privateNames, privateIps, publicNames, buckets, loadBalancers };
  indexes.set(region, made);
  return made;
}
