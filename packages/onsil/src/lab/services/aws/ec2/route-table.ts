import type { Region } from '../../../../region/region.ts';
import type { Route, RouteTable } from '../../../../region/route-table.ts';
import type { Operations } from '../operation.ts';
import type { Structure } from '../value.ts';
import { describes, tagged, tagSet } from './describe.ts';
import { associationId } from './vpc.ts';

export const ROUTE_TABLE_IDS = {
  ...{ member: 'RouteTableIds', code: 'InvalidRouteTableID.NotFound', noun: 'routeTable ID' },
  of: ({ id }: { readonly id: string }) => id,
};

export const routeTableOperations: Operations = {
  DescribeRouteTables: describes<RouteTable>({
    set: 'RouteTables',
    ids: ROUTE_TABLE_IDS,
    all: ({ routeTables }) => Object.values(routeTables),
    filters: tagged({
      'route-table-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      'association.main': (table) => (table.main ? ['true'] : ['false']),
      'association.subnet-id': (table, { region }) => subnetsOf(region, table),
      'association.route-table-association-id': (table, { region }) =>
        associations(region, table).map(({ RouteTableAssociationId: id }) => String(id)),
      'association.route-table-id': ({ id }) => id,
      'route.destination-cidr-block': ({ routes }) => routes.map(({ destination }) => destination),
      'route.gateway-id': (table, { region }) => targets(region, table, 'GatewayId'),
      'route.instance-id': (table, { region }) => targets(region, table, 'InstanceId'),
      'route.nat-gateway-id': (table, { region }) => targets(region, table, 'NatGatewayId'),
      'route.vpc-peering-connection-id': (table, { region }) =>
        targets(region, table, 'VpcPeeringConnectionId'),
      'route.state': (table, { region }) => targets(region, table, 'State'),
      'owner-id': (_table, { region }) => region.account,
    }),
    print: (table, { region }) => ({
      Associations: associations(region, table),
      ...{ PropagatingVgws: [], RouteTableId: table.id, VpcId: table.vpcId },
      Routes: table.routes.map((each) => route(region, table, each)),
      ...{ Tags: tagSet(table.tags), OwnerId: region.account },
    }),
  }),
};

/** The main table is in force without an association of its own; the subnets of others have one. */
function subnetsOf(region: Region, table: RouteTable): readonly string[] {
  if (table.main) return [];
  return Object.values(region.subnets).flatMap(({ id, routeTableId }) =>
    routeTableId === table.id ? [id] : [],
  );
}

function associations(region: Region, table: RouteTable): readonly Structure[] {
  const common = { RouteTableId: table.id, AssociationState: { State: 'associated' } };
  const main = associationId('rtbassoc', table.id);
  return [
    ...(table.main ? [{ ...common, Main: true, RouteTableAssociationId: main }] : []),
    ...subnetsOf(region, table).map((SubnetId) => ({
      ...{ ...common, Main: false, SubnetId },
      RouteTableAssociationId: associationId('rtbassoc', table.id, SubnetId),
    })),
  ];
}

const targets = (region: Region, table: RouteTable, member: string): readonly string[] =>
  table.routes.flatMap((each) => {
    const value = route(region, table, each)[member];
    return typeof value === 'string' ? [value] : [];
  });

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
function route(
  region: Region,
  table: RouteTable,
  { destination, target, blackhole }: Route,
): Structure {
  const to = destination.startsWith('pl-')
    ? { DestinationPrefixListId: destination }
    : destination.includes(':')
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination };
  const made = (isLive: boolean, id: Structure): Structure => {
    const live = isLive && blackhole !== true;
    return { ...to, ...id, Origin: 'CreateRoute', State: live ? 'active' : 'blackhole' };
  };
  switch (target.kind) {
    case 'local':
      return { ...to, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
    case 'internet-gateway':
      return made(region.internetGateways[target.id]?.vpcId === table.vpcId, {
        GatewayId: target.id,
      });
    case 'network-interface': {
      const own = region.networkInterfaces[target.id];
      const instanceId = own?.attachment?.instanceId;
      const instance =
        instanceId === undefined ? {} : { InstanceId: instanceId, InstanceOwnerId: region.account };
      return made(own?.attachment !== undefined, { NetworkInterfaceId: target.id, ...instance });
    }
    case 'nat-gateway':
      return made(target.id in region.natGateways, { NatGatewayId: target.id });
    case 'vpc-peering-connection':
      return made(region.vpcPeeringConnections[target.id]?.active === true, {
        VpcPeeringConnectionId: target.id,
      });
    case 'vpc-endpoint':
      return made(target.id in region.vpcEndpoints, { GatewayId: target.id });
    case 'egress-only-internet-gateway':
      return made(target.id in region.egressOnlyInternetGateways, {
        EgressOnlyInternetGatewayId: target.id,
      });
    case 'not-modelled':
      return made(true, notModelled(target.id));
  }
}

/** By what its id begins with. */
function notModelled(id: string): Structure {
  if (id.startsWith('tgw-')) return { TransitGatewayId: id };
  if (id.startsWith('lgw-')) return { LocalGatewayId: id };
  if (id.startsWith('cagw-')) return { CarrierGatewayId: id };
  if (id.startsWith('arn:')) return { CoreNetworkArn: id };
  if (id.startsWith('pcx-')) return { VpcPeeringConnectionId: id };
  if (id.startsWith('nat-')) return { NatGatewayId: id };
  if (id.startsWith('eigw-')) return { EgressOnlyInternetGatewayId: id };
  return { GatewayId: id };
}
