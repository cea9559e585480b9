/** Data that leaves: to the Internet and between zones. https://aws.amazon.com/ec2/pricing/on-demand/ */
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import { type Found, type Item, known } from './item.ts';
import type { Usage } from './usage.ts';

/** GB of each price, counted after those that are free; the last one has no end. */
const TIERS: readonly (readonly [string, number])[] = [
  ['Internet out, first 10 TB tier (after 100 GB free)', 10_240],
  ['Internet out, next 40 TB', 40_960],
  ['Internet out, next 100 TB', 102_400],
  ['Internet out, over 150 TB', Number.POSITIVE_INFINITY],
];

export function traffic(region: Region, usage: Usage): Found {
  return known([...outward(region, usage), ...betweenZones(region, usage)]);
}

function outward(region: Region, usage: Usage): readonly Item[] {
  if (publicAddresses(region).length === 0) return [];
  let rest = Math.max(usage.internetOutGb - usage.freeInternetOutGb, 0);
  return TIERS.flatMap(([item, size], index) => {
    const quantity = Math.min(rest, size);
    rest -= quantity;
    if (quantity === 0 && index > 0) return [];
    const what =
      index === 0
        ? `GB out, ${Math.min(usage.internetOutGb, usage.freeInternetOutGb)} free`
        : 'GB out, further';
    return [{ resource: 'to the Internet', what, service: 'Data transfer', item, quantity }];
  });
}

const CROSS_ZONE =
  'Cross-AZ (also VPC peering across AZs, and public/elastic IP use inside the region), each direction';

/** Each GB is paid for twice: by who sends and by who receives. */
function betweenZones(region: Region, { crossZoneGb }: Usage): readonly Item[] {
  if (zonesOf(region).length < 2) return [];
  const what = `GB, of ${crossZoneGb} both ways`;
  return [
    {
      ...{ resource: 'between zones', what, service: 'Data transfer', item: CROSS_ZONE },
      quantity: 2 * crossZoneGb,
    },
  ];
}

/** The zones in which something runs. */
export function zonesOf(region: Region): readonly string[] {
  const { instances, dbInstances, loadBalancers, classicLoadBalancers } = region;
  const balancers = [...Object.values(loadBalancers), ...Object.values(classicLoadBalancers)];
  const hosts = [...Object.values(instances), ...Object.values(dbInstances)];
  const zones = [...hosts, ...balancers.flatMap((each) => each.zones)].map(({ zone }) => zone);
  return [...new Set(zones)].toSorted();
}
