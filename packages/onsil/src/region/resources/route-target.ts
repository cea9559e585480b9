/** What a route leads to. What the region has no state for is a target by name only. */
import type { Region } from '../region.ts';
import type { RouteTable, RouteTarget } from '../route-table.ts';
import type { Properties } from './properties.ts';
import type { Destination } from './route-destination.ts';

export const TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
] as const;
export type TargetName = (typeof TARGETS)[number];

/** Targets of routes between the subnets of a VPC. */
export const MIDDLEBOXES: readonly TargetName[] = [
  'InstanceId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'VpcEndpointId',
];

/** The one property that gives the target. Fails where there is not exactly one. */
export function targetNameOf(properties: Properties): TargetName {
  const given = TARGETS.filter((name) => properties.has(name));
  const [name] = given;
  if (name !== undefined && given.length === 1) return name;
  return properties.fail(
    '',
    `A route needs exactly one target; this one has ${given.length === 0 ? 'none' : given.join(', ')}.`,
    `Give one of ${TARGETS.join(', ')}.`,
  );
}

/** Fails where the table cannot have it. */
export function targetOf(
  region: Region,
  properties: Properties,
  table: RouteTable,
  name: TargetName,
  destination: Destination,
): RouteTarget {
  const id = properties.requiredText(name);
  properties.check();
  const requireVpc = (...vpcIds: readonly string[]) => {
    if (vpcIds.includes(table.vpcId)) return;
    properties.fail(
      name,
      `${id} is in ${vpcIds.join(' and ')}, the route table in ${table.vpcId}.`,
    );
  };
  switch (name) {
    case 'GatewayId': {
      // The rest are virtual private gateways.
      if (!id.startsWith('igw-')) break;
      const gateway = properties.reference(name, region.internetGateways, 'internet gateway');
      checkAttached(properties, table, gateway);
      return { kind: 'internet-gateway', id };
    }
    case 'InstanceId': {
      const { vpcId, networkInterfaceIds } = properties.reference(
        name,
        region.instances,
        'instance',
      );
      requireVpc(vpcId);
      const [primary = properties.fail(name, `${id} has no network interface.`)] =
        networkInterfaceIds;
      return { kind: 'network-interface', id: primary };
    }
    case 'NetworkInterfaceId': {
      const noun = 'network interface';
      requireVpc(properties.reference(name, region.networkInterfaces, noun).vpcId);
      return { kind: 'network-interface', id };
    }
    case 'NatGatewayId': {
      const gateway = region.natGateways[id];
      if (gateway === undefined) break;
      requireVpc(gateway.vpcId);
      // https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
      if (destination.kind === 'ipv6') break;
      return { kind: 'nat-gateway', id };
    }
    case 'VpcPeeringConnectionId': {
      const peering = region.vpcPeeringConnections[id];
      if (peering === undefined) break;
      requireVpc(peering.requesterVpcId, peering.accepterVpcId);
      return { kind: 'vpc-peering-connection', id };
    }
    case 'EgressOnlyInternetGatewayId': {
      const gateway = region.egressOnlyInternetGateways[id];
      if (gateway === undefined) break;
      requireVpc(gateway.vpcId);
      const list = region.prefixLists[destination.text];
      // Of a list without known entries the family is a guess.
      const family = list?.entries === undefined ? destination.kind : list.family;
      if (family === 'ipv4') {
        properties.fail(name, `${id} carries IPv6 only; ${destination.text} is IPv4.`);
      }
      return { kind: 'egress-only-internet-gateway', id };
    }
    case 'VpcEndpointId': {
      const endpoint = region.vpcEndpoints[id];
      if (endpoint === undefined) break;
      const hint = 'Only that of a Gateway Load Balancer can be; a gateway endpoint adds its own.';
      return properties.fail(
        name,
        `${id} is of the type ${endpoint.type}: no target of a route.`,
        hint,
      );
    }
    case 'CarrierGatewayId':
    case 'CoreNetworkArn':
    case 'LocalGatewayId':
    case 'TransitGatewayId':
      break;
  }
  // Made elsewhere, or of a kind that the region has no state for.
  properties.warn(name, `A route to ${id} is not modelled: the table has its target by name only.`);
  return { kind: 'not-modelled', id };
}

function checkAttached(
  properties: Properties,
  table: RouteTable,
  { id, vpcId }: { readonly id: string; readonly vpcId?: string },
): void {
  if (vpcId === undefined) {
    properties.warn(
      'GatewayId',
      `The route is made before ${id} is attached to a VPC: on AWS this fails or not, by chance.`,
      'Give the route a DependsOn on the AWS::EC2::VPCGatewayAttachment.',
    );
  } else if (vpcId !== table.vpcId) {
    properties.fail(
      'GatewayId',
      `${id} is attached to ${vpcId}, the route table is in ${table.vpcId}.`,
    );
  }
}
