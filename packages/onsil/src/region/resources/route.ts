import { contains, parseBlock } from '../ipv4.ts';
import { put, type Region } from '../region.ts';
import type { RouteTable, RouteTarget } from '../route-table.ts';
import type { Properties } from './properties.ts';
import type { ResourceType } from './resource-type.ts';
import { canonical } from './vpc.ts';

/** Properties that name a target which the region has no state for. */
const OTHER_TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'LocalGatewayId',
  'NatGatewayId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
];
const TARGETS = ['GatewayId', 'InstanceId', 'NetworkInterfaceId', ...OTHER_TARGETS];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-route.html */
export const route: ResourceType = {
  type: 'AWS::EC2::Route',
  create(region, properties) {
    const table = properties.reference('RouteTableId', region.routeTables, 'route table');
    const given = TARGETS.filter((name) => properties.has(name));
    if (given.length !== 1) {
      properties.fail(
        '',
        `A route needs exactly one target; this one has ${given.length === 0 ? 'none' : given.join(', ')}.`,
        `Give one of ${TARGETS.join(', ')}.`,
      );
    }
    const target = targetOf(region, properties, table);
    const recorded = (destination: string) => ({
      region,
      physicalId: `${table.id}|${destination}`,
      attributes: { CidrBlock: destination },
      status: 'recorded' as const,
    });
    for (const name of ['DestinationIpv6CidrBlock', 'DestinationPrefixListId']) {
      if (!properties.has(name)) continue;
      const destination = properties.requiredText(name);
      properties.warn(name, `The route to ${destination} is not modelled: it has no effect here.`);
      return recorded(destination);
    }
    const destination = destinationOf(properties, table);
    if (target === undefined) return recorded(destination);
    const next = { ...table, routes: [...table.routes, { destination, target }] };
    return {
      region: put(region, 'routeTables', table.id, next),
      physicalId: `${table.id}|${destination}`,
      attributes: { CidrBlock: destination },
    };
  },
};

function destinationOf(properties: Properties, table: RouteTable): string {
  const given = properties.requiredText('DestinationCidrBlock');
  properties.check();
  if (parseBlock(given) === undefined) {
    properties.fail('DestinationCidrBlock', `"${given}" is not an IPv4 block.`);
  }
  const destination = canonical(properties, 'DestinationCidrBlock', given);
  const same = table.routes.find((other) => other.destination === destination);
  if (same?.target.kind === 'local') {
    properties.fail('DestinationCidrBlock', `${destination} equals the local route of the VPC.`);
  }
  if (same !== undefined) {
    properties.fail('DestinationCidrBlock', `${table.id} already has a route to ${destination}.`);
  }
  const local = table.routes.find(
    (other) => other.target.kind === 'local' && contains(other.destination, destination),
  );
  if (local !== undefined) {
    // https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html: only for middleboxes.
    properties.fail(
      'DestinationCidrBlock',
      `${destination} is more specific than the local route ${local.destination}; such routes are not modelled.`,
    );
  }
  return destination;
}

/** Nothing where the kind of target is not modelled. */
function targetOf(
  region: Region,
  properties: Properties,
  table: RouteTable,
): RouteTarget | undefined {
  for (const name of OTHER_TARGETS) {
    if (!properties.has(name)) continue;
    const id = properties.requiredText(name);
    properties.warn(name, `A route to ${id} is not modelled: there is no such route here.`);
    return undefined;
  }
  if (properties.has('GatewayId')) return gatewayTarget(region, properties, table);
  if (properties.has('InstanceId')) {
    const instance = properties.reference('InstanceId', region.instances, 'instance');
    const [primary] = instance.networkInterfaceIds;
    if (instance.vpcId !== table.vpcId || primary === undefined) {
      properties.fail(
        'InstanceId',
        `${instance.id} is in ${instance.vpcId}, the route table in ${table.vpcId}.`,
      );
    }
    return { kind: 'network-interface', id: primary };
  }
  const networkInterface = properties.reference(
    'NetworkInterfaceId',
    region.networkInterfaces,
    'network interface',
  );
  if (networkInterface.vpcId !== table.vpcId) {
    const { id, vpcId } = networkInterface;
    properties.fail(
      'NetworkInterfaceId',
      `${id} is in ${vpcId}, the route table in ${table.vpcId}.`,
    );
  }
  return { kind: 'network-interface', id: networkInterface.id };
}

function gatewayTarget(
  region: Region,
  properties: Properties,
  table: RouteTable,
): RouteTarget | undefined {
  const id = properties.requiredText('GatewayId');
  if (id !== '' && !id.startsWith('igw-')) {
    properties.warn('GatewayId', `A route to ${id} is not modelled: there is no such route here.`);
    return undefined;
  }
  const gateway = properties.reference('GatewayId', region.internetGateways, 'internet gateway');
  if (gateway.vpcId === undefined) {
    properties.warn(
      'GatewayId',
      `The route is made before ${id} is attached to a VPC: on AWS this fails or not, by chance.`,
      'Give the route a DependsOn on the AWS::EC2::VPCGatewayAttachment.',
    );
  } else if (gateway.vpcId !== table.vpcId) {
    properties.fail(
      'GatewayId',
      `${id} is attached to ${gateway.vpcId}, the route table is in ${table.vpcId}.`,
    );
  }
  return { kind: 'internet-gateway', id };
}
