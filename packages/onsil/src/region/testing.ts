/**
 * For tests: small regions, one call for each thing, defaults as on AWS. Long, since a chain of calls
 * needs one class with a method for each kind of thing.
 */
import { hostAt } from './ipv4.ts';
import type { NetworkAclEntry } from './network-acl.ts';
import { emptyRegion, put, type Region } from './region.ts';
import type { Route, RouteTarget } from './route-table.ts';
import type { SecurityGroupPeer, SecurityGroupRule } from './security-group.ts';

export const ALL_TRAFFIC = '-1';

/** `tcp 80`, `tcp 80-90`, `icmp 8 0`, `47`, `-1`; then `from`/`to` a CIDR or a group's id. */
export function rule(packet: string, peer: string): SecurityGroupRule {
  const fields = packetFields(packet);
  const kind = peer.includes(':') ? 'cidr6' : 'cidr';
  const of: SecurityGroupPeer = peer.includes('/')
    ? { kind, cidr: peer }
    : { kind: 'group', groupId: peer };
  return { id: `sgr-${packet}-${peer}`, ...fields, peer: of };
}

export function entry(
  number: number,
  way: 'egress' | 'ingress',
  action: 'allow' | 'deny',
  packet: string,
  cidr: string,
): NetworkAclEntry {
  return { number, egress: way === 'egress', action, cidr, ...packetFields(packet) };
}

function packetFields(packet: string) {
  const [name = '', first, second] = packet.split(/[ -](?=\d)|(?<=\d)-/);
  const protocol = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 }[name] ?? Number(packet);
  if (first === undefined || packet === ALL_TRAFFIC) return { protocol };
  const last = name.startsWith('icmp') ? Number(second ?? -1) : Number(second ?? first);
  return { protocol, fromPort: Number(first), toPort: last };
}

export interface InstanceOptions {
  readonly subnet: string;
  readonly ip: string;
  readonly groups: readonly string[];
  readonly publicIp?: string;
  readonly sourceDestCheck?: boolean;
  readonly hopLimit?: number;
  readonly moreIps?: readonly string[];
  readonly ipv6?: readonly string[];
  /** Whether the instance holds the interface. */
  readonly attached?: boolean;
}

/** Grows a region step by step; each call answers with the grown one. */
export class RegionBuilder {
  readonly region: Region;

  constructor(region: Region = emptyRegion('ap-northeast-2')) {
    this.region = region;
  }

  vpc(id: string, ...cidrs: readonly string[]): RegionBuilder {
    const acl = `acl-of-${id}`;
    const allow = (way: 'egress' | 'ingress') => entry(100, way, 'allow', '-1', '0.0.0.0/0');
    return new RegionBuilder(
      put(this.region, 'vpcs', id, {
        id,
        cidrs,
        ipv6Cidrs: [],
        dnsSupport: true,
        dnsHostnames: true,
        mainRouteTableId: `rtb-of-${id}`,
        defaultSecurityGroupId: `sg-of-${id}`,
        defaultNetworkAclId: acl,
        tags: {},
      }),
    )
      .routeTable(`rtb-of-${id}`, id, {})
      .networkAcl(acl, id, [allow('egress'), allow('ingress')]);
  }

  resolver(vpcId: string, dnsSupport: boolean): RegionBuilder {
    const vpc = this.region.vpcs[vpcId];
    if (vpc === undefined) throw new RangeError(`no VPC ${vpcId}`);
    return new RegionBuilder(put(this.region, 'vpcs', vpcId, { ...vpc, dnsSupport }));
  }

  /** Attached to no VPC where none is given. */
  internetGateway(id: string, vpcId: string | undefined): RegionBuilder {
    const attached = vpcId === undefined ? {} : { vpcId };
    return new RegionBuilder(
      put(this.region, 'internetGateways', id, { id, ...attached, tags: {} }),
    );
  }

  /** An address of nobody, or of an interface. */
  elasticIp(id: string, publicIp: string, of?: { eni: string; privateIp: string }): RegionBuilder {
    const association =
      of === undefined
        ? {}
        : {
            association: {
              id: `assoc-${id}`,
              networkInterfaceId: of.eni,
              privateIp: of.privateIp,
            },
          };
    return new RegionBuilder(
      put(this.region, 'elasticIps', id, { id, publicIp, ...association, tags: {} }),
    );
  }

  /** Beside the local routes: destination to the id of a target, as `igw-…` or `eni-…`. */
  routeTable(id: string, vpcId: string, routes: Readonly<Record<string, string>>): RegionBuilder {
    const others = Object.entries(routes).map(([destination, target]): Route => {
      return { destination, target: targetOf(target) };
    });
    return this.routes(id, vpcId, others);
  }

  /** With the local routes where none is given. */
  routes(id: string, vpcId: string, routes: readonly Route[]): RegionBuilder {
    const vpc = this.region.vpcs[vpcId];
    const local = [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])].map(
      (destination): Route => ({ destination, target: { kind: 'local' } }),
    );
    const all = routes.some(({ target }) => target.kind === 'local')
      ? routes
      : [...local, ...routes];
    return new RegionBuilder(
      put(this.region, 'routeTables', id, {
        id,
        vpcId,
        main: id === `rtb-of-${vpcId}`,
        routes: all,
        tags: {},
      }),
    );
  }

  networkAcl(id: string, vpcId: string, entries: readonly NetworkAclEntry[]): RegionBuilder {
    return new RegionBuilder(
      put(this.region, 'networkAcls', id, {
        id,
        vpcId,
        isDefault: id === `acl-of-${vpcId}`,
        entries,
        tags: {},
      }),
    );
  }

  subnet(
    id: string,
    vpcId: string,
    cidr: string,
    options: {
      readonly routeTable?: string;
      readonly acl?: string;
      readonly ipv6Cidr?: string;
    } = {},
  ): RegionBuilder {
    return new RegionBuilder(
      put(this.region, 'subnets', id, {
        id,
        vpcId,
        zone: 'ap-northeast-2a',
        cidr,
        mapPublicIpOnLaunch: false,
        routeTableId: options.routeTable ?? `rtb-of-${vpcId}`,
        networkAclId: options.acl ?? `acl-of-${vpcId}`,
        ...(options.ipv6Cidr === undefined ? {} : { ipv6Cidr: options.ipv6Cidr }),
        tags: {},
      }),
    );
  }

  group(
    id: string,
    vpcId: string,
    ingress: readonly SecurityGroupRule[],
    egress: readonly SecurityGroupRule[] = [rule('-1', '0.0.0.0/0')],
  ): RegionBuilder {
    return new RegionBuilder(
      put(this.region, 'securityGroups', id, {
        id,
        vpcId,
        name: id,
        description: id,
        ingress,
        egress,
        tags: {},
      }),
    );
  }

  /** An instance `i-NAME` with one interface `eni-NAME`. */
  instance(name: string, options: InstanceOptions): RegionBuilder {
    const subnet = this.region.subnets[options.subnet];
    if (subnet === undefined) throw new RangeError(`no subnet ${options.subnet}`);
    const id = `i-${name}`;
    const networkInterfaceId = `eni-${name}`;
    const withInterface = put(this.region, 'networkInterfaces', networkInterfaceId, {
      id: networkInterfaceId,
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      privateIps: [options.ip, ...(options.moreIps ?? [])],
      ipv6Addresses: options.ipv6 ?? [],
      securityGroupIds: options.groups,
      sourceDestCheck: options.sourceDestCheck ?? true,
      macAddress: `02:00:${options.ip.split('.').map(hex).join(':')}`,
      ...(options.publicIp === undefined ? {} : { publicIp: options.publicIp }),
      ...(options.attached === false ? {} : { attachment: { instanceId: id, deviceIndex: 0 } }),
      description: '',
      tags: {},
    });
    return new RegionBuilder(
      put(withInterface, 'instances', id, {
        id,
        name,
        logicalId: name,
        imageId: 'ami-1',
        instanceType: 't4g.nano',
        zone: subnet.zone,
        subnetId: subnet.id,
        vpcId: subnet.vpcId,
        networkInterfaceIds: [networkInterfaceId],
        metadataOptions: {
          enabled: true,
          httpTokens: 'required',
          hopLimit: options.hopLimit ?? 1,
        },
        privateDnsName: `ip-${options.ip.replaceAll('.', '-')}.ap-northeast-2.compute.internal`,
        rootVolumeId: 'vol-1',
        tags: {},
      }),
    );
  }

  /** With its interface `eni-ID`; public where it has a public address. */
  natGateway(
    id: string,
    { subnet: subnetId, ip, publicIp }: { subnet: string; ip: string; publicIp?: string },
  ): RegionBuilder {
    const vpcId = this.region.subnets[subnetId]?.vpcId ?? '';
    const networkInterfaceId = `eni-${id}`;
    const withInterface = put(this.region, 'networkInterfaces', networkInterfaceId, {
      id: networkInterfaceId,
      subnetId,
      vpcId,
      privateIps: [ip],
      ipv6Addresses: [],
      securityGroupIds: [],
      sourceDestCheck: false,
      macAddress: `02:00:${ip.split('.').map(hex).join(':')}`,
      managedBy: { kind: 'nat-gateway', id },
      description: '',
      tags: {},
    });
    const connectivity = publicIp === undefined ? 'private' : 'public';
    const made = put(withInterface, 'natGateways', id, {
      ...{ id, vpcId, subnetId, connectivity, networkInterfaceId, tags: {} },
    });
    const builder = new RegionBuilder(made);
    return publicIp === undefined
      ? builder
      : builder.elasticIp(`eipalloc-${id}`, publicIp, { eni: networkInterfaceId, privateIp: ip });
  }

  peering(id: string, requester: string, accepter: string, active = true): RegionBuilder {
    return new RegionBuilder(
      put(this.region, 'vpcPeeringConnections', id, {
        ...{ id, requesterVpcId: requester, accepterVpcId: accepter, active, tags: {} },
      }),
    );
  }

  egressOnlyInternetGateway(id: string, vpcId: string): RegionBuilder {
    return new RegionBuilder(
      put(this.region, 'egressOnlyInternetGateways', id, { id, vpcId, tags: {} }),
    );
  }

  /** AWS's own list, whose entries nobody knows, where none are given. */
  prefixList(id: string, ...entries: readonly string[]): RegionBuilder {
    const family = entries.some((each) => each.includes(':')) ? 'ipv6' : 'ipv4';
    const known = entries.length === 0 ? {} : { entries };
    return new RegionBuilder(
      put(this.region, 'prefixLists', id, { id, name: id, family, ...known, tags: {} }),
    );
  }

  /** A gateway endpoint for S3; its routes are those of its tables to `vpce-…`. */
  gatewayEndpoint(id: string, vpcId: string, ...routeTableIds: readonly string[]): RegionBuilder {
    const serviceName = `com.amazonaws.${this.region.name}.s3`;
    return new RegionBuilder(
      put(this.region, 'vpcEndpoints', id, {
        ...{ id, vpcId, serviceName, type: 'gateway', routeTableIds },
        networkInterfaceIds: [],
        tags: {},
      }),
    );
  }

  /** With its interface `eni-ID`. */
  interfaceEndpoint(
    id: string,
    { subnet: subnetId, ip, groups }: { subnet: string; ip: string; groups: readonly string[] },
  ): RegionBuilder {
    const vpcId = this.region.subnets[subnetId]?.vpcId ?? '';
    const networkInterfaceId = `eni-${id}`;
    const withInterface = put(this.region, 'networkInterfaces', networkInterfaceId, {
      ...{ id: networkInterfaceId, subnetId, vpcId, privateIps: [ip], ipv6Addresses: [] },
      securityGroupIds: groups,
      sourceDestCheck: true,
      macAddress: `02:00:${ip.split('.').map(hex).join(':')}`,
      managedBy: { kind: 'vpc-endpoint', id },
      ...{ description: '', tags: {} },
    });
    const serviceName = `com.amazonaws.${this.region.name}.ssm`;
    return new RegionBuilder(
      put(withInterface, 'vpcEndpoints', id, {
        ...{ id, vpcId, serviceName, type: 'interface', routeTableIds: [], tags: {} },
        networkInterfaceIds: [networkInterfaceId],
      }),
    );
  }

  /** Gives a VPC an IPv6 block, and each of its tables the local route. */
  ipv6(vpcId: string, cidr: string): RegionBuilder {
    const { vpcs, routeTables } = this.region;
    const vpc = vpcs[vpcId];
    if (vpc === undefined) throw new RangeError(`no VPC ${vpcId}`);
    const local: Route = { destination: cidr, target: { kind: 'local' } };
    const tables = Object.entries(routeTables).map(([id, table]) => [
      id,
      table.vpcId === vpcId ? { ...table, routes: [local, ...table.routes] } : table,
    ]);
    const withTables = { ...this.region, routeTables: Object.fromEntries(tables) };
    return new RegionBuilder(
      put(withTables, 'vpcs', vpcId, { ...vpc, ipv6Cidrs: [...vpc.ipv6Cidrs, cidr] }),
    );
  }

  without(name: 'internetGateways' | 'networkInterfaces', id: string): RegionBuilder {
    const { [id]: _gone, ...rest } = this.region[name];
    return new RegionBuilder({ ...this.region, [name]: rest });
  }
}

/** By what the id begins with, as AWS's ids do. */
function targetOf(id: string): RouteTarget {
  const kinds = {
    igw: 'internet-gateway',
    eni: 'network-interface',
    nat: 'nat-gateway',
    pcx: 'vpc-peering-connection',
    vpce: 'vpc-endpoint',
    eigw: 'egress-only-internet-gateway',
  } as const;
  const [prefix = ''] = id.split('-');
  const kind = Object.entries(kinds).find(([each]) => each === prefix)?.[1];
  return { kind: kind ?? 'not-modelled', id };
}

/** `count` instances `m1` … in one subnet, that allow each other everything. */
export function crowd(count: number): Region {
  let builder = new RegionBuilder()
    .vpc('vpc-crowd', '10.0.0.0/16')
    .group('sg-crowd', 'vpc-crowd', [rule('-1', 'sg-crowd')])
    .subnet('subnet-crowd', 'vpc-crowd', '10.0.0.0/20');
  for (let index = 1; index <= count; index += 1) {
    builder = builder.instance(`m${index}`, {
      subnet: 'subnet-crowd',
      ip: hostAt('10.0.0.0/20', index + 9),
      groups: ['sg-crowd'],
    });
  }
  return builder.region;
}

function hex(octet: string): string {
  return Number(octet).toString(16).padStart(2, '0');
}
