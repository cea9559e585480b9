/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.Instances */
import type { AutoScalingGroup } from '../auto-scaling-group.ts';
import type { Region } from '../region.ts';

/**
 * The subnets of the next instances of a group: each goes to the zone with the fewest of its
 * instances, and there to the subnet with the fewest; the first in order where several have.
 * Empty for a group without a subnet.
 */
export function nextSubnets(
  region: Region,
  group: Pick<AutoScalingGroup, 'subnetIds' | 'members'>,
  count: number,
): readonly string[] {
  const places = group.subnetIds.flatMap((id) => region.subnets[id] ?? []);
  const there = group.members
    .filter(({ state }) => state !== 'Terminating')
    .flatMap(({ id }) => region.instances[id] ?? [])
    .map(({ subnetId, zone }) => ({ id: subnetId, zone }));
  const chosen: string[] = [];
  while (chosen.length < count && places.length > 0) {
    const inZone = Map.groupBy(there, ({ zone }) => zone);
    const zone = fewest(places, (place) => inZone.get(place.zone)?.length ?? 0)?.zone;
    const inSubnet = Map.groupBy(there, ({ id }) => id);
    const own = places.filter((place) => place.zone === zone);
    const place = fewest(own, ({ id }) => inSubnet.get(id)?.length ?? 0);
    if (place === undefined) break;
    there.push(place);
    chosen.push(place.id);
  }
  return chosen;
}

function fewest<T>(all: readonly T[], of: (each: T) => number): T | undefined {
  const least = Math.min(...all.map(of));
  return all.find((each) => of(each) === least);
}
