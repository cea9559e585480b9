/** NAT gateways, interface endpoints and hosted zones: what a VPC has beside its hosts. */
import type { Region } from '../region/region.ts';
import { nameOf } from './hosts.ts';
import { type Found, type Item, known } from './item.ts';
import type { Usage } from './usage.ts';

export function network(region: Region, usage: Usage): Found {
  return known([
    ...Object.values(region.natGateways).flatMap(({ id }) =>
      natGatewayItems(nameOf(region, id), usage),
    ),
    ...endpoints(region, usage),
    ...zones(region, usage),
  ]);
}

/** Its public address is billed with the others. https://aws.amazon.com/vpc/pricing/ */
export function natGatewayItems(resource: string, { natGatewayGb }: Usage): readonly Item[] {
  return [
    { resource, what: 'NAT gateway', service: 'VPC', item: 'NAT gateway', quantity: 1 },
    {
      ...{ resource, what: 'GB through it', service: 'VPC' },
      item: 'NAT gateway data processed',
      quantity: natGatewayGb,
    },
  ];
}

function endpoints(region: Region, { endpointGb }: Usage): readonly Item[] {
  return Object.values(region.vpcEndpoints).flatMap(({ id, type, networkInterfaceIds }) =>
    type === 'gateway'
      ? []
      : [
          {
            ...{ resource: nameOf(region, id), what: 'interface endpoint, by zone' },
            ...{ service: 'VPC', quantity: networkInterfaceIds.length },
            item: 'Interface endpoint (PrivateLink), per endpoint per AZ',
          },
          {
            ...{ resource: nameOf(region, id), what: 'GB through it', service: 'VPC' },
            item: 'Interface endpoint data processed, first 1 PB',
            quantity: endpointGb,
          },
        ],
  );
}

/** The first 25 of an account have one price, those after them another one. */
const ZONES_OF_FIRST_PRICE = 25;

/** https://aws.amazon.com/route53/pricing/ */
function zones(region: Region, { dnsQueriesMillions }: Usage): readonly Item[] {
  return Object.values(region.hostedZones).flatMap(({ id, vpcIds }, index) => {
    const common = { resource: nameOf(region, id), service: 'Route 53' };
    const tier = index < ZONES_OF_FIRST_PRICE ? 'first 25' : 'beyond 25';
    const zone = { ...common, what: 'hosted zone', item: `Hosted zone, ${tier}`, quantity: 1 };
    const queries = {
      ...{ ...common, what: 'million DNS queries' },
      item: 'Standard queries, first 1 billion per month',
      quantity: dnsQueriesMillions,
    };
    return vpcIds.length === 0 ? [zone, queries] : [zone];
  });
}
