/** Which servers stand behind the targets of a group. */
import { contains } from '../../../region/ipv4.ts';
import type { LoadBalancer } from '../../../region/load-balancer.ts';
import type { Region } from '../../../region/region.ts';
import { keyOf, type Target, type TargetGroup, targetsOf } from '../../../region/target-group.ts';
import type { Server } from './balancer.ts';

/** Why a target gets no requests at all, in AWS's words. */
export interface Unused {
  readonly reason: 'Target.InvalidState' | 'Target.NotInUse' | 'Target.NotRegistered';
  readonly description: string;
}

/** The servers of a target group that the load balancer can use. */
export function serversOf(
  region: Region,
  group: TargetGroup,
  balancer: Pick<LoadBalancer, 'zones'>,
): readonly Server[] {
  return targetsOf(region, group).flatMap((target) => {
    const found = placesOf(region, group, target);
    return found.filter(({ zone }) => zone === undefined || isEnabled(balancer, zone));
  });
}

/** The addresses of one target: several of a load balancer, none of a function. */
export function placesOf(region: Region, group: TargetGroup, target: Target): readonly Server[] {
  const port = target.port ?? group.port;
  if (port === undefined) return [];
  const name = keyOf(group, target);
  switch (group.targetType) {
    case 'instance': {
      const server = instanceServer(region, target.id, port);
      return server === undefined ? [] : [{ ...server, name }];
    }
    case 'ip': {
      const subnet = Object.values(region.subnets).find(
        ({ vpcId, cidr }) => vpcId === group.vpcId && contains(cidr, target.id),
      );
      const zone = subnet === undefined ? {} : { zone: subnet.zone };
      return [{ name, address: target.id, port, ...zone }];
    }
    case 'alb': {
      const behind = region.loadBalancers[target.id]?.zones ?? [];
      return behind.flatMap(({ zone, networkInterfaceId }) => {
        const address = region.networkInterfaces[networkInterfaceId]?.privateIps[0];
        return address === undefined ? [] : [{ name: `alb-${zone}:${port}`, address, port, zone }];
      });
    }
    case 'lambda':
      return [];
  }
}

/** An instance at the primary address of its first interface. */
export function instanceServer(region: Region, id: string, port: number): Server | undefined {
  const instance = region.instances[id];
  const own = region.networkInterfaces[instance?.networkInterfaceIds[0] ?? ''];
  const [address] = own?.privateIps ?? [];
  const zone = region.subnets[own?.subnetId ?? '']?.zone;
  if (address === undefined || zone === undefined) return undefined;
  return { name: `${id}:${port}`, address, port, zone };
}

export function isEnabled({ zones }: Pick<LoadBalancer, 'zones'>, zone: string): boolean {
  return zones.some((each) => each.zone === zone);
}
