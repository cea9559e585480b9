/**
 * What of a region the lab does not run. A route to any of it is a blackhole in the lab, a rule
 * that needs it matches nothing, and an address of it is silent: never "allowed".
 */
import { list, type Problem } from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import type { VpcEndpoint } from '../region/vpc-endpoint.ts';
import { isServedEndpoint } from './fabric/gateway-endpoint.ts';
import { isServedList } from './fabric/prefix-list.ts';
import { dbServerOf, dbServers } from './managed/db-server.ts';
import { loadBalancersLeftOut } from './managed/load-balancer/left-out.ts';

/**
 * Warnings, each with the resource's name: its logical id where `resources`, those of a stack by
 * logical id, have it, and its id otherwise.
 */
export function leftOut(
  region: Region,
  resources: Readonly<Record<string, { readonly physicalId: string }>> = {},
): readonly Problem[] {
  const logicalIds = new Map(
    Object.entries(resources).map(([logicalId, { physicalId }]) => [physicalId, logicalId]),
  );
  return [
    ...ipv6(region),
    ...egressOnlyInternetGateways(region),
    ...endpoints(region),
    ...prefixLists(region),
    ...peerings(region),
    ...routes(region),
    ...services(region),
    ...databases(region),
    ...loadBalancersLeftOut(region),
  ].map(({ id, message }) => {
    const logicalId = logicalIds.get(id);
    return {
      severity: 'warning' as const,
      path: logicalId === undefined ? id : `Resources.${logicalId}`,
      message,
    };
  });
}

export interface LeftOut {
  readonly id: string;
  readonly message: string;
}

function ipv6(region: Region): readonly LeftOut[] {
  return Object.values(region.vpcs)
    .filter(({ ipv6Cidrs }) => ipv6Cidrs.length > 0)
    .map(({ id, ipv6Cidrs }) => {
      const addresses = Object.values(region.networkInterfaces)
        .filter(({ vpcId }) => vpcId === id)
        .flatMap((each) => each.ipv6Addresses);
      const unused = addresses.length === 0 ? '' : ` and the addresses ${list(addresses, 4)}`;
      return {
        id,
        message:
          `IPv6 is off in the lab: ${list(ipv6Cidrs)}${unused} are not used, and its IPv6 ` +
          'routes and rules do nothing.',
      };
    });
}

function egressOnlyInternetGateways(region: Region): readonly LeftOut[] {
  return Object.keys(region.egressOnlyInternetGateways).map((id) => ({
    id,
    message: 'an egress-only Internet gateway is for IPv6, which is off in the lab.',
  }));
}

function endpoints(region: Region): readonly LeftOut[] {
  return Object.values(region.vpcEndpoints)
    .filter((endpoint) => !isServedEndpoint(region, endpoint))
    .map((endpoint) => ({ id: endpoint.id, message: endpointMessage(region, endpoint) }));
}

function endpointMessage(region: Region, endpoint: VpcEndpoint): string {
  const { type, serviceName, networkInterfaceIds } = endpoint;
  if (type === 'gateway') return `the lab has no ${serviceName}: routes to its endpoint drop.`;
  const addresses = networkInterfaceIds.flatMap(
    (id) => region.networkInterfaces[id]?.privateIps ?? [],
  );
  const where = addresses.length === 0 ? 'it' : list(addresses);
  return `the lab has no interface endpoints: nothing answers at ${where} for ${serviceName}.`;
}

/** Lists of AWS's own that a rule or a route of the region asks for. */
function prefixLists(region: Region): readonly LeftOut[] {
  const used = new Set([
    ...Object.values(region.securityGroups)
      .flatMap(({ ingress, egress }) => [...ingress, ...egress])
      .flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])),
    ...Object.values(region.routeTables).flatMap((table) =>
      table.routes.map(({ destination }) => destination),
    ),
  ]);
  return Object.values(region.prefixLists)
    .filter(({ id, name, entries }) => {
      return used.has(id) && entries === undefined && !isServedList(region, name);
    })
    .map(({ id, name }) => ({
      id,
      message: `the entries of AWS's prefix list ${name} are not known: it matches nothing.`,
    }));
}

function peerings(region: Region): readonly LeftOut[] {
  return Object.values(region.vpcPeeringConnections).flatMap(
    ({ id, active, requesterVpcId, accepterVpcId }) => {
      const elsewhere = [requesterVpcId, accepterVpcId].filter((vpc) => !(vpc in region.vpcs));
      if (elsewhere.length > 0) {
        return [{ id, message: `${list(elsewhere)} is not in the lab: routes to it drop.` }];
      }
      return active ? [] : [{ id, message: 'it is not active: routes to it drop.' }];
    },
  );
}

function routes(region: Region): readonly LeftOut[] {
  return Object.values(region.routeTables).flatMap((table) =>
    table.routes.flatMap(({ destination, target }) =>
      target.kind === 'not-modelled'
        ? [
            {
              id: table.id,
              message: `the lab has no ${target.id}: its route for ${destination} drops.`,
            },
          ]
        : [],
    ),
  );
}

/** Tables of services each of which runs in a machine of its own. */
const MANAGED: readonly string[] = ['loadBalancers', 'classicLoadBalancers'];

/** Services whose addresses and groups are there, and no program. */
function services(region: Region): readonly LeftOut[] {
  const held = Object.values(region.networkInterfaces).filter(
    ({ managedBy }) =>
      managedBy?.kind === 'service' &&
      managedBy.of !== undefined &&
      !MANAGED.includes(managedBy.of.table) &&
      !(managedBy.of.table === 'dbInstances' && isServed(region, managedBy.of.key)),
  );
  const byOwner = Map.groupBy(held, ({ managedBy }) => managedBy?.of?.key ?? '');
  return [...byOwner].map(([id, own]) => {
    const addresses = list(own.flatMap(({ privateIps }) => privateIps));
    return { id, message: `the lab does not run it: nothing answers at ${addresses}.` };
  });
}

const isServed = (region: Region, id: string): boolean => dbServerOf(region, id) !== undefined;

/** What databases that run do not have. */
function databases(region: Region): readonly LeftOut[] {
  return dbServers(region).flatMap(({ instances, machineId, port }) =>
    instances.flatMap(({ id, snapshotId, clusterId, ...own }, index): readonly LeftOut[] => {
      const cluster = region.dbClusters[clusterId ?? ''];
      const snapshot = snapshotId ?? (index === 0 ? cluster?.snapshotId : undefined);
      return [
        ...(snapshot === undefined
          ? []
          : [
              {
                id,
                message: `the lab has no snapshots: ${snapshot} is not restored, the database begins empty.`,
              },
            ]),
        ...(index === 0
          ? []
          : [
              {
                id,
                message: `its server is that of ${instances[0].id} (${machineId}): always in step, and it takes writes, too.`,
              },
            ]),
        ...(own.port === port
          ? []
          : [
              {
                id,
                message: `it answers at port ${port}, as ${instances[0].id} does, not at ${own.port}.`,
              },
            ]),
      ];
    }),
  );
}
