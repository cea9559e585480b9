/**
 * For tests: a region as the commands of AWS print it. Long, since it has a form for each of them,
 * and nothing but forms.
 */
import { publicAddresses } from '../region/elastic-ip.ts';
import { isList, isMap, type Json, type JsonMap } from '../region/json.ts';
import type { NetworkAcl } from '../region/network-acl.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region, Tags } from '../region/region.ts';
import type { Route, RouteTable } from '../region/route-table.ts';
import type { SecurityGroupRule } from '../region/security-group.ts';
import type { Document } from './document.ts';

/** One document for each command, as `{ Vpcs: […] }`. */
export function printed(region: Region): readonly JsonMap[] {
  const all = <T>(table: Readonly<Record<string, T>>, print: (thing: T) => JsonMap) =>
    Object.values(table).map(print);
  const state = { State: 'associated' };
  const { account: OwnerId } = region;
  return [
    {
      Vpcs: all(region.vpcs, (vpc) => ({
        ...{ CidrBlock: vpc.cidrs[0] ?? '', DhcpOptionsId: 'dopt-0a1b2c3d', State: 'available' },
        ...{ VpcId: vpc.id, OwnerId, InstanceTenancy: 'default', IsDefault: false },
        CidrBlockAssociationSet: [
          ...vpc.cidrs.map((CidrBlock) => ({
            ...{ AssociationId: `vpc-cidr-assoc-${CidrBlock}`, CidrBlock, CidrBlockState: state },
          })),
          // One that was given back: AWS tells of it for a while.
          { CidrBlock: '172.31.0.0/16', CidrBlockState: { State: 'disassociated' } },
        ],
        Ipv6CidrBlockAssociationSet: vpc.ipv6Cidrs.map((Ipv6CidrBlock) => ({
          ...{ AssociationId: `vpc-cidr-assoc-${Ipv6CidrBlock}`, Ipv6CidrBlock },
          ...{ Ipv6CidrBlockState: state, NetworkBorderGroup: region.name, Ipv6Pool: 'Amazon' },
        })),
        Tags: tags(vpc.tags),
      })),
    },
    ...Object.values(region.vpcs).map((vpc) => ({
      ...{ VpcId: vpc.id, EnableDnsSupport: { Value: vpc.dnsSupport } },
      EnableDnsHostnames: { Value: vpc.dnsHostnames },
    })),
    {
      Subnets: all(region.subnets, (subnet) => ({
        ...{ AvailabilityZone: subnet.zone, AvailableIpAddressCount: 11, CidrBlock: subnet.cidr },
        ...{ DefaultForAz: false, MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch },
        ...{ State: 'available', SubnetId: subnet.id, VpcId: subnet.vpcId, OwnerId },
        Ipv6CidrBlockAssociationSet:
          subnet.ipv6Cidr === undefined
            ? []
            : [{ Ipv6CidrBlock: subnet.ipv6Cidr, Ipv6CidrBlockState: state }],
        Tags: tags(subnet.tags),
      })),
    },
    { RouteTables: all(region.routeTables, (table) => routeTable(region, table)) },
    {
      InternetGateways: all(region.internetGateways, ({ id, vpcId, tags: own }) => ({
        Attachments: vpcId === undefined ? [] : [{ State: 'available', VpcId: vpcId }],
        ...{ InternetGatewayId: id, OwnerId, Tags: tags(own) },
      })),
    },
    {
      EgressOnlyInternetGateways: all(
        region.egressOnlyInternetGateways,
        ({ id, vpcId, tags: own }) => ({
          Attachments: [{ State: 'attached', VpcId: vpcId }],
          ...{ EgressOnlyInternetGatewayId: id, Tags: tags(own) },
        }),
      ),
    },
    { NetworkAcls: all(region.networkAcls, (acl) => networkAcl(region, acl)) },
    {
      SecurityGroups: all(region.securityGroups, (group) => ({
        ...{ Description: group.description, GroupName: group.name, OwnerId, GroupId: group.id },
        IpPermissions: permissions(region, group.ingress),
        IpPermissionsEgress: permissions(region, group.egress),
        ...{ VpcId: group.vpcId, Tags: tags(group.tags) },
      })),
    },
    { NetworkInterfaces: all(region.networkInterfaces, (each) => networkInterface(region, each)) },
    {
      Reservations: all(region.instances, (instance) => ({
        ...{ Groups: [], OwnerId, ReservationId: `r-${instance.id}` },
        Instances: [
          {
            ...{ InstanceId: instance.id, InstanceType: instance.instanceType },
            ...{ ImageId: instance.imageId, State: { Code: 16, Name: 'running' } },
            Placement: { AvailabilityZone: instance.zone, Tenancy: 'default' },
            ...{ PrivateDnsName: instance.privateDnsName, RootDeviceName: '/dev/xvda' },
            ...{ SubnetId: instance.subnetId, VpcId: instance.vpcId },
            BlockDeviceMappings: [
              { DeviceName: '/dev/sdf', Ebs: { Status: 'attached', VolumeId: 'vol-data' } },
              {
                DeviceName: '/dev/xvda',
                Ebs: { Status: 'attached', VolumeId: instance.rootVolumeId },
              },
            ],
            MetadataOptions: {
              ...{ State: 'applied', HttpTokens: instance.metadataOptions.httpTokens },
              HttpPutResponseHopLimit: instance.metadataOptions.hopLimit,
              HttpEndpoint: instance.metadataOptions.enabled ? 'enabled' : 'disabled',
            },
            NetworkInterfaces: instance.networkInterfaceIds.flatMap((id) => {
              const own = region.networkInterfaces[id];
              if (own?.attachment === undefined) return [];
              const { Attachment: _own, ...rest } = networkInterface(region, own);
              const { deviceIndex: DeviceIndex } = own.attachment;
              return [{ ...rest, Attachment: { DeviceIndex, Status: 'attached' } }];
            }),
            Tags: tags({ ...instance.tags, Name: instance.name }),
          },
        ],
      })),
    },
    {
      Addresses: all(region.elasticIps, ({ id, publicIp, association, tags: own }) => ({
        ...{ PublicIp: publicIp, AllocationId: id, Domain: 'vpc', Tags: tags(own) },
        ...(association === undefined
          ? {}
          : {
              ...{ AssociationId: association.id, PrivateIpAddress: association.privateIp },
              NetworkInterfaceId: association.networkInterfaceId,
            }),
      })),
    },
    {
      NatGateways: all(region.natGateways, (nat) => ({
        ...{ NatGatewayId: nat.id, SubnetId: nat.subnetId, VpcId: nat.vpcId, State: 'available' },
        ...{ ConnectivityType: nat.connectivity, Tags: tags(nat.tags) },
        NatGatewayAddresses: [{ NetworkInterfaceId: nat.networkInterfaceId }],
      })),
    },
    {
      VpcPeeringConnections: all(region.vpcPeeringConnections, (each) => ({
        VpcPeeringConnectionId: each.id,
        RequesterVpcInfo: { OwnerId, VpcId: each.requesterVpcId, Region: region.name },
        AccepterVpcInfo: { OwnerId, VpcId: each.accepterVpcId, Region: region.name },
        Status: each.active
          ? { Code: 'active', Message: 'Active' }
          : { Code: 'deleted', Message: 'Deleted' },
        Tags: tags(each.tags),
      })),
    },
    {
      VpcEndpoints: all(region.vpcEndpoints, (each) => ({
        ...{ VpcEndpointId: each.id, VpcId: each.vpcId, ServiceName: each.serviceName },
        VpcEndpointType: each.type === 'gateway' ? 'Gateway' : 'Interface',
        ...{ State: 'available', RouteTableIds: each.routeTableIds, Groups: [] },
        ...{ NetworkInterfaceIds: each.networkInterfaceIds, Tags: tags(each.tags) },
      })),
    },
    {
      PrefixLists: all(region.prefixLists, (each) => ({
        ...{ PrefixListId: each.id, PrefixListName: each.name, State: 'create-complete' },
        ...{ AddressFamily: each.family === 'ipv4' ? 'IPv4' : 'IPv6', Tags: tags(each.tags) },
      })),
    },
    {
      PrefixLists: all(region.prefixLists, (each) => ({
        ...{ PrefixListId: each.id, PrefixListName: each.name },
        ...(each.entries === undefined ? {} : { Cidrs: each.entries }),
      })),
    },
  ];
}

const tags = (own: Tags): Json => Object.entries(own).map(([Key, Value]) => ({ Key, Value }));

function routeTable(region: Region, table: RouteTable): JsonMap {
  const id = { RouteTableId: table.id, AssociationState: { State: 'associated' } };
  const subnets = Object.values(region.subnets).filter(
    ({ routeTableId }) => routeTableId === table.id && !table.main,
  );
  return {
    Associations: [
      ...(table.main
        ? [{ ...id, Main: true, RouteTableAssociationId: `rtbassoc-${table.id}` }]
        : []),
      ...subnets.map(({ id: SubnetId }) => ({ ...id, Main: false, SubnetId })),
    ],
    ...{ PropagatingVgws: [], RouteTableId: table.id, VpcId: table.vpcId },
    Routes: table.routes.map((each) => route(region, table, each)),
    Tags: tags(table.tags),
  };
}

function route(region: Region, { vpcId }: RouteTable, { destination, target }: Route): JsonMap {
  const to = destination.startsWith('pl-')
    ? { DestinationPrefixListId: destination }
    : destination.includes(':')
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination };
  const active = { ...to, Origin: 'CreateRoute', State: 'active' };
  const live = (isLive: boolean) => ({ ...active, State: isLive ? 'active' : 'blackhole' });
  switch (target.kind) {
    case 'local':
      return { ...to, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
    case 'internet-gateway': {
      const isLive = region.internetGateways[target.id]?.vpcId === vpcId;
      return { ...live(isLive), GatewayId: target.id };
    }
    case 'network-interface': {
      const found = region.networkInterfaces[target.id];
      const isLive = found?.attachment !== undefined && found.vpcId === vpcId;
      return { ...live(isLive), NetworkInterfaceId: target.id };
    }
    case 'nat-gateway':
      return { ...live(target.id in region.natGateways), NatGatewayId: target.id };
    case 'vpc-peering-connection': {
      const isLive = region.vpcPeeringConnections[target.id]?.active === true;
      return { ...live(isLive), VpcPeeringConnectionId: target.id };
    }
    case 'vpc-endpoint':
      return { ...active, GatewayId: target.id };
    case 'egress-only-internet-gateway':
      return { ...active, EgressOnlyInternetGatewayId: target.id };
    case 'not-modelled':
      return { ...active, TransitGatewayId: target.id };
  }
}

function networkAcl(region: Region, acl: NetworkAcl): JsonMap {
  const subnets = Object.values(region.subnets).filter(
    ({ networkAclId }) => networkAclId === acl.id,
  );
  const last = (Egress: boolean, RuleNumber: number, block: JsonMap) => ({
    ...{ Egress, RuleNumber, ...block, Protocol: '-1', RuleAction: 'deny' },
  });
  return {
    Associations: subnets.map(({ id: SubnetId }) => ({
      ...{ NetworkAclAssociationId: `aclassoc-${SubnetId}`, NetworkAclId: acl.id, SubnetId },
    })),
    Entries: [
      ...acl.entries.map((entry) => ({
        ...(entry.cidr.includes(':') ? { Ipv6CidrBlock: entry.cidr } : { CidrBlock: entry.cidr }),
        ...{ Egress: entry.egress, Protocol: String(entry.protocol), RuleAction: entry.action },
        ...{ RuleNumber: entry.number },
        ...([6, 17].includes(entry.protocol)
          ? { PortRange: { From: entry.fromPort ?? 0, To: entry.toPort ?? 65535 } }
          : {}),
        ...(entry.protocol === 1 || entry.protocol === 58
          ? { IcmpTypeCode: { Type: entry.fromPort ?? -1, Code: entry.toPort ?? -1 } }
          : {}),
      })),
      ...[true, false].flatMap((egress) => [
        last(egress, 32767, { CidrBlock: '0.0.0.0/0' }),
        last(egress, 32768, { Ipv6CidrBlock: '::/0' }),
      ]),
    ],
    ...{ IsDefault: acl.isDefault, NetworkAclId: acl.id, VpcId: acl.vpcId, Tags: tags(acl.tags) },
  };
}

/** AWS gathers the other ends of equal ports in one permission. */
function permissions(region: Region, rules: readonly SecurityGroupRule[]): readonly JsonMap[] {
  const byPorts = Map.groupBy(rules, ({ protocol, fromPort, toPort }) =>
    JSON.stringify([protocol, fromPort, toPort]),
  );
  return [...byPorts.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { protocol, fromPort, toPort } = first;
    const words: Readonly<Record<number, string>> = {
      1: 'icmp',
      6: 'tcp',
      17: 'udp',
      58: 'icmpv6',
    };
    const isIcmp = protocol === 1 || protocol === 58;
    const peers = <K extends SecurityGroupRule['peer']['kind']>(kind: K) =>
      own.flatMap(({ peer, description }) => {
        const more = description === undefined ? {} : { Description: description };
        return peer.kind === kind ? [[peer, more] as const] : [];
      });
    return [
      {
        IpProtocol: words[protocol] ?? String(protocol),
        ...(isIcmp ? { FromPort: fromPort ?? -1, ToPort: toPort ?? -1 } : {}),
        ...([6, 17].includes(protocol) ? { FromPort: fromPort ?? 0, ToPort: toPort ?? 65535 } : {}),
        IpRanges: peers('cidr').map(([peer, more]) => ({
          CidrIp: 'cidr' in peer ? peer.cidr : '',
          ...more,
        })),
        Ipv6Ranges: peers('cidr6').map(([peer, more]) => ({
          CidrIpv6: 'cidr' in peer ? peer.cidr : '',
          ...more,
        })),
        PrefixListIds: peers('prefix-list').map(([peer, more]) => ({
          PrefixListId: 'prefixListId' in peer ? peer.prefixListId : '',
          ...more,
        })),
        UserIdGroupPairs: peers('group').map(([peer, more]) => ({
          GroupId: 'groupId' in peer ? peer.groupId : '',
          ...{ UserId: region.account, ...more },
        })),
      },
    ];
  });
}

function networkInterface(region: Region, own: NetworkInterface): JsonMap {
  const { attachment, managedBy } = own;
  const isElastic = (publicIp: string): string | undefined =>
    Object.values(region.elasticIps).find((each) => each.publicIp === publicIp)?.id;
  const associations = new Map(
    publicAddresses(region)
      .filter(({ networkInterfaceId }) => networkInterfaceId === own.id)
      .map(({ privateIp, publicIp: PublicIp }) => {
        const AllocationId = isElastic(PublicIp);
        const elastic = AllocationId === undefined ? {} : { AllocationId };
        return [privateIp, { Association: { IpOwnerId: 'amazon', PublicIp, ...elastic } }] as const;
      }),
  );
  const types = {
    'nat-gateway': 'nat_gateway',
    'vpc-endpoint': 'vpc_endpoint',
    service: 'interface',
  };
  return {
    ...associations.get(own.privateIps[0] ?? ''),
    ...(attachment === undefined
      ? {}
      : {
          Attachment: {
            ...{ AttachmentId: `eni-attach-${own.id}`, DeviceIndex: attachment.deviceIndex },
            ...{ InstanceId: attachment.instanceId, Status: 'attached' },
          },
        }),
    ...(managedBy === undefined
      ? {}
      : { Attachment: { InstanceOwnerId: 'amazon-aws', DeviceIndex: 1, Status: 'attached' } }),
    ...{ Description: own.description, MacAddress: own.macAddress, NetworkInterfaceId: own.id },
    Groups: own.securityGroupIds.map((GroupId) => ({ GroupName: GroupId, GroupId })),
    InterfaceType: managedBy === undefined ? 'interface' : types[managedBy.kind],
    Ipv6Addresses: own.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address })),
    PrivateIpAddress: own.privateIps[0] ?? '',
    PrivateIpAddresses: own.privateIps.map((PrivateIpAddress, index) => ({
      ...{ Primary: index === 0, PrivateIpAddress, ...associations.get(PrivateIpAddress) },
    })),
    ...{ RequesterManaged: managedBy !== undefined, SourceDestCheck: own.sourceDestCheck },
    Status: attachment === undefined && managedBy === undefined ? 'available' : 'in-use',
    ...{ SubnetId: own.subnetId, VpcId: own.vpcId, TagSet: tags(own.tags) },
  };
}

/** Split in pages, every list in another order, under names that say nothing. */
export function scattered(all: readonly JsonMap[], seed: number): readonly Document[] {
  const random = generator(seed);
  const documents = all.flatMap((value): readonly JsonMap[] => {
    const [key = '', items] = Object.entries(value)[0] ?? [];
    if (!isList(items) || items.length < 2) return [value];
    const mixed = shuffled(items, random);
    const cut = 1 + Math.floor(random() * (mixed.length - 1));
    return [
      { [key]: mixed.slice(0, cut), NextToken: 'eyJOZXh0VG9rZW4iOiBudWxs' },
      { [key]: mixed.slice(cut) },
    ];
  });
  return shuffled(documents, random).map((value, index) => ({
    file: `${index}.json`,
    value: deeply(value, random),
  }));
}

function deeply(value: JsonMap, random: () => number): JsonMap {
  const mix = (each: Json): Json => {
    if (isList(each)) return shuffled(each.map(mix), random);
    return isMap(each) ? deeply(each, random) : each;
  };
  return Object.fromEntries(shuffled(Object.entries(value), random).map(([k, v]) => [k, mix(v)]));
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const keyed = items.map((item) => [random(), item] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, item]) => item);
}

/** From 0 to 1, the same for one seed (Lehmer's). */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
