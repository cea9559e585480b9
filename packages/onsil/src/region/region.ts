import type {
  AutoScalingGroup,
  LaunchConfiguration,
  LifecycleHook,
  ScalingPolicy,
} from './auto-scaling-group.ts';
import type { Bucket } from './bucket.ts';
import type { Certificate } from './certificate.ts';
import type { DbCluster, DbInstance, DbParameterGroup, DbSubnetGroup } from './db-instance.ts';
import type { DhcpOptions } from './dhcp-options.ts';
import type { EgressOnlyInternetGateway } from './egress-only-internet-gateway.ts';
import type { ElasticIp } from './elastic-ip.ts';
import type { FileSystem, MountTarget } from './file-system.ts';
import type { HostedZone } from './hosted-zone.ts';
import type { Instance } from './instance.ts';
import type { InstanceProfile } from './instance-profile.ts';
import type { InternetGateway } from './internet-gateway.ts';
import type { KeyPair } from './key-pair.ts';
import type { LaunchTemplate } from './launch-template.ts';
import type { Listener, ListenerRule } from './listener.ts';
import type { ClassicLoadBalancer, LoadBalancer } from './load-balancer.ts';
import type { ManagedPolicy } from './managed-policy.ts';
import type { NatGateway } from './nat-gateway.ts';
import type { NetworkAcl } from './network-acl.ts';
import type { NetworkInterface } from './network-interface.ts';
import type { Parameter } from './parameter.ts';
import type { PrefixList } from './prefix-list.ts';
import type { Role } from './role.ts';
import type { RouteTable } from './route-table.ts';
import type { Secret } from './secret.ts';
import type { SecurityGroup } from './security-group.ts';
import type { Subnet } from './subnet.ts';
import type { TargetGroup } from './target-group.ts';
import type { Volume } from './volume.ts';
import type { Vpc } from './vpc.ts';
import type { VpcEndpoint } from './vpc-endpoint.ts';
import type { VpcPeeringConnection } from './vpc-peering-connection.ts';
import type { WaitCondition, WaitConditionHandle } from './wait-condition.ts';

/** Things of one kind by their id, in the order of their creation. */
export type Table<T> = Readonly<Record<string, T>>;

/**
 * The state of one AWS region: plain, immutable data that every later stage reads
 * (reach, lab, cost, diagram). Equal templates and parameters give equal regions.
 */
export interface Region {
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  /** Availability zones, e.g. `ap-northeast-2a`, in order. */
  readonly zones: readonly string[];
  /** What the template calls things, by their id: many have no other name. */
  readonly logicalIds: Table<string>;
  readonly vpcs: Table<Vpc>;
  readonly subnets: Table<Subnet>;
  readonly routeTables: Table<RouteTable>;
  readonly internetGateways: Table<InternetGateway>;
  readonly egressOnlyInternetGateways: Table<EgressOnlyInternetGateway>;
  readonly natGateways: Table<NatGateway>;
  readonly vpcPeeringConnections: Table<VpcPeeringConnection>;
  readonly vpcEndpoints: Table<VpcEndpoint>;
  readonly prefixLists: Table<PrefixList>;
  readonly networkAcls: Table<NetworkAcl>;
  readonly securityGroups: Table<SecurityGroup>;
  readonly networkInterfaces: Table<NetworkInterface>;
  readonly elasticIps: Table<ElasticIp>;
  readonly instances: Table<Instance>;
  readonly volumes: Table<Volume>;
  readonly keyPairs: Table<KeyPair>;
  readonly hostedZones: Table<HostedZone>;
  readonly parameters: Table<Parameter>;
  readonly buckets: Table<Bucket>;
  readonly roles: Table<Role>;
  readonly instanceProfiles: Table<InstanceProfile>;
  /** By ARN. */
  readonly managedPolicies: Table<ManagedPolicy>;
  readonly launchTemplates: Table<LaunchTemplate>;
  readonly waitConditionHandles: Table<WaitConditionHandle>;
  readonly waitConditions: Table<WaitCondition>;
  readonly dhcpOptions: Table<DhcpOptions>;
  /** By ARN. */
  readonly loadBalancers: Table<LoadBalancer>;
  /** By ARN. */
  readonly targetGroups: Table<TargetGroup>;
  /** By ARN. */
  readonly listeners: Table<Listener>;
  /** By ARN. */
  readonly listenerRules: Table<ListenerRule>;
  /** By ARN. */
  readonly certificates: Table<Certificate>;
  /** By name. */
  readonly classicLoadBalancers: Table<ClassicLoadBalancer>;
  /** By name. */
  readonly autoScalingGroups: Table<AutoScalingGroup>;
  /** By name. */
  readonly launchConfigurations: Table<LaunchConfiguration>;
  /** By ARN. */
  readonly scalingPolicies: Table<ScalingPolicy>;
  /** By the names of group and hook, with a slash. */
  readonly lifecycleHooks: Table<LifecycleHook>;
  /** By name. */
  readonly dbSubnetGroups: Table<DbSubnetGroup>;
  /** By identifier. */
  readonly dbInstances: Table<DbInstance>;
  /** By identifier. */
  readonly dbClusters: Table<DbCluster>;
  /** By name. */
  readonly dbParameterGroups: Table<DbParameterGroup>;
  /** By ARN. */
  readonly secrets: Table<Secret>;
  readonly fileSystems: Table<FileSystem>;
  readonly mountTargets: Table<MountTarget>;
}

/** The name of each table of a region. */
export type TableName = {
  [K in keyof Region]: Region[K] extends Table<infer T> ? (T extends string ? never : K) : never;
}[keyof Region] &
  Exclude<keyof Region, 'name' | 'account' | 'zones'>;

export type Tags = Readonly<Record<string, string>>;

/** The account that labs stand for. */
export const ACCOUNT = '123456789012';

/** A region in which nothing was created yet. */
export function emptyRegion(name: string, account = ACCOUNT): Region {
  return {
    name,
    account,
    zones: ['a', 'b', 'c'].map((letter) => `${name}${letter}`),
    logicalIds: {},
    vpcs: {},
    subnets: {},
    routeTables: {},
    internetGateways: {},
    egressOnlyInternetGateways: {},
    natGateways: {},
    vpcPeeringConnections: {},
    vpcEndpoints: {},
    prefixLists: {},
    networkAcls: {},
    securityGroups: {},
    networkInterfaces: {},
    elasticIps: {},
    instances: {},
    volumes: {},
    keyPairs: {},
    hostedZones: {},
    parameters: {},
    buckets: {},
    roles: {},
    instanceProfiles: {},
    managedPolicies: {},
    launchTemplates: {},
    waitConditionHandles: {},
    waitConditions: {},
    dhcpOptions: {},
    loadBalancers: {},
    targetGroups: {},
    listeners: {},
    listenerRules: {},
    certificates: {},
    classicLoadBalancers: {},
    autoScalingGroups: {},
    launchConfigurations: {},
    scalingPolicies: {},
    lifecycleHooks: {},
    dbSubnetGroups: {},
    dbInstances: {},
    dbClusters: {},
    dbParameterGroups: {},
    secrets: {},
    fileSystems: {},
    mountTargets: {},
  };
}

/** The region with `thing` added to a table, or put in the place of the one with the same id. */
export function put<K extends TableName>(
  region: Region,
  table: K,
  id: string,
  thing: Region[K][string],
): Region {
  return { ...region, [table]: { ...region[table], [id]: thing } };
}

/** The region without the thing of that id. */
export function without(region: Region, table: TableName, id: string): Region {
  const { [id]: _gone, ...rest } = region[table];
  return { ...region, [table]: rest };
}
