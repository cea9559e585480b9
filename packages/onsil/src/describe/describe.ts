/**
 * From what `aws ec2 describe-*` printed to the region that a template would give. What a file
 * names and none has is named in the problems, and verdicts that depend on it are not "reachable".
 */
import type { NotModelled } from '../reach/not-modelled.ts';
import type { Instance } from '../region/instance.ts';
import type { NatGateway } from '../region/nat-gateway.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import { list, type Problem, type ProblemsError, problem } from '../region/problem.ts';
import { emptyRegion, type Region, type Table } from '../region/region.ts';
import type { RouteTarget } from '../region/route-table.ts';
import type { VpcEndpoint } from '../region/vpc-endpoint.ts';
import type { Document } from './document.ts';
import { egressOnlyInternetGateways } from './egress-only-internet-gateway.ts';
import { elasticIps } from './elastic-ip.ts';
import { instances } from './instance.ts';
import { internetGateways } from './internet-gateway.ts';
import { BASIC, commandOf } from './kinds.ts';
import {
  isPlaced,
  loadBalancers,
  missingGroups,
  missingInstances,
  openGateways,
  withoutGroups,
} from './missing.ts';
import { natGateways } from './nat-gateway.ts';
import { networkAcls } from './network-acl.ts';
import { networkInterfaces, type Owners } from './network-interface.ts';
import { prefixLists } from './prefix-list.ts';
import { Report } from './report.ts';
import { routeTables } from './route-table.ts';
import { securityGroups } from './security-group.ts';
import type { Read } from './shape.ts';
import { sourcesOf } from './sources.ts';
import { subnets } from './subnet.ts';
import { vpcs } from './vpc.ts';
import { vpcEndpoints } from './vpc-endpoint.ts';
import { vpcPeeringConnections } from './vpc-peering-connection.ts';

export interface Description {
  readonly region: Region;
  /** Warnings only. */
  readonly problems: readonly Problem[];
  readonly notModelled: readonly NotModelled[];
}

/**
 * @param documents of one region of one account, in any order
 * @param place of the folder, where it tells; else as the files themselves tell
 * Throws ProblemsError with everything that is wrong with the files, each with its place.
 */
export function describedRegion(
  documents: readonly Document[],
  place: { readonly name?: string | undefined; readonly account?: string | undefined } = {},
): Description {
  const sources = sourcesOf(documents);
  if (!sources.present.has('Vpcs')) throw noVpcs(documents);
  const report = new Report(sources.present);
  for (const kind of BASIC) if (!sources.present.has(kind)) report.noFile(kind);
  for (const { key, count, file } of sources.notModelled) {
    const message = `${count} of this kind are there, and are not modelled.`;
    report.warn({ file, path: key, value: null }, '', message);
  }

  const acls = networkAcls(report, sources);
  const gateways = internetGateways(report, sources);
  const egressOnly = egressOnlyInternetGateways(report, sources);
  const nats = natGateways(report, sources);
  const peerings = vpcPeeringConnections(report, sources);
  const endpoints = vpcEndpoints(report, sources);
  const machines = instances(report, sources);
  const cards = networkInterfaces(report, sources, machines, ownersOf(nats.table, endpoints));
  const interfaceIds = new Set(cards.all.map(({ value }) => value.id));
  // A gateway without its interface sends from nobody knows where.
  const usable = Object.values(nats.table).filter((each) =>
    interfaceIds.has(each.networkInterfaceId),
  );
  const targets: Readonly<Partial<Record<RouteTarget['kind'], Table<unknown>>>> = {
    'internet-gateway': gateways,
    'egress-only-internet-gateway': egressOnly,
    'nat-gateway': Object.fromEntries(usable.map((each) => [each.id, each])),
    'vpc-peering-connection': peerings,
    'vpc-endpoint': endpoints,
  };
  const tables = routeTables(report, sources, {
    has: (kind, id) =>
      kind === 'network-interface' ? interfaceIds.has(id) : Object.hasOwn(targets[kind] ?? {}, id),
    primaryInterfaceOf: (id) => cards.ofInstance(id)[0],
    idle: nats.idle,
  });
  const groups = securityGroups(report, sources);
  const { table: networks, account } = vpcs(report, sources, tables, acls, groups);
  const places = subnets(report, sources, networks, tables, acls);
  const present = cards.all.filter((each) => isPlaced(report, each, networks, places));
  loadBalancers(report, present);
  withoutGroups(report, present);
  missingGroups(report, present, groups);
  missingInstances(report, present, machines);
  if (!sources.present.has('InternetGateways')) openGateways(report, Object.keys(networks));
  const base = emptyRegion(
    place.name ?? regionOf(Object.values(places).map(({ zone }) => zone)),
    place.account ?? account,
  );
  const placed = interfaceTable(present, machines.all);
  const region: Region = {
    ...base,
    vpcs: networks,
    subnets: places,
    routeTables: tables.table,
    internetGateways: gateways,
    egressOnlyInternetGateways: egressOnly,
    natGateways: nats.table,
    vpcPeeringConnections: peerings,
    vpcEndpoints: endpoints,
    networkAcls: acls.table,
    securityGroups: groups,
    networkInterfaces: placed,
    prefixLists: prefixLists(report, sources),
    elasticIps: elasticIps(report, sources, { all: present, associations: cards.associations }),
    instances: Object.fromEntries(
      machines.all.flatMap((each) => {
        const own = cards.ofInstance(each.id).filter((id) => Object.hasOwn(placed, id));
        // Without an interface there is nothing to ask about it; why is said above.
        const instance: Instance = { ...each, networkInterfaceIds: own };
        return own.length === 0 ? [] : [[each.id, instance] as const];
      }),
    ),
  };
  report.close();
  return { region, problems: report.problems, notModelled: report.notModelled };
}

function ownersOf(nats: Table<NatGateway>, endpoints: Table<VpcEndpoint>): Owners {
  const owners = new Map<string, NonNullable<NetworkInterface['managedBy']>>();
  for (const { id, networkInterfaceId } of Object.values(nats)) {
    owners.set(networkInterfaceId, { kind: 'nat-gateway', id });
  }
  for (const { id, networkInterfaceIds } of Object.values(endpoints)) {
    for (const each of networkInterfaceIds) owners.set(each, { kind: 'vpc-endpoint', id });
  }
  return owners;
}

/** In the order of the names by which people know them. */
function interfaceTable(
  all: readonly Read<NetworkInterface>[],
  instances: readonly { readonly id: string; readonly name: string }[],
): Table<NetworkInterface> {
  const names = new Map(instances.map(({ id, name }) => [id, name]));
  const keyOf = ({ id, attachment, managedBy }: NetworkInterface): string => {
    const instanceId = attachment?.instanceId ?? '';
    const holder = names.get(instanceId) ?? managedBy?.id ?? instanceId;
    const index = String(attachment?.deviceIndex ?? 0).padStart(3, '0');
    // What nobody holds comes last.
    return JSON.stringify([holder === '', holder, index, id]);
  };
  const keyed = all.map(({ value }) => [keyOf(value), value] as const);
  const sorted = keyed.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([, value]) => [value.id, value]));
}

/** Of local zones too: `us-west-2-lax-1a`. */
function regionOf(zones: readonly string[]): string {
  const [name = 'unknown'] = zones.flatMap(
    (zone) => /^[a-z]{2,}(?:-[a-z]+)+-\d+/.exec(zone)?.[0] ?? [],
  );
  return name;
}

function noVpcs(documents: readonly Document[]): ProblemsError {
  const files = list(documents.map(({ file }) => file));
  const hint = `Add: ${commandOf('Vpcs')}`;
  return problem('', `No file has the VPCs of the region; there is ${files}.`, hint);
}
