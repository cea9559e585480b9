import * as z from 'zod/mini';
import type { ElasticIp } from '../region/elastic-ip.ts';
import type { Table } from '../region/region.ts';
import type { Association, NetworkInterfaces } from './network-interface.ts';
import type { Report } from './report.ts';
import { address, id, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  PublicIp: z.optional(address),
  AllocationId: z.optional(id),
  AssociationId: z.optional(id),
  NetworkInterfaceId: z.optional(id),
  PrivateIpAddress: z.optional(address),
  Tags: tags,
});

/**
 * Those of `describe-addresses`, and those that an interface tells of: a load balancer's, or where
 * the file is missing. An automatic address stays with its interface.
 */
export function elasticIps(
  report: Report,
  sources: Sources,
  { all, associations }: Pick<NetworkInterfaces, 'all' | 'associations'>,
): Table<ElasticIp> {
  const known = new Set(all.map(({ value }) => value.id));
  const listed = read(report, schema, sources.of('Addresses')).flatMap(({ at, value }) => {
    const { PublicIp, AllocationId, NetworkInterfaceId, PrivateIpAddress } = value;
    if (PublicIp === undefined) return [];
    const isUsed = NetworkInterfaceId !== undefined && PrivateIpAddress !== undefined;
    if (isUsed && !known.has(NetworkInterfaceId)) {
      report.missing(at, '.NetworkInterfaceId', NetworkInterfaceId, 'NetworkInterfaces');
    }
    const made = { id: AllocationId ?? PublicIp, publicIp: PublicIp, tags: value.Tags };
    if (!isUsed || !known.has(NetworkInterfaceId)) return [made];
    const association = {
      id: value.AssociationId ?? '',
      ...{ networkInterfaceId: NetworkInterfaceId, privateIp: PrivateIpAddress },
    };
    return [{ ...made, association }];
  });
  const taken = new Set(listed.map(({ publicIp }) => publicIp));
  const told = associations.flatMap((each) => {
    const { publicIp, allocationId, associationId, networkInterfaceId, privateIp } = each;
    const isPlaced = known.has(networkInterfaceId);
    if (taken.has(publicIp) || (isPlaced && isAutomatic(each))) return [];
    const made = { id: allocationId ?? publicIp, publicIp, tags: {} };
    const association = { id: associationId ?? '', networkInterfaceId, privateIp };
    // An address of ours is none of the Internet's, even where its interface is unknown.
    return [isPlaced ? { ...made, association } : made];
  });
  return Object.fromEntries([...listed, ...told].map((each) => [each.id, each]));
}

const isAutomatic = ({ primary, allocationId }: Association): boolean =>
  primary && allocationId === undefined;
