/** Calls that change routes and the tables of subnets. */
import { canonicalBlock } from '../../../../region/ipv4.ts';
import { canonicalBlock6 } from '../../../../region/ipv6.ts';
import { put, type Region } from '../../../../region/region.ts';
import { route as routeResource } from '../../../../region/resources/route.ts';
import type { RouteTable } from '../../../../region/route-table.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Operations } from '../operation.ts';
import { type Structure, text, textOf } from '../value.ts';
import { change, made } from './change.ts';
import { badValue, thingOf } from './describe.ts';
import { ROUTE_TABLE_IDS } from './route-table.ts';

const TARGETS = [
  ...['CarrierGatewayId', 'CoreNetworkArn', 'GatewayId', 'InstanceId', 'LocalGatewayId'],
  ...['NatGatewayId', 'NetworkInterfaceId', 'TransitGatewayId', 'VpcEndpointId'],
  ...['VpcPeeringConnectionId', 'EgressOnlyInternetGatewayId'],
];
const DESTINATIONS = [
  'DestinationCidrBlock',
  'DestinationIpv6CidrBlock',
  'DestinationPrefixListId',
];

export const routeOperations: Operations = {
  CreateRoute: {
    handle: (input, call) =>
      change(call, (region) => {
        const { id, routes } = tableOf(region, input);
        const destination = destinationOf(input);
        if (routes.some((each) => each.destination === destination)) {
          const message = `The route identified by ${destination} already exists.`;
          throw new AwsError(400, 'RouteAlreadyExists', message);
        }
        return { region: withRoute(region, id, input), result: { Return: true } };
      }),
  },
  ReplaceRoute: {
    handle: (input, call) =>
      change(call, (region) => {
        if (input['LocalTarget'] !== undefined)
          throw badValue('The lab does not replace a route with the local target.');
        const table = tableOf(region, input);
        const without = withoutRoute(region, table, destinationOf(input));
        const next = withRoute(without, table.id, input);
        return { region: inPlace(next, table), result: {} };
      }),
  },
  DeleteRoute: {
    handle: (input, call) =>
      change(call, (region) => {
        const table = tableOf(region, input);
        return { region: withoutRoute(region, table, destinationOf(input)), result: {} };
      }),
  },
};

const tableOf = (region: Region, input: Structure): RouteTable =>
  thingOf(region.routeTables, textOf(input, 'RouteTableId'), ROUTE_TABLE_IDS);

function destinationOf(input: Structure): string {
  const [name, ...more] = DESTINATIONS.filter((each) => input[each] !== undefined);
  if (name === undefined || more.length > 0) {
    const message = `The request must contain exactly one of ${DESTINATIONS.join(', ')}`;
    throw new AwsError(400, 'MissingParameter', message);
  }
  const given = textOf(input, name);
  const canonical =
    name === 'DestinationCidrBlock'
      ? canonicalBlock(given)
      : name === 'DestinationIpv6CidrBlock'
        ? canonicalBlock6(given)
        : given;
  if (canonical !== undefined) return canonical;
  const parameter = name.slice(0, 1).toLowerCase() + name.slice(1);
  throw badValue(
    `Value (${given}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );
}

function withRoute(region: Region, tableId: string, input: Structure): Region {
  const given = TARGETS.map((name) => [name, text(input, name)] as const);
  const canonical = destinationOf(input);
  const destination = DESTINATIONS.filter((name) => input[name] !== undefined).map(
    (name) => [name, canonical] as const,
  );
  const properties = {
    ...{ RouteTableId: tableId, ...Object.fromEntries([...given, ...destination]) },
  };
  return made(region, routeResource, properties).region;
}

function withoutRoute(region: Region, table: RouteTable, destination: string): Region {
  const found = table.routes.find((each) => each.destination === destination);
  if (found === undefined) {
    const message = `no route with destination ${destination} in route table ${table.id}`;
    throw new AwsError(400, 'InvalidRoute.NotFound', message);
  }
  if (found.target.kind === 'local')
    throw badValue(`cannot remove local route ${destination} in route table ${table.id}`);
  const routes = table.routes.filter((each) => each !== found);
  return put(region, 'routeTables', table.id, { ...table, routes });
}

/** The new route where the old one was. */
function inPlace(region: Region, { id, routes: before }: RouteTable): Region {
  const table = region.routeTables[id];
  if (table === undefined) return region;
  const at = (destination: string) => before.findIndex((each) => each.destination === destination);
  const routes = table.routes.toSorted((a, b) => at(a.destination) - at(b.destination));
  return put(region, 'routeTables', id, { ...table, routes });
}
