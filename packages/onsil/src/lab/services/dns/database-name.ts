import type { DbInstance } from '../../../region/db-instance.ts';
import { publicAddresses } from '../../../region/elastic-ip.ts';
import type { Region } from '../../../region/region.ts';

const indexes = new WeakMap<Region, ReadonlyMap<string, DbInstance>>();

/**
 * The address behind the endpoint of a DB instance or cluster: the private one for its VPC, and
 * for everybody where it has no public one. `undefined`: no endpoint of a database; `null`: one
 * of a cluster without instances.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
 * @param name lower case, without the final dot
 */
export function databaseAddress(
  region: Region,
  vpcId: string | undefined,
  name: string,
): string | null | undefined {
  if (!name.endsWith(`.${region.name}.rds.amazonaws.com`)) return undefined;
  const instance = indexOf(region).get(name);
  if (instance === undefined) return null;
  const networkInterface = region.networkInterfaces[instance.networkInterfaceId];
  const pair = publicAddresses(region).find(
    (each) => each.networkInterfaceId === instance.networkInterfaceId,
  );
  if (pair !== undefined && vpcId !== instance.vpcId) return pair.publicIp;
  return networkInterface?.privateIps[0] ?? null;
}

function indexOf(region: Region): ReadonlyMap<string, DbInstance> {
  const known = indexes.get(region);
  if (known !== undefined) return known;
  const instances = Object.values(region.dbInstances);
  const made = new Map(instances.map((each) => [each.endpointAddress, each]));
  for (const { id, endpointAddress, readerEndpointAddress } of Object.values(region.dbClusters)) {
    const [writer, reader = writer] = instances.filter(({ clusterId }) => clusterId === id);
    if (writer !== undefined) made.set(endpointAddress, writer);
    if (reader !== undefined) made.set(readerEndpointAddress, reader);
  }
  indexes.set(region, made);
  return made;
}
