/**
 * A gateway endpoint for S3: routes for the service's prefix list lead by the services link to
 * the lab's own S3, without an Internet gateway, a public address or NAT. The groups and network
 * ACLs of the sender apply, unlike for link-local services.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import type { VpcEndpoint } from '../../region/vpc-endpoint.ts';
import { AWS_S3 } from '../addresses.ts';
import { SERVICE_ADDRESSES } from './link-local.ts';
import { SERVICES } from './names.ts';
import { isServedList } from './prefix-list.ts';
import { type Chain, decide, rule } from './ruleset.ts';

/** Whether the lab runs what is behind the endpoint. */
export function isServedEndpoint(region: Region, { type, serviceName }: VpcEndpoint): boolean {
  return type === 'gateway' && isServedList(region, serviceName);
}

/** By the id of an endpoint of the VPC: the words of a route to it. */
export function endpointWays(region: Region, vpc: Vpc): readonly (readonly [string, string])[] {
  return Object.values(region.vpcEndpoints)
    .filter((endpoint) => endpoint.vpcId === vpc.id && isServedEndpoint(region, endpoint))
    .map(({ id }) => [id, `via ${SERVICE_ADDRESSES.internet} dev ${SERVICES} onlink`] as const);
}

/** Asked about what leaves by the services link and is not link-local. */
export function endpointEgress({ cidrs }: Vpc): Chain {
  const toS3 = [`ip saddr { ${cidrs.join(', ')} }`, `ip daddr ${AWS_S3}`];
  return {
    name: 'gateway-endpoint-egress',
    rules: [
      rule('accept', ...toS3, 'meta l4proto tcp'),
      rule('accept', ...toS3, 'icmp type echo-request'),
      decide({ kind: 'vpc-endpoint' }, 'drop'),
    ],
  };
}
