/** Load balancers: https://aws.amazon.com/elasticloadbalancing/pricing/ */
import { type DeclaredResource, type Found, literal, type UnknownLine } from './item.ts';
import type { Usage } from './usage.ts';

const KINDS = {
  application: { what: 'load balancers (ALB)', item: 'ALB', units: 'ALB LCU' },
  network: { what: 'load balancers (NLB)', item: 'NLB', units: 'NLB NLCU' },
} as const;

/** Undefined for other types. */
export function loadBalancerItems(
  { type, properties }: DeclaredResource,
  usage: Usage,
): Found | undefined {
  if (type === 'AWS::ElasticLoadBalancing::LoadBalancer') {
    const item = { what: 'load balancers (Classic)', item: 'Classic LB', quantity: 1 };
    return { items: [{ ...item, service: 'ELB' }], unknown: [] };
  }
  if (type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return undefined;
  const given = literal(properties['Type']) ?? 'application';
  if (given !== 'application' && given !== 'network') {
    const why = 'the price table knows application and network load balancers';
    return { items: [], unknown: [{ what: `load balancer of type ${given}`, why }] };
  }
  const kind = KINDS[given];
  const open = (literal(properties['Scheme']) ?? 'internet-facing') === 'internet-facing';
  const subnets = properties['Subnets'] ?? properties['SubnetMappings'];
  const count = Array.isArray(subnets) ? subnets.length : undefined;
  const unknown: UnknownLine[] =
    open && count === undefined
      ? [
          {
            what: 'public IPv4 addresses',
            why: 'one for each zone; the template does not say how many',
          },
        ]
      : [];
  return {
    items: [
      { what: kind.what, service: 'ELB', item: kind.item, quantity: 1 },
      {
        what: `capacity units of ${kind.item}s`,
        service: 'ELB',
        item: kind.units,
        quantity: usage.loadBalancerUnits,
      },
      ...(open && count !== undefined
        ? [
            {
              what: 'public IPv4 addresses of load balancers',
              service: 'VPC',
              item: 'Public IPv4 address, in use',
              quantity: count,
            },
          ]
        : []),
    ],
    unknown,
  };
}
