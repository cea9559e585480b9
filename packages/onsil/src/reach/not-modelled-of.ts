/** What a template has that bears on who reaches whom, and that the region has no state for. */
import type { Stack } from '../cloudformation/stack.ts';
import type { Region } from '../region/region.ts';
import type { NotModelled } from './not-modelled.ts';

type Resources = Stack['resources'];

/**
 * Resources that stand recorded in the stack only. Of a resource whose VPC or table cannot be
 * told, every one of the region counts.
 */
export function notModelledOf(
  { resources }: Pick<Stack, 'resources'>,
  region: Region,
): readonly NotModelled[] {
  return [...withoutGroups(region), ...recordedOf(resources, region)];
}

/**
 * A Network Load Balancer that was made without groups filters nothing, where an interface whose
 * groups are none lets nothing pass: so what passes stays open.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
function withoutGroups({ networkInterfaces }: Region): readonly NotModelled[] {
  return Object.values(networkInterfaces).flatMap(({ id, managedBy, securityGroupIds }) => {
    if (managedBy?.kind !== 'service' || securityGroupIds.length > 0) return [];
    const resource = `${managedBy.id}, which has no security group`;
    return [{ kind: 'network-interface', networkInterfaceId: id, resource }];
  });
}

function recordedOf(resources: Resources, region: Region): readonly NotModelled[] {
  return Object.values(resources).flatMap(({ type, logicalId, dependsOn }) => {
    const tables = tablesIn(resources, dependsOn, region);
    switch (type) {
      // Sends what comes in to somebody else first, by a route table of the gateway's own:
      // https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
      case 'AWS::EC2::GatewayRouteTableAssociation':
        return [...new Set(tables.map(({ vpcId }) => vpcId))].map((vpcId) =>
          edge(vpcId, logicalId),
        );
      // https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
      case 'AWS::EC2::VPCBlockPublicAccessOptions':
        return Object.keys(region.vpcs).map((vpcId) => edge(vpcId, logicalId));
      // Routes to networks that only the other end of a VPN tells.
      case 'AWS::EC2::VPNGatewayRoutePropagation':
        return tables.map(({ id }): NotModelled => {
          return { kind: 'route', routeTableId: id, destination: logicalId, resource: logicalId };
        });
      default:
        return [];
    }
  });
}

function edge(vpcId: string, resource: string): NotModelled {
  return { kind: 'internet-gateway', vpcId, resource };
}

function tablesIn(resources: Resources, names: readonly string[], { routeTables }: Region) {
  const known = names.flatMap((name) => routeTables[resources[name]?.physicalId ?? ''] ?? []);
  return known.length > 0 ? known : Object.values(routeTables);
}
