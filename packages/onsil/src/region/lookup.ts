/** Questions that more than one stage asks of a region. Each answers with nothing, not with a throw. */
import type { Instance } from './instance.ts';
import type { NetworkInterface } from './network-interface.ts';
import type { Region } from './region.ts';
import type { RouteTable } from './route-table.ts';
import type { SecurityGroup } from './security-group.ts';
import type { VpcPeeringConnection } from './vpc-peering-connection.ts';

export function instanceByName(region: Region, name: string): Instance | undefined {
  return Object.values(region.instances).find((instance) => instance.name === name);
}

/** By device index, the primary one first. */
export function interfacesOf(region: Region, instance: Instance): readonly NetworkInterface[] {
  return instance.networkInterfaceIds.flatMap((id) => region.networkInterfaces[id] ?? []);
}

export function groupsOf(
  region: Region,
  networkInterface: NetworkInterface,
): readonly SecurityGroup[] {
  return networkInterface.securityGroupIds.flatMap((id) => region.securityGroups[id] ?? []);
}

/** The table in force for a subnet: the associated one, else the main table of its VPC. */
export function routeTableOf(region: Region, subnetId: string): RouteTable | undefined {
  const subnet = region.subnets[subnetId];
  return subnet === undefined ? undefined : region.routeTables[subnet.routeTableId];
}

/** The active connection between two VPCs, whichever of them asked for it. */
export function peeringBetween(
  region: Region,
  vpcId: string,
  otherVpcId: string,
): VpcPeeringConnection | undefined {
  return Object.values(region.vpcPeeringConnections).find(
    ({ active, requesterVpcId, accepterVpcId }) =>
      active &&
      ((requesterVpcId === vpcId && accepterVpcId === otherVpcId) ||
        (requesterVpcId === otherVpcId && accepterVpcId === vpcId)),
  );
}
