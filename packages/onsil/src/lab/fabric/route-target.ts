/** Where the routes of a VPC can lead that need no machine. */
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import { endpointWays } from './gateway-endpoint.ts';
import { UPLINK } from './names.ts';
import { natGatewayWays } from './nat-gateway.ts';
import type { InterfacePlan } from './network-interface.ts';
import { type PeeringPlan, peeringWays } from './peering.ts';
import { UPLINK_ADDRESSES } from './route-table.ts';

/**
 * By the id of a route's target: the words of a Linux route to it. A target that is not here,
 * because it is detached, inactive, gone, of another VPC or not run by the lab, is a blackhole.
 */
export type Ways = ReadonlyMap<string, string>;

export function planWays(
  region: Region,
  vpc: Vpc,
  interfaces: readonly InterfacePlan[],
  peerings: readonly PeeringPlan[],
): Ways {
  const gateways = Object.values(region.internetGateways).filter(({ vpcId }) => vpcId === vpc.id);
  return new Map([
    ...gateways.map(
      ({ id }) => [id, `via ${UPLINK_ADDRESSES.internet} dev ${UPLINK} onlink`] as const,
    ),
    ...natGatewayWays(region, vpc, interfaces),
    ...peeringWays(vpc, peerings),
    ...endpointWays(region, vpc),
  ]);
}
