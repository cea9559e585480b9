/** Load balancers: https://aws.amazon.com/elasticloadbalancing/pricing/ */
import type { Region } from '../region/region.ts';
import { type Found, type Item, known } from './item.ts';
import type { Usage } from './usage.ts';

const KINDS = {
  application: { what: 'load balancer (ALB)', item: 'ALB', units: 'ALB LCU' },
  network: { what: 'load balancer (NLB)', item: 'NLB', units: 'NLB NLCU' },
} as const;

/** Their public addresses, one in each zone, are billed with the others. */
export function loadBalancers(region: Region, usage: Usage): Found {
  const classic = Object.values(region.classicLoadBalancers).map(({ logicalId }) => ({
    ...{ resource: logicalId, what: 'load balancer (Classic)', service: 'ELB' },
    ...{ item: 'Classic LB', quantity: 1 },
  }));
  return known([
    ...Object.values(region.loadBalancers).flatMap(({ logicalId, type }) =>
      loadBalancerItems(logicalId, type, usage),
    ),
    ...classic,
  ]);
}

export function loadBalancerItems(
  resource: string,
  type: keyof typeof KINDS,
  { loadBalancerUnits }: Usage,
): readonly Item[] {
  const { what, item, units } = KINDS[type];
  return [
    { resource, what, service: 'ELB', item, quantity: 1 },
    {
      ...{ resource, what: 'capacity units', service: 'ELB', item: units },
      quantity: loadBalancerUnits,
    },
  ];
}
