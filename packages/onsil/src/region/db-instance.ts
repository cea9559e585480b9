import type { Region, Tags } from './region.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSubnetGroup.html */
export interface DbSubnetGroup {
  /** Lower case. */
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly tags: Tags;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html */
export interface DbInstance {
  /** The identifier, lower case. */
  readonly id: string;
  readonly arn: string;
  readonly logicalId: string;
  /** e.g. `mysql`, `postgres`, `aurora-mysql`. */
  readonly engine: string;
  readonly engineVersion?: string;
  readonly instanceClass: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly subnetGroupName?: string;
  /** The interface that it answers at, with its groups. */
  readonly networkInterfaceId: string;
  /** The name that resolves to the interface's private address. */
  readonly endpointAddress: string;
  readonly port: number;
  readonly databaseName?: string;
  readonly masterUsername?: string;
  /**
   * As the template gives it: a text, or one with `{{resolve:secretsmanager:…}}`, which only who
   * uses it resolves. So may the user's name be.
   */
  readonly masterUserPassword?: string;
  /** RDS keeps the password in a secret of its own. */
  readonly masterUserSecretArn?: string;
  readonly clusterId?: string;
  /** Of a read replica: the instance whose data it has. */
  readonly sourceId?: string;
  /** It was to have the data of a snapshot. */
  readonly snapshotId?: string;
  readonly deletionProtection?: true;
  readonly publiclyAccessible: boolean;
  readonly multiAz: boolean;
  /** GiB. */
  readonly allocatedStorage?: number;
  readonly storageEncrypted: boolean;
  readonly parameterGroupName?: string;
  readonly tags: Tags;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html */
export interface DbCluster {
  /** The identifier, lower case. */
  readonly id: string;
  readonly arn: string;
  readonly engine: string;
  readonly engineVersion?: string;
  readonly vpcId: string;
  readonly subnetGroupName?: string;
  readonly securityGroupIds: readonly string[];
  /** Resolve to an instance of the cluster, and to nothing while it has none. */
  readonly endpointAddress: string;
  readonly readerEndpointAddress: string;
  readonly port: number;
  readonly databaseName?: string;
  readonly masterUsername?: string;
  /** As in an instance. */
  readonly masterUserPassword?: string;
  readonly masterUserSecretArn?: string;
  readonly parameterGroupName?: string;
  readonly snapshotId?: string;
  readonly deletionProtection?: true;
  readonly tags: Tags;
}

/**
 * Instances with the same data have the same key: those of one cluster, and a source with its
 * read replicas.
 */
export function dataKeyOf(
  region: Pick<Region, 'dbInstances'>,
  { id, clusterId, sourceId }: DbInstance,
): string {
  if (clusterId !== undefined) return clusterId;
  const source = region.dbInstances[sourceId ?? ''];
  return source === undefined || source.id === id ? id : dataKeyOf(region, source);
}

/** Settings that engines are started with; of an instance or of a cluster. */
export interface DbParameterGroup {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly ofCluster: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Tags;
}
