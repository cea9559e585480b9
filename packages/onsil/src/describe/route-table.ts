import * as z from 'zod/mini';
import type { Table } from '../region/region.ts';
import type { Route, RouteTable, RouteTarget } from '../region/route-table.ts';
import type { KindName } from './kinds.ts';
import type { Report } from './report.ts';
import {
  cidr,
  cidr6,
  id,
  isIn,
  name,
  optionalList,
  type Read,
  read,
  state,
  tags,
} from './shape.ts';
import type { Sources } from './sources.ts';

const route = z.object({
  DestinationCidrBlock: z.optional(cidr),
  DestinationIpv6CidrBlock: z.optional(cidr6),
  DestinationPrefixListId: z.optional(id),
  State: z._default(z.string(), 'active'),
  Origin: z._default(z.string(), 'CreateRoute'),
  GatewayId: z.optional(id),
  NatGatewayId: z.optional(id),
  EgressOnlyInternetGatewayId: z.optional(id),
  VpcPeeringConnectionId: z.optional(id),
  NetworkInterfaceId: z.optional(id),
  InstanceId: z.optional(id),
  TransitGatewayId: z.optional(name),
  LocalGatewayId: z.optional(name),
  CarrierGatewayId: z.optional(name),
  CoreNetworkArn: z.optional(name),
  OdbNetworkArn: z.optional(name),
});
const schema = z.object({
  RouteTableId: id,
  VpcId: id,
  Associations: optionalList(
    z.object({
      Main: z._default(z.boolean(), false),
      SubnetId: z.optional(id),
      GatewayId: z.optional(id),
      AssociationState: state,
    }),
  ),
  Routes: optionalList(route),
  Tags: tags,
});

type Shape = z.output<typeof schema>;
type Described = z.output<typeof route>;

export interface RouteTables {
  readonly table: Table<RouteTable>;
  /** Explicit associations: ids by subnet. */
  readonly bySubnet: ReadonlyMap<string, string>;
  /** Ids by VPC. */
  readonly mainOf: ReadonlyMap<string, string>;
}

/** What a route may name, as far as the files have it. */
export interface Targets {
  readonly has: (kind: RouteTarget['kind'], id: string) => boolean;
  readonly primaryInterfaceOf: (instanceId: string) => string | undefined;
  /** Out of service. */
  readonly idle: ReadonlySet<string>;
}

export function routeTables(report: Report, sources: Sources, targets: Targets): RouteTables {
  const all = read(report, schema, sources.of('RouteTables'));
  const bySubnet = new Map<string, string>();
  const mainOf = new Map<string, string>();
  for (const table of all) {
    const { RouteTableId, VpcId, Associations } = table.value;
    for (const { Main, SubnetId, GatewayId, AssociationState } of Associations) {
      if (!isIn(AssociationState, 'associated')) continue;
      if (Main) mainOf.set(VpcId, RouteTableId);
      if (SubnetId !== undefined) bySubnet.set(SubnetId, RouteTableId);
      if (GatewayId !== undefined) atGateway(report, table, GatewayId);
    }
  }
  const table = all.map((each): [string, RouteTable] => {
    const { RouteTableId, VpcId, Tags } = each.value;
    const main = mainOf.get(VpcId) === RouteTableId;
    const routes = routesOf(report, each, targets);
    return [RouteTableId, { id: RouteTableId, vpcId: VpcId, main, routes, tags: Tags }];
  });
  return { table: Object.fromEntries(table), bySubnet, mainOf };
}

/**
 * What comes in by the gateway goes where its table says, unless that is all local.
 * https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
 */
function atGateway(report: Report, { at, value }: Read<Shape>, gatewayId: string): void {
  const { RouteTableId, VpcId, Routes } = value;
  if (Routes.every(({ GatewayId }) => GatewayId === 'local')) return;
  const resource = `${RouteTableId}, the route table of ${gatewayId}`;
  report.warn(at, '.Associations', `Route tables of gateways are not modelled: ${resource}.`);
  report.open({ kind: 'internet-gateway', vpcId: VpcId, resource });
}

/** Local ones first; of equal destinations the static route decides: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
function routesOf(report: Report, table: Read<Shape>, targets: Targets): readonly Route[] {
  const { Routes } = table.value;
  return Routes.flatMap((each, index) => {
    const destination =
      each.DestinationCidrBlock ?? each.DestinationIpv6CidrBlock ?? each.DestinationPrefixListId;
    if (destination === undefined) {
      report.error(table.at, `.Routes[${index}]`, 'The route has no destination.');
      return [];
    }
    if (each.DestinationPrefixListId !== undefined) {
      report.prefixLists.set(each.DestinationPrefixListId, table.at);
    }
    const target = targetOf(each, destination, targets);
    const isBlackhole =
      each.State === 'blackhole' || ('id' in target && targets.idle.has(target.id));
    const isKnown =
      target.kind === 'local' ||
      target.kind === 'not-modelled' ||
      targets.has(target.kind, target.id);
    if (!isBlackhole && !isKnown) {
      report.missing(table.at, `.Routes[${index}]`, target.id, KIND_OF[target.kind]);
    }
    const made: Route = isBlackhole
      ? { destination, target, blackhole: true }
      : { destination, target: isKnown ? target : { kind: 'not-modelled', id: target.id } };
    const rank = [target.kind !== 'local', each.Origin === 'EnableVgwRoutePropagation'];
    return [
      { made, key: `${rank.map(Number).join('')} ${destination.includes(':')} ${destination}` },
    ];
  })
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ made }) => made);
}

const KIND_OF: Readonly<Record<Exclude<RouteTarget['kind'], 'local' | 'not-modelled'>, KindName>> =
  {
    'internet-gateway': 'InternetGateways',
    'network-interface': 'NetworkInterfaces',
    'nat-gateway': 'NatGateways',
    'vpc-peering-connection': 'VpcPeeringConnections',
    'vpc-endpoint': 'VpcEndpoints',
    'egress-only-internet-gateway': 'EgressOnlyInternetGateways',
  };

function targetOf(each: Described, destination: string, targets: Targets): RouteTarget {
  const { GatewayId = '', InstanceId } = each;
  if (GatewayId === 'local') return { kind: 'local' };
  if (GatewayId.startsWith('igw-')) return { kind: 'internet-gateway', id: GatewayId };
  // A block to an endpoint goes to an appliance behind a Gateway Load Balancer.
  if (GatewayId.startsWith('vpce-') && each.DestinationPrefixListId !== undefined) {
    return { kind: 'vpc-endpoint', id: GatewayId };
  }
  const kinds = [
    ['nat-gateway', each.NatGatewayId],
    ['egress-only-internet-gateway', each.EgressOnlyInternetGatewayId],
    ['vpc-peering-connection', each.VpcPeeringConnectionId],
    // A route to an instance names its interface too, except in old output.
    ['network-interface', each.NetworkInterfaceId],
    ['network-interface', InstanceId && targets.primaryInterfaceOf(InstanceId)],
    ['not-modelled', each.TransitGatewayId ?? each.LocalGatewayId ?? each.CarrierGatewayId],
    ['not-modelled', each.CoreNetworkArn ?? each.OdbNetworkArn ?? InstanceId],
  ] as const;
  for (const [kind, found] of kinds) if (found !== undefined) return { kind, id: found };
  return { kind: 'not-modelled', id: GatewayId || `the target of ${destination}` };
}
