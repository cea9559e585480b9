/** A region, compiled once for many questions. */
import { publicAddresses } from '../region/elastic-ip.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region } from '../region/region.ts';
import type { Subnet } from '../region/subnet.ts';
import type { Vpc } from '../region/vpc.ts';
import {
  addressOf,
  EVERYWHERE,
  NOT_UNICAST,
  RFC1918,
  RFC6598,
  rangeOf,
  single,
  withoutRanges,
} from './addresses.ts';
import { type AclTable, compileAcl } from './network-acl.ts';
import type { NotModelled } from './not-modelled.ts';
import type { PacketSet, Range } from './packet-set/packet-set.ts';
import { repliedBy } from './packet-set/rewrite.ts';
import { type CompiledRoute, compileRoutes } from './route-table.ts';

/** An interface with what every packet through it asks for. */
export interface Port {
  readonly networkInterface: NetworkInterface;
  readonly id: string;
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly subnetRange: Range;
  readonly vpcRanges: readonly Range[];
  /** Private addresses, the primary one first. */
  readonly own: readonly Range[];
  readonly primary: number;
  /** Whether an instance is behind it, or a service of AWS that is like one. */
  readonly attached: boolean;
  readonly nat: boolean;
}

/** One pair of an Internet gateway's 1:1 translation. */
export interface Association {
  readonly publicIp: number;
  readonly privateIp: number;
  readonly port: Port;
}

export interface Model {
  readonly region: Region;
  readonly notModelled: readonly NotModelled[];
  /** By the id of the interface. */
  readonly ports: ReadonlyMap<string, Port>;
  /** Of each VPC, the owners of private addresses, sorted by address. */
  readonly owners: ReadonlyMap<string, readonly Owner[]>;
  /** Sorted by public address. */
  readonly associations: readonly Association[];
  /** Of one VPC, by private address. */
  translation(vpcId: string, privateIp: number): Association | undefined;
  /** Elastic IPs that no interface has. */
  readonly idlePublicIps: readonly number[];
  /** Ids of VPCs with an Internet gateway. */
  readonly withGateway: ReadonlySet<string>;
  /** Every outside address: public, and not one of the region's own. */
  readonly outside: readonly Range[];
  routes(routeTableId: string): readonly CompiledRoute[];
  acl(networkAclId: string): AclTable;
  /** `repliedBy`, remembered: filters are asked about replies again and again. */
  repliedBy(set: PacketSet): PacketSet;
}

export interface Owner {
  readonly address: number;
  readonly port: Port;
}

export function compile(region: Region, notModelled: readonly NotModelled[] = []): Model {
  const nats = natInstances(region);
  const ports = new Map(
    Object.values(region.networkInterfaces).flatMap((each) => {
      const port = portOf(region, each, nats);
      return port === undefined ? [] : [[each.id, port] as const];
    }),
  );
  const associations = publicAddresses(region)
    .flatMap((pair): Association[] => {
      const port = ports.get(pair.networkInterfaceId);
      if (port === undefined) return [];
      const { publicIp, privateIp } = pair;
      return [{ publicIp: addressOf(publicIp), privateIp: addressOf(privateIp), port }];
    })
    .toSorted((a, b) => a.publicIp - b.publicIp);
  const translations = new Map(
    associations.map((each) => [`${each.port.vpc.id} ${each.privateIp}`, each]),
  );
  const idlePublicIps = Object.values(region.elasticIps).flatMap(({ publicIp, association }) =>
    association === undefined ? [addressOf(publicIp)] : [],
  );
  const taken = [...idlePublicIps, ...associations.map(({ publicIp }) => publicIp)];
  const gateways = Object.values(region.internetGateways);
  return {
    region,
    notModelled,
    ports,
    owners: ownersOf([...ports.values()]),
    associations,
    translation: (vpcId, privateIp) => translations.get(`${vpcId} ${privateIp}`),
    idlePublicIps,
    withGateway: new Set(gateways.flatMap(({ vpcId }) => vpcId ?? [])),
    outside: withoutRanges(
      [EVERYWHERE],
      [...RFC1918, ...RFC6598, ...NOT_UNICAST, ...taken.map(single)],
    ),
    routes: remember((id: string) => compileRoutes(region, notModelled, id)),
    acl: remember((id: string) => compileAcl(region.networkAcls[id])),
    repliedBy: remember(repliedBy),
  };
}

function portOf(
  region: Region,
  networkInterface: NetworkInterface,
  nats: ReadonlySet<string>,
): Port | undefined {
  const { id, attachment, managedBy, privateIps } = networkInterface;
  const subnet = region.subnets[networkInterface.subnetId];
  const vpc = region.vpcs[networkInterface.vpcId];
  const own = privateIps.map((ip) => single(addressOf(ip)));
  const [primary] = own;
  if (subnet === undefined || vpc === undefined || primary === undefined) return undefined;
  return {
    networkInterface,
    id,
    vpc,
    subnet,
    subnetRange: rangeOf(subnet.cidr),
    vpcRanges: vpc.cidrs.map(rangeOf),
    own,
    primary: primary.first,
    attached: attachment !== undefined || managedBy?.kind === 'service',
    nat: nats.has(id),
  };
}

/**
 * Which interfaces belong to NAT instances. A template does not say what runs in a guest, so this
 * is an assumption, and this is the only place where it is made: an interface without
 * source/destination check, with a public address, that a default route points to. It is taken to
 * masquerade what goes out of the VPC to its own primary private address (keeping the source
 * port, as Linux does while it is free), and to forward anything else unchanged, as does every
 * other middlebox.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
 */
export function natInstances(region: Region): ReadonlySet<string> {
  const visible = new Set(publicAddresses(region).map((pair) => pair.networkInterfaceId));
  const targets = Object.values(region.routeTables).flatMap(({ routes }) =>
    routes.flatMap(({ destination, target }) =>
      destination === '0.0.0.0/0' && target.kind === 'network-interface' ? [target.id] : [],
    ),
  );
  return new Set(
    targets.filter(
      (id) => visible.has(id) && region.networkInterfaces[id]?.sourceDestCheck === false,
    ),
  );
}

function ownersOf(ports: readonly Port[]): ReadonlyMap<string, readonly Owner[]> {
  const byVpc = Map.groupBy(ports, ({ vpc }) => vpc.id);
  return new Map(
    [...byVpc].map(([vpcId, members]) => [
      vpcId,
      members
        .flatMap((port) => port.own.map(({ first: address }) => ({ address, port })))
        .toSorted((a, b) => a.address - b.address),
    ]),
  );
}

/** Each answer is worked out once for each key. */
function remember<K, V>(answer: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const made = answer(key);
    known.set(key, made);
    return made;
  };
}
