import * as z from 'zod/mini';
import { formatAddress, parseBlock, sizeOf } from '../region/ipv4.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Instances } from './instance.ts';
import { namesOf, serviceName } from './names.ts';
import type { Report } from './report.ts';
import { address, address6, cidr, id, name, optionalList, type Read, read, tags } from './shape.ts';
import type { Entry, Sources } from './sources.ts';

const association = z.object({
  PublicIp: z.optional(address),
  AllocationId: z.optional(id),
  AssociationId: z.optional(id),
});
const group = z.object({ GroupId: id });
const schema = z.object({
  NetworkInterfaceId: id,
  SubnetId: z.optional(id),
  VpcId: z.optional(id),
  AvailabilityZone: z.optional(name),
  Description: z._default(name, ''),
  InterfaceType: z._default(name, 'interface'),
  Status: z.optional(z.string()),
  MacAddress: z._default(name, ''),
  SourceDestCheck: z._default(z.boolean(), true),
  PrivateIpAddress: z.optional(address),
  PrivateIpAddresses: optionalList(
    z.object({
      PrivateIpAddress: address,
      Primary: z.optional(z.boolean()),
      Association: z.optional(association),
    }),
  ),
  Ipv4Prefixes: optionalList(z.object({ Ipv4Prefix: cidr })),
  Ipv6Addresses: optionalList(z.object({ Ipv6Address: address6 })),
  Ipv6Prefixes: optionalList(z.object({ Ipv6Prefix: name })),
  Attachment: z.optional(
    z.object({
      InstanceId: z.optional(id),
      DeviceIndex: z._default(z.number(), 0),
      Status: z.optional(z.string()),
    }),
  ),
  Groups: z.optional(z.array(group)),
  /** As older tools call it. */
  GroupSet: z.optional(z.array(group)),
  TagSet: tags,
  Tags: tags,
});

type Shape = z.output<typeof schema>;

/** A public address of a private one, as the interface tells it. */
export interface Association {
  readonly at: Entry;
  readonly publicIp: string;
  readonly allocationId: string | undefined;
  readonly associationId: string | undefined;
  readonly networkInterfaceId: string;
  readonly privateIp: string;
  readonly primary: boolean;
}

export interface NetworkInterfaces {
  readonly all: readonly Read<NetworkInterface>[];
  readonly associations: readonly Association[];
  /** By device index; of a stopped instance too. */
  readonly ofInstance: (instanceId: string) => readonly string[];
}

export type Owners = ReadonlyMap<string, NonNullable<NetworkInterface['managedBy']>>;

interface Names {
  readonly services: ReadonlyMap<string, string>;
  readonly owners: Owners;
}

/**
 * To an instance that does not run, no interface is attached here.
 * @param owners of the interfaces of gateways and endpoints
 */
export function networkInterfaces(
  report: Report,
  sources: Sources,
  machines: Instances,
  owners: Owners,
): NetworkInterfaces {
  const told = read(report, schema, sources.of('NetworkInterfaces'));
  const known = new Set(told.map(({ value }) => value.NetworkInterfaceId));
  const others = read(report, schema, machines.interfaces).filter(
    ({ value }) => !known.has(value.NetworkInterfaceId),
  );
  const all = [...told, ...others].filter((each) => isModelled(report, each));
  const held = heldOf(all);
  const services = serviceNames(all, machines);
  return {
    all: all.map(({ at, value }) => ({
      at,
      value: interfaceOf(value, { services, owners }, machines.isRunning),
    })),
    associations: all.flatMap(associationsOf),
    ofInstance: (instanceId) => held.get(instanceId) ?? [],
  };
}

function serviceNames(all: readonly Read<Shape>[], machines: Instances): Names['services'] {
  const named = all.filter(({ value }) => isOfService(value));
  return namesOf(
    named.map(({ value }) => ({
      id: value.NetworkInterfaceId,
      ...{ name: serviceNameOf(value), zone: value.AvailabilityZone },
    })),
    new Set(machines.all.map((instance) => instance.name)),
  );
}

function heldOf(all: readonly Read<Shape>[]): ReadonlyMap<string, readonly string[]> {
  const held = Map.groupBy(all, ({ value }) => value.Attachment?.InstanceId ?? '');
  const indexOf = ({ value }: Read<Shape>): number => value.Attachment?.DeviceIndex ?? 0;
  return new Map(
    [...held].map(([instanceId, own]) => [
      instanceId,
      own.toSorted((a, b) => indexOf(a) - indexOf(b)).map(({ value }) => value.NetworkInterfaceId),
    ]),
  );
}

function isModelled(report: Report, { at, value }: Read<Shape>): boolean {
  const { NetworkInterfaceId: own, SubnetId, VpcId, PrivateIpAddress, PrivateIpAddresses } = value;
  if (value.Ipv6Prefixes.length > 0) {
    report.warn(at, '.Ipv6Prefixes', 'IPv6 prefixes of an interface are not modelled.');
  }
  const hasAddress = PrivateIpAddress !== undefined || PrivateIpAddresses.length > 0;
  if (SubnetId !== undefined && VpcId !== undefined && hasAddress) return true;
  report.warn(at, '', `${own} is not modelled: it has no subnet or no private IPv4 address.`);
  return false;
}

function interfaceOf(
  value: Shape,
  names: Names,
  isRunning: (instanceId: string) => boolean,
): NetworkInterface {
  const { NetworkInterfaceId: own, Attachment, SubnetId = '', VpcId = '' } = value;
  const instanceId = Attachment?.InstanceId;
  const automatic = associationsAt(value).find(
    ({ primary, given }) => primary && given.AllocationId === undefined,
  )?.given.PublicIp;
  const attached =
    instanceId !== undefined && Attachment?.Status !== 'detached' && isRunning(instanceId);
  const managedBy = managedByOf(value, names);
  return {
    ...{ id: own, subnetId: SubnetId, vpcId: VpcId, privateIps: privateIpsOf(value) },
    ipv6Addresses: value.Ipv6Addresses.map((each) => each.Ipv6Address).toSorted(),
    securityGroupIds: (value.Groups ?? value.GroupSet ?? []).map((each) => each.GroupId).toSorted(),
    ...{ sourceDestCheck: value.SourceDestCheck, macAddress: value.MacAddress },
    ...(automatic === undefined ? {} : { publicIp: automatic }),
    ...(attached ? { attachment: { instanceId, deviceIndex: Attachment?.DeviceIndex ?? 0 } } : {}),
    ...(managedBy === undefined ? {} : { managedBy }),
    description: value.Description,
    tags: { ...value.Tags, ...value.TagSet },
  };
}

/** In use, but by no instance: a load balancer, a database, a function … answers there. */
function isOfService({ Attachment, Status }: Shape): boolean {
  return Attachment?.InstanceId === undefined && (Status === 'in-use' || Attachment !== undefined);
}

function serviceNameOf({ TagSet, Tags, Description, InterfaceType }: Shape): string {
  const given = TagSet['Name'] ?? Tags['Name'] ?? serviceName(Description);
  return given === '' && InterfaceType !== 'interface' ? InterfaceType : given;
}

/** Where its owner's own file is missing, the kind still tells what it is not: an instance's. */
function managedByOf(
  { NetworkInterfaceId: own, InterfaceType }: Shape,
  { services, owners }: Names,
): NetworkInterface['managedBy'] {
  const service = services.get(own);
  if (service === undefined) return undefined;
  return owners.get(own) ?? { kind: KIND_OF_TYPE.get(InterfaceType) ?? 'service', id: service };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
const KIND_OF_TYPE = new Map<string, 'nat-gateway' | 'vpc-endpoint'>([
  ['nat_gateway', 'nat-gateway'],
  ['natGateway', 'nat-gateway'],
  ['vpc_endpoint', 'vpc-endpoint'],
]);

/** The primary one first, then in order; all of a delegated prefix belong to the interface. */
function privateIpsOf(value: Shape): readonly string[] {
  const { PrivateIpAddress, PrivateIpAddresses, Ipv4Prefixes } = value;
  const primary =
    PrivateIpAddress ?? PrivateIpAddresses.find(({ Primary }) => Primary)?.PrivateIpAddress;
  const delegated = Ipv4Prefixes.flatMap(({ Ipv4Prefix }) => {
    const block = parseBlock(Ipv4Prefix);
    if (block === undefined) return [];
    const { first } = block;
    return Array.from({ length: Math.min(sizeOf(block), 16) }, (_, index) =>
      formatAddress(first + index),
    );
  });
  const all = [...PrivateIpAddresses.map((each) => each.PrivateIpAddress).toSorted(), ...delegated];
  return [...new Set(primary === undefined ? all : [primary, ...all])];
}

function associationsAt(value: Shape) {
  const primary = privateIpsOf(value)[0];
  return value.PrivateIpAddresses.flatMap(({ PrivateIpAddress, Association: given }) =>
    given === undefined
      ? []
      : [{ privateIp: PrivateIpAddress, primary: PrivateIpAddress === primary, given }],
  );
}

function associationsOf({ at, value }: Read<Shape>): readonly Association[] {
  return associationsAt(value).flatMap(({ given, ...more }) => {
    if (given.PublicIp === undefined) return [];
    return [
      {
        ...{ at, ...more, publicIp: given.PublicIp, allocationId: given.AllocationId },
        ...{ associationId: given.AssociationId, networkInterfaceId: value.NetworkInterfaceId },
      },
    ];
  });
}
