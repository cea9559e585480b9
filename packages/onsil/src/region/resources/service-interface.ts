/** The network interfaces that services of AWS hold in subnets: load balancers, databases, mounts. */
import { allocatePrivateIp, allocatePublicIp, macAddressOf, privateIpsIn } from '../allocate.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import type { Properties } from './properties.ts';

export interface ServiceInterface {
  readonly id: string;
  /** By which people ask for it; made unique. */
  readonly name: string;
  readonly of: NonNullable<NonNullable<NetworkInterface['managedBy']>['of']>;
  readonly subnet: Subnet;
  readonly securityGroupIds: readonly string[];
  /** In the form that AWS gives the interface, which `describe` reads. */
  readonly description: string;
  readonly privateIp?: string;
  readonly isPublic: boolean;
}

/** The region with the interface. Fails where the subnet, or the public block, is full. */
export function withServiceInterface(
  region: Region,
  properties: Properties,
  wanted: ServiceInterface,
): Region {
  const { id, subnet, securityGroupIds, description, of, isPublic } = wanted;
  const drawn = allocatePrivateIp(subnet, privateIpsIn(region, subnet.id), id);
  const privateIp = wanted.privateIp ?? drawn;
  if (privateIp === undefined) {
    return properties.fail('', `${subnet.id} (${subnet.cidr}) has no free address left.`);
  }
  const publicIp = isPublic ? allocatePublicIp(region, id) : undefined;
  if (isPublic && publicIp === undefined) {
    return properties.fail('', 'No public address is left.');
  }
  return put(region, 'networkInterfaces', id, {
    id,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIps: [privateIp],
    ipv6Addresses: [],
    securityGroupIds,
    sourceDestCheck: true,
    macAddress: macAddressOf(id),
    ...(publicIp === undefined ? {} : { publicIp }),
    managedBy: { kind: 'service', id: freeName(region, wanted.name, id), of },
    description,
    tags: {},
  });
}

function freeName(region: Region, wanted: string, id: string): string {
  const taken = new Set([
    'internet',
    'admin',
    ...Object.values(region.instances).map(({ name }) => name),
    ...Object.values(region.networkInterfaces).map(({ managedBy }) => managedBy?.id ?? ''),
  ]);
  return taken.has(wanted) ? `${wanted} (${id})` : wanted;
}
