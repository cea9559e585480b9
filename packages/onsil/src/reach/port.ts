/** Network interfaces, with what every packet through them asks for. */
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region } from '../region/region.ts';
import type { Subnet } from '../region/subnet.ts';
import type { Vpc } from '../region/vpc.ts';
import type { AddressSpace } from './address-space.ts';
import type { Range } from './packet-set/packet-set.ts';

/** Addresses are those of the model's family. */
export interface Port {
  readonly networkInterface: NetworkInterface;
  readonly id: string;
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  /** Of the subnet; none where it has no block of the family. */
  readonly subnetRanges: readonly Range[];
  readonly vpcRanges: readonly Range[];
  /** Addresses inside the VPC, the primary one first. */
  readonly own: readonly Range[];
  /** What it masquerades to. */
  readonly primary: number | undefined;
  /** Whether an instance or a service of AWS is behind it. */
  readonly attached: boolean;
  /** The service of AWS behind it, in the place of an instance. */
  readonly service: NetworkInterface['managedBy'];
  readonly nat: boolean;
}

/** A NAT gateway and an endpoint begin no conversation, whatever else AWS puts behind an interface. */
export function isPassive({ service }: Port): boolean {
  return service?.kind === 'nat-gateway' || service?.kind === 'vpc-endpoint';
}

export interface Owner {
  readonly address: number;
  readonly port: Port;
}

/** By id; interfaces of no VPC or subnet of the region are left out. */
export function portsOf(
  region: Region,
  space: AddressSpace,
  nats: ReadonlySet<string>,
): ReadonlyMap<string, Port> {
  return new Map(
    Object.values(region.networkInterfaces).flatMap((each) => {
      const port = portOf(region, space, each, nats);
      return port === undefined ? [] : [[each.id, port] as const];
    }),
  );
}

function portOf(
  region: Region,
  space: AddressSpace,
  networkInterface: NetworkInterface,
  nats: ReadonlySet<string>,
): Port | undefined {
  const { id, attachment, managedBy, privateIps, ipv6Addresses } = networkInterface;
  const subnet = region.subnets[networkInterface.subnetId];
  const vpc = region.vpcs[networkInterface.vpcId];
  if (subnet === undefined || vpc === undefined) return undefined;
  const own = (space.family === 'ipv4' ? privateIps : ipv6Addresses).flatMap(space.rangesOf);
  return {
    networkInterface,
    id,
    vpc,
    subnet,
    subnetRanges: [subnet.cidr, subnet.ipv6Cidr ?? ''].flatMap((cidr) =>
      cidr === '' ? [] : space.rangesOf(cidr),
    ),
    vpcRanges: vpcRangesOf(vpc, space),
    own,
    primary: own[0]?.first,
    attached: attachment !== undefined || managedBy !== undefined,
    service: managedBy,
    nat: nats.has(id),
  };
}

export function vpcRangesOf(vpc: Vpc, space: AddressSpace): readonly Range[] {
  return (space.family === 'ipv4' ? vpc.cidrs : vpc.ipv6Cidrs).flatMap(space.rangesOf);
}

/** Of each VPC, sorted by address. */
export function ownersOf(ports: readonly Port[]): ReadonlyMap<string, readonly Owner[]> {
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
