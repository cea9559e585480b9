/**
 * A network interface is a veth pair without a bridge: one end in the router, one in the guest.
 * As in a real VPC there is no shared layer 2: the router answers ARP for everybody, and every
 * packet passes it.
 */

import { dataKeyOf } from '../../region/db-instance.ts';
import { contains, hostAt, parseBlock } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import { linkNames, routerNamespace } from './names.ts';
import type { Setting } from './plan.ts';
import { realmsOf } from './route-decision.ts';
import { liveRoutes, routeTableNumbers } from './route-table.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html */
export const VPC_MTU = 9001;

export interface InterfacePlan {
  readonly id: string;
  /** The router's. */
  readonly namespace: string;
  /** Of the router's end. */
  readonly name: string;
  readonly subnetId: string;
  readonly macAddress: string;
  /** Bytes. */
  readonly mtu: number;
  readonly privateIps: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** A NAT gateway's: security groups do not concern it. */
  readonly groupless: boolean;
  readonly sourceDestCheck: boolean;
  /** Of responses of the metadata service: absent without an instance. */
  readonly hopLimit?: number;
  /** In the router, once the link is there. They go with the link. */
  readonly settings: readonly Setting[];
  readonly guest: {
    /** The default name of the guest's end, as on AWS's Nitro instances. */
    readonly name: string;
    /** With `%` in the place of the name. */
    readonly settings: readonly Setting[];
  };
}

/** Of every VPC. Throws FabricError where two ids would share a name in the kernel. */
export function planInterfaces(lab: string, region: Region): readonly InterfacePlan[] {
  const names = linkNames('eni', Object.keys(region.networkInterfaces));
  const numbers = routeTableNumbers(region);
  const realms = new Map(Object.keys(region.vpcs).map((id) => [id, realmsOf(region, id)]));
  const places = placesOfServices(region);
  return Object.values(region.networkInterfaces).map((networkInterface) => {
    const { id, vpcId, subnetId, privateIps, macAddress, attachment } = networkInterface;
    const isNatGateway = networkInterface.managedBy?.kind === 'nat-gateway';
    const name = names.get(id) ?? id;
    const [primary = ''] = privateIps;
    const gateway = hostAt(subnetCidr(region, networkInterface), 1);
    const realm = realms.get(vpcId) ?? new Map<string, number>();
    const hopLimit = region.instances[attachment?.instanceId ?? '']?.metadataOptions.hopLimit;
    return {
      id,
      namespace: routerNamespace(lab, vpcId),
      name,
      subnetId,
      macAddress,
      mtu: VPC_MTU,
      privateIps,
      securityGroupIds: networkInterface.securityGroupIds,
      groupless: isNatGateway || isUngrouped(networkInterface),
      sourceDestCheck: networkInterface.sourceDestCheck && !isNatGateway,
      ...(hopLimit === undefined ? {} : { hopLimit }),
      settings: [
        { object: 'address', arguments: `${gateway}/32 dev ${name}` },
        ...privateIps.flatMap((ip): Setting[] => [
          // Never asked for by ARP: a guest can claim no other's address, and none is waited for.
          {
            object: 'neighbour',
            arguments: `${ip} lladdr ${macAddress} nud permanent dev ${name}`,
          },
          { object: 'route', arguments: `${ip}/32 dev ${name}` },
        ]),
        ...(attachment === undefined ? [] : liveRoutes(region, id, primary, name, numbers, realm)),
      ],
      guest: planGuestEnd(region, networkInterface, gateway, places.get(id)),
    };
  });
}

/** A Network Load Balancer that was made without groups filters nothing. */
function isUngrouped({
  managedBy,
  securityGroupIds,
}: Region['networkInterfaces'][string]): boolean {
  return managedBy?.kind === 'service' && securityGroupIds.length === 0;
}

/** Of interfaces that one service has several of: each one's place among them. */
function placesOfServices(region: Region): ReadonlyMap<string, number> {
  const held = Object.values(region.networkInterfaces).filter(({ managedBy }) => managedBy?.of);
  const byOwner = Map.groupBy(held, ({ managedBy }) => {
    const { table = '', key = '' } = managedBy?.of ?? {};
    // Instances with the same data are served by one machine.
    const db = table === 'dbInstances' ? region.dbInstances[key] : undefined;
    return JSON.stringify(db === undefined ? [table, key] : [table, dataKeyOf(region, db)]);
  });
  return new Map([...byOwner.values()].flatMap((own) => own.map(({ id }, place) => [id, place])));
}

/**
 * The first interface has the default route; each further one answers from its own address by a
 * table of its own, as amazon-ec2-net-utils sets it up.
 * @param place of an interface of a service, which answers and asks from the address of each of
 * its interfaces alike
 */
function planGuestEnd(
  region: Region,
  networkInterface: NetworkInterface,
  gateway: string,
  place: number | undefined,
): InterfacePlan['guest'] {
  const { prefix = 32 } = parseBlock(subnetCidr(region, networkInterface)) ?? {};
  const index = networkInterface.attachment?.deviceIndex ?? place ?? 0;
  const table = 10_000 + index;
  const addresses = networkInterface.privateIps.map(
    (ip): Setting => ({ object: 'address', arguments: `${ip}/${prefix} broadcast + dev %` }),
  );
  const isFirst = index === 0;
  const byAddress: readonly Setting[] = [
    { object: 'route', arguments: `default via ${gateway} dev % table ${table}` },
    ...networkInterface.privateIps.map(
      (ip): Setting => ({ object: 'rule', arguments: `from ${ip} lookup ${table}` }),
    ),
  ];
  const routes: readonly Setting[] = [
    {
      object: 'route',
      arguments: `default via ${gateway} dev %${isFirst ? '' : ` metric ${512 + index}`}`,
    },
    // The first one of a service: another interface of it may be in the receiver's subnet.
    ...(isFirst && place === undefined ? [] : byAddress),
  ];
  return { name: `ens${5 + index}`, settings: [...addresses, ...routes] };
}

function subnetCidr(region: Region, networkInterface: NetworkInterface): string {
  const cidr = region.subnets[networkInterface.subnetId]?.cidr;
  if (cidr === undefined) {
    throw new RangeError(`${networkInterface.id} is in ${networkInterface.subnetId}, no subnet`);
  }
  const outside = networkInterface.privateIps.find((ip) => !contains(cidr, ip));
  if (outside !== undefined) {
    throw new RangeError(`${networkInterface.id} has ${outside}, outside its subnet's ${cidr}`);
  }
  return cidr;
}
