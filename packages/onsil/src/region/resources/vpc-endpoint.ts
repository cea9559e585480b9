import { macAddressOf } from '../allocate.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { gatewayServices } from '../prefix-list.ts';
import { list } from '../problem.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import type { VpcEndpoint } from '../vpc-endpoint.ts';
import { primaryIpOf } from './interface-addresses.ts';
import { groupIdsOf } from './network-interface.ts';
import type { Properties } from './properties.ts';
import { codeOf, idOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

const TYPES = [
  'Gateway',
  'Interface',
  'GatewayLoadBalancer',
  'Resource',
  'ServiceNetwork',
] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcendpoint.html */
export const vpcEndpoint: ResourceType = {
  type: 'AWS::EC2::VPCEndpoint',
  properties: {
    real: [
      'RouteTableIds',
      'SecurityGroupIds',
      'ServiceName',
      'SubnetIds',
      'Tags',
      'VpcEndpointType',
      'VpcId',
    ],
  },
  create(region, properties, context) {
    const type = properties.oneOf('VpcEndpointType', TYPES) ?? 'Gateway';
    if (type !== 'Gateway' && type !== 'Interface') {
      const message = `An endpoint of the type ${type} is not modelled: it is recorded by name only.`;
      properties.warn('VpcEndpointType', message);
      const id = nameOf(context);
      return { region, physicalId: id, attributes: { Id: id }, status: 'recorded' };
    }
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const serviceName = properties.requiredText('ServiceName');
    const tags = properties.tags();
    const id = idOf(context, 'vpce');
    const base = { id, vpcId: vpc.id, serviceName, tags };
    const made =
      type === 'Gateway'
        ? gateway(region, properties, vpc, base)
        : interfaces(region, properties, vpc, base, context);
    properties.check();
    const { endpoint } = made;
    return {
      region: put(made.region, 'vpcEndpoints', id, endpoint),
      physicalId: id,
      attributes: {
        Id: id,
        NetworkInterfaceIds: endpoint.networkInterfaceIds,
        DnsEntries: type === 'Gateway' ? [] : [dnsEntryOf(endpoint, context)],
      },
    };
  },
};

type Base = Pick<VpcEndpoint, 'id' | 'vpcId' | 'serviceName' | 'tags'>;
interface Made {
  readonly region: Region;
  readonly endpoint: VpcEndpoint;
}

/** Its route to the service's prefix list, in each of its tables. */
function gateway(region: Region, properties: Properties, vpc: Vpc, base: Base): Made {
  const services = gatewayServices(region.name);
  const prefixList = Object.values(region.prefixLists).find(
    ({ name }) => name === base.serviceName && services.includes(name),
  );
  if (prefixList === undefined) {
    const message = `"${base.serviceName}" has no gateway endpoint; ${list(services)} have.`;
    properties.fail('ServiceName', message, 'Others need VpcEndpointType: Interface.');
  }
  const tables = properties.references('RouteTableIds', region.routeTables, 'route table');
  const withRoutes = tables.reduce((next, { id }) => {
    const table = next.routeTables[id];
    if (table === undefined) return next;
    const refuse = (why: string) => properties.report('RouteTableIds', `${id} ${why}`);
    if (table.vpcId !== vpc.id) refuse(`is in ${table.vpcId}, the endpoint in ${vpc.id}.`);
    if (table.routes.some(({ destination }) => destination === prefixList.id)) {
      refuse(`already has a route to ${prefixList.id} (${prefixList.name}).`);
    }
    const target = { kind: 'vpc-endpoint', id: base.id } as const;
    const routes = [...table.routes, { destination: prefixList.id, target }];
    return put(next, 'routeTables', id, { ...table, routes });
  }, region);
  const routeTableIds = tables.map(({ id }) => id);
  return {
    region: withRoutes,
    endpoint: { ...base, type: 'gateway', routeTableIds, networkInterfaceIds: [] },
  };
}

/** One interface in each of its subnets. */
function interfaces(
  region: Region,
  properties: Properties,
  vpc: Vpc,
  base: Base,
  context: ResourceContext,
): Made {
  const subnets = properties.references('SubnetIds', region.subnets, 'subnet');
  for (const [index, subnet] of subnets.entries()) {
    const refuse = (why: string) => properties.report(`SubnetIds[${index}]`, `${subnet.id} ${why}`);
    if (subnet.vpcId !== vpc.id) refuse(`is in ${subnet.vpcId}, the endpoint in ${vpc.id}.`);
    const twin = subnets.slice(0, index).find(({ zone }) => zone === subnet.zone);
    if (twin !== undefined) refuse(`is in ${subnet.zone} as ${twin.id}; a zone has one interface.`);
  }
  const securityGroupIds = groupIdsOf(region, properties, vpc.id, ['SecurityGroupIds']);
  properties.check();
  let next = region;
  const networkInterfaceIds = subnets.map((subnet) => {
    const id = idOf(context, 'eni', subnet.id);
    const made: NetworkInterface = {
      id,
      subnetId: subnet.id,
      vpcId: vpc.id,
      privateIps: primaryIpOf(next, properties, subnet, id),
      ipv6Addresses: [],
      securityGroupIds,
      sourceDestCheck: true,
      macAddress: macAddressOf(id),
      managedBy: { kind: 'vpc-endpoint', id: base.id },
      description: `VPC Endpoint Interface ${base.id}`,
      tags: {},
    };
    next = put(next, 'networkInterfaces', id, made);
    return id;
  });
  return {
    region: next,
    endpoint: { ...base, type: 'interface', routeTableIds: [], networkInterfaceIds },
  };
}

/** A hosted zone and the endpoint's own name, which nothing resolves here. */
function dnsEntryOf({ id, serviceName }: VpcEndpoint, context: ResourceContext): string {
  const service = serviceName.split('.').at(-1) ?? '';
  const name = `${id}-${codeOf(context, 8).toLowerCase()}.${service}.${context.regionName}`;
  return `Z${codeOf(context, 13, 'zone')}:${name}.vpce.amazonaws.com`;
}
