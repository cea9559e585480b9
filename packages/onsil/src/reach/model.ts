/** A region, compiled once for many questions about one family of addresses. */
import { withoutUnusedDefaultVpc } from '../region/default-vpc.ts';
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import {
  type AddressSpace,
  addressSpaceOf,
  type Family,
  GLOBAL_UNICAST_6,
} from './address-space.ts';
import { EVERYWHERE, NOT_UNICAST, RFC1918, RFC6598, single, withoutRanges } from './addresses.ts';
import { type AclTable, compileAcl } from './network-acl.ts';
import type { NotModelled } from './not-modelled.ts';
import type { PacketSet, Range } from './packet-set/packet-set.ts';
import { repliedBy } from './packet-set/rewrite.ts';
import { type Owner, ownersOf, type Port, portsOf, vpcRangesOf } from './port.ts';
import { type CompiledRoute, compileRoutes } from './route-table.ts';

export type { Port } from './port.ts';

/** One pair of an Internet gateway's 1:1 translation. */
export interface Association {
  readonly publicIp: number;
  readonly privateIp: number;
  readonly port: Port;
}

export interface Model {
  readonly region: Region;
  readonly space: AddressSpace;
  readonly notModelled: readonly NotModelled[];
  /** By the id of the interface. */
  readonly ports: ReadonlyMap<string, Port>;
  /** Of each VPC, the owners of addresses, sorted by address. */
  readonly owners: ReadonlyMap<string, readonly Owner[]>;
  /** Of each VPC, its blocks. */
  readonly vpcRanges: ReadonlyMap<string, readonly Range[]>;
  /** Sorted by public address. IPv6 has none. */
  readonly associations: readonly Association[];
  /** Of one VPC, by private address. */
  translation(vpcId: string, privateIp: number): Association | undefined;
  /** Elastic IPs that no interface has. */
  readonly idlePublicIps: readonly number[];
  /** Ids of VPCs with an Internet gateway. */
  readonly withGateway: ReadonlySet<string>;
  /** Every outside address: public, and not one of the region's own. */
  readonly outside: readonly Range[];
  /** What no two networks can send each other. */
  readonly notUnicast: readonly Range[];
  /** Whether packets of one VPC are carried to another one's private addresses. */
  peered(vpcId: string, otherId: string): boolean;
  /** What a prefix list holds; nothing (undefined) where the region does not have the list. */
  listRanges(prefixListId: string): readonly Range[] | undefined;
  routes(routeTableId: string): readonly CompiledRoute[];
  acl(networkAclId: string): AclTable;
  /** `repliedBy`, remembered: filters are asked about replies again and again. */
  repliedBy(set: PacketSet): PacketSet;
}

export interface CompileOptions {
  /** IPv6 addresses and blocks that questions will be about, beside the region's own. */
  readonly named?: readonly string[];
  /**
   * Of a region of which this one is a copy with fewer settings, or that differs in what both
   * spaces name: the numbers of both models then mean the same addresses.
   */
  readonly space?: AddressSpace;
  readonly notModelled?: readonly NotModelled[];
}

export function compile(
  given: Region,
  family: Family = 'ipv4',
  { named = [], space: known, notModelled = [] }: CompileOptions = {},
): Model {
  const region = withoutUnusedDefaultVpc(given);
  const space = known ?? addressSpaceOf(region, family, named);
  const nats = family === 'ipv4' ? natInstances(region) : new Set<string>();
  const ports = portsOf(region, space, nats);
  const vpcs = Object.values(region.vpcs);
  const vpcRanges = new Map(vpcs.map((vpc) => [vpc.id, vpcRangesOf(vpc, space)]));
  const { associations, idlePublicIps } = publicOf(region, space, ports);
  const translations = new Map(
    associations.map((each) => [`${each.port.vpc.id} ${each.privateIp}`, each]),
  );
  const taken = [...idlePublicIps, ...associations.map(({ publicIp }) => publicIp)];
  const standIns = [...space.standIns.values()].map(({ range }) => range);
  const notUnicast =
    family === 'ipv4'
      ? withoutRanges(NOT_UNICAST, standIns)
      : withoutRanges([EVERYWHERE], space.rangesOf(GLOBAL_UNICAST_6));
  const elsewhere =
    family === 'ipv4'
      ? [...RFC1918, ...RFC6598, ...taken.map(single)]
      : [...vpcRanges.values()].flat();
  const gateways = Object.values(region.internetGateways);
  const listRanges = (id: string): readonly Range[] | undefined => {
    const list = region.prefixLists[id];
    if (list === undefined) return undefined;
    const standIn = space.standIns.get(id);
    return standIn === undefined ? (list.entries ?? []).flatMap(space.rangesOf) : [standIn.range];
  };
  return {
    region,
    space,
    notModelled,
    ports,
    owners: ownersOf([...ports.values()]),
    vpcRanges,
    associations,
    translation: (vpcId, privateIp) => translations.get(`${vpcId} ${privateIp}`),
    idlePublicIps,
    withGateway: new Set(gateways.flatMap(({ vpcId }) => vpcId ?? [])),
    outside: withoutRanges([EVERYWHERE], [...elsewhere, ...notUnicast]),
    notUnicast,
    peered: (one, other) =>
      Object.values(region.vpcPeeringConnections).some(
        ({ active, requesterVpcId, accepterVpcId }) =>
          active &&
          ((requesterVpcId === one && accepterVpcId === other) ||
            (requesterVpcId === other && accepterVpcId === one)),
      ),
    listRanges,
    routes: remember((id: string) => compileRoutes({ region, space, listRanges, notModelled }, id)),
    acl: remember((id: string) => compileAcl(region.networkAcls[id], space)),
    repliedBy: remember(repliedBy),
  };
}

function publicOf(
  region: Region,
  space: AddressSpace,
  ports: ReadonlyMap<string, Port>,
): Pick<Model, 'associations' | 'idlePublicIps'> {
  if (space.family === 'ipv6') return { associations: [], idlePublicIps: [] };
  const associations = publicAddresses(region)
    .flatMap(({ publicIp, privateIp, networkInterfaceId }): Association[] => {
      const port = ports.get(networkInterfaceId);
      if (port === undefined) return [];
      const [outer, inner] = [publicIp, privateIp].map(space.addressOf);
      if (outer === undefined || inner === undefined) return [];
      return [{ publicIp: outer, privateIp: inner, port }];
    })
    .toSorted((a, b) => a.publicIp - b.publicIp);
  const idlePublicIps = Object.values(region.elasticIps).flatMap(({ publicIp, association }) =>
    association === undefined ? [space.addressOf(publicIp)] : [],
  );
  return { associations, idlePublicIps };
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
