/** Instances with their volumes and public addresses: https://aws.amazon.com/ec2/pricing/on-demand/ */
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import { type DeclaredResource, type Found, type Item, known, literal } from './item.ts';

export const ADDRESS = { service: 'VPC', item: 'Public IPv4 address, in use' } as const;

/** What the template calls a thing, or else its id. */
export const nameOf = (region: Region, id: string): string => region.logicalIds[id] ?? id;

/** @param resources for what the region does not keep of a volume */
export function hosts(region: Region, resources: readonly DeclaredResource[]): Found {
  const instances = Object.values(region.instances).map(({ name, instanceType }) => ({
    resource: name,
    what: `instance ${instanceType}`,
    service: 'EC2',
    item: `Linux on-demand ${instanceType}`,
    quantity: 1,
  }));
  return known([...instances, ...volumes(region, resources), ...addresses(region)]);
}

function volumes(region: Region, resources: readonly DeclaredResource[]): readonly Item[] {
  return Object.values(region.volumes).flatMap(({ id, type, size, attachment }) => {
    const owner = region.instances[attachment?.instanceId ?? '']?.name;
    const resource = owner ?? nameOf(region, id);
    const declared = resources.find(({ logicalId }) => logicalId === region.logicalIds[id]);
    const storage = { what: `${type} volume, GiB`, service: 'EBS', item: `${type} storage` };
    return [{ resource, ...storage, quantity: size }, ...faster(resource, type, declared)];
  });
}

/** A gp3 volume has 3000 operations and 125 MiB a second without a further charge. */
function faster(
  resource: string,
  type: string,
  declared: DeclaredResource | undefined,
): readonly Item[] {
  const above = (property: string, included: number): number =>
    Number(literal(declared?.properties[property]) ?? included) - included;
  if (type !== 'gp3' || declared === undefined) return [];
  const extra: readonly (readonly [string, string, number])[] = [
    ['gp3 operations above 3000', 'gp3 provisioned IOPS above 3000', above('Iops', 3000)],
    ['gp3 MiB/s above 125', 'gp3 provisioned throughput above 125 MiB/s', above('Throughput', 125)],
  ];
  return extra.flatMap(([what, item, quantity]) =>
    quantity > 0 ? [{ resource, what, service: 'EBS', item, quantity }] : [],
  );
}

/**
 * Every public IPv4 address is paid for, attached or not, of whatever it is.
 * https://aws.amazon.com/vpc/pricing/
 */
function addresses(region: Region): readonly Item[] {
  const used = publicAddresses(region).map(({ networkInterfaceId }) => ({
    resource: ownerOf(region, networkInterfaceId),
    what: 'public IPv4 address',
    ...ADDRESS,
    quantity: 1,
  }));
  const idle = Object.values(region.elasticIps).flatMap(({ id, publicIp, association }) =>
    association === undefined
      ? [
          {
            resource: region.logicalIds[publicIp] ?? nameOf(region, id),
            what: 'idle Elastic IP',
            service: 'VPC',
            item: 'Public IPv4 address, idle (unattached EIP)',
            quantity: 1,
          },
        ]
      : [],
  );
  return [...used, ...idle];
}

/** What a bill calls whose interface it is: an instance's, a NAT gateway's, a load balancer's. */
export function ownerOf(region: Region, networkInterfaceId: string): string {
  const face = region.networkInterfaces[networkInterfaceId];
  const instance = region.instances[face?.attachment?.instanceId ?? ''];
  if (instance !== undefined) return instance.name;
  const of = face?.managedBy?.of;
  if (of !== undefined) {
    const thing = region[of.table][of.key];
    if (thing !== undefined && 'logicalId' in thing) return thing.logicalId;
  }
  return nameOf(region, face?.managedBy?.id ?? networkInterfaceId);
}
