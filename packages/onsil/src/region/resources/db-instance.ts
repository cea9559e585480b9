import type { DbCluster, DbInstance } from '../db-instance.ts';
import { put, type Region } from '../region.ts';
import { dbEndpointOf, dbIdentifierOf, dbPlaceOf, masterOf, portOfEngine } from './db-place.ts';
import { managedSecretAttribute, withManagedSecret } from './managed-secret.ts';
import { groupIdsOf } from './network-interface.ts';
import type { Properties } from './properties.ts';
import { arnOf, codeOf, idOf, type ResourceType } from './resource-type.ts';
import { withServiceInterface } from './service-interface.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbinstance.html */
export const dbInstance: ResourceType = {
  type: 'AWS::RDS::DBInstance',
  properties: {
    real: [
      'AllocatedStorage',
      'AvailabilityZone',
      'DBClusterIdentifier',
      'DBInstanceClass',
      'DBInstanceIdentifier',
      'DBName',
      'DBParameterGroupName',
      'DBSnapshotIdentifier',
      'DBSubnetGroupName',
      'DeletionProtection',
      'Engine',
      'EngineVersion',
      'ManageMasterUserPassword',
      'MasterUserPassword',
      'MasterUsername',
      'MultiAZ',
      'Port',
      'PubliclyAccessible',
      'SourceDBInstanceIdentifier',
      'StorageEncrypted',
      'Tags',
      'VPCSecurityGroups',
    ],
    recorded: [
      'AllowMajorVersionUpgrade',
      'AutoMinorVersionUpgrade',
      'BackupRetentionPeriod',
      'CACertificateIdentifier',
      'CopyTagsToSnapshot',
      'EnableCloudwatchLogsExports',
      'EnablePerformanceInsights',
      'Iops',
      'KmsKeyId',
      'LicenseModel',
      'MaxAllocatedStorage',
      'MonitoringInterval',
      'MonitoringRoleArn',
      'OptionGroupName',
      'PerformanceInsightsKMSKeyId',
      'PerformanceInsightsRetentionPeriod',
      'PreferredBackupWindow',
      'PreferredMaintenanceWindow',
      'PromotionTier',
      'StorageThroughput',
      'StorageType',
    ],
  },
  create(region, properties, context) {
    const id = dbIdentifierOf(properties, 'DBInstanceIdentifier', context);
    const cluster = clusterOf(region, properties);
    const place = clusterPlace(region, cluster) ?? dbPlaceOf(region, properties);
    const source = copiedFrom(region, properties);
    const engine = engineOf(properties) ?? cluster?.engine ?? source?.engine ?? '';
    if (engine === '') properties.requiredText('Engine');
    const engineVersion = properties.text('EngineVersion') ?? cluster?.engineVersion;
    const instanceClass = properties.requiredText('DBInstanceClass');
    const port = properties.number('Port') ?? cluster?.port ?? portOfEngine(engine);
    const databaseName = properties.text('DBName') ?? cluster?.databaseName;
    const groups =
      cluster === undefined || properties.has('VPCSecurityGroups')
        ? groupIdsOf(region, properties, place.vpcId, ['VPCSecurityGroups'])
        : cluster.securityGroupIds;
    const publiclyAccessible =
      properties.boolean('PubliclyAccessible') ?? place.subnetGroupName === undefined;
    const multiAz = properties.boolean('MultiAZ') ?? false;
    const allocatedStorage = properties.number('AllocatedStorage');
    const master = masterOf(properties, engine);
    const storageEncrypted = properties.boolean('StorageEncrypted') ?? false;
    const parameterGroupName = properties.text('DBParameterGroupName')?.toLowerCase();
    const snapshotId = properties.text('DBSnapshotIdentifier');
    const isProtected = properties.boolean('DeletionProtection') === true;
    const tags = properties.tags();
    const zone = properties.text('AvailabilityZone');
    const subnet = place.subnets.find((each) => each.zone === (zone ?? each.zone));
    if (subnet === undefined) {
      const message = `The DB subnet group has no subnet in "${zone}".`;
      return properties.fail('AvailabilityZone', message);
    }
    if (region.dbInstances[id] !== undefined) {
      properties.report('DBInstanceIdentifier', `There is already a DB instance "${id}".`);
    }
    const isFirst = cluster === undefined && source === undefined && snapshotId === undefined;
    const isManaged = properties.boolean('ManageMasterUserPassword') === true;
    if (isFirst && master.masterUsername === undefined) properties.requiredText('MasterUsername');
    if (isFirst && !isManaged && master.masterUserPassword === undefined) {
      properties.requiredText('MasterUserPassword');
    }
    properties.check();

    const secret = withManagedSecret(
      region,
      properties,
      { id: `db-${id}`, username: master.masterUsername ?? '' },
      context,
    );
    const networkInterfaceId = idOf(context, 'eni');
    const next = withServiceInterface(secret.region, properties, {
      id: networkInterfaceId,
      name: properties.has('DBInstanceIdentifier') ? id : context.logicalId,
      of: { table: 'dbInstances', key: id },
      ...{ subnet, securityGroupIds: groups, isPublic: publiclyAccessible },
      description: 'RDSNetworkInterface',
    });
    const { masterUserSecretArn } = secret;
    const made: DbInstance = {
      ...{ id, arn: arnOf(context, 'rds', `db:${id}`), logicalId: context.logicalId, engine },
      ...(engineVersion === undefined ? {} : { engineVersion }),
      ...{ instanceClass, zone: subnet.zone, vpcId: subnet.vpcId, networkInterfaceId, port },
      ...(place.subnetGroupName === undefined ? {} : { subnetGroupName: place.subnetGroupName }),
      endpointAddress: dbEndpointOf(id, '', region),
      ...(databaseName === undefined ? {} : { databaseName }),
      ...inheritedMaster(cluster ?? source),
      ...master,
      ...(masterUserSecretArn === undefined ? {} : { masterUserSecretArn }),
      ...(cluster === undefined ? {} : { clusterId: cluster.id }),
      ...(source === undefined ? {} : { sourceId: source.id }),
      ...(snapshotId === undefined ? {} : { snapshotId }),
      ...(isProtected ? { deletionProtection: true as const } : {}),
      ...{ publiclyAccessible, multiAz, storageEncrypted },
      ...(allocatedStorage === undefined ? {} : { allocatedStorage }),
      ...(parameterGroupName === undefined ? {} : { parameterGroupName }),
      tags,
    };
    properties.check();
    return {
      region: put(next, 'dbInstances', id, made),
      physicalId: id,
      attributes: {
        DBInstanceArn: made.arn,
        DbiResourceId: `db-${codeOf(context, 26, 'dbi')}`,
        'Endpoint.Address': made.endpointAddress,
        'Endpoint.Port': String(port),
        'Endpoint.HostedZoneId': `Z${codeOf(context, 13, 'zone')}`,
        ...managedSecretAttribute(masterUserSecretArn),
      },
    };
  },
};

function engineOf(properties: Properties): string | undefined {
  // As AWS takes it: `MySQL` is written in many templates.
  const engine = properties.text('Engine')?.toLowerCase();
  return engine === 'aurora' ? 'aurora-mysql' : engine;
}

function clusterOf(region: Region, properties: Properties): DbCluster | undefined {
  if (!properties.has('DBClusterIdentifier')) return undefined;
  return properties.reference('DBClusterIdentifier', region.dbClusters, 'DB cluster');
}

function clusterPlace(region: Region, cluster: DbCluster | undefined) {
  if (cluster === undefined) return undefined;
  const { subnetGroupName, vpcId } = cluster;
  const ids = region.dbSubnetGroups[subnetGroupName ?? '']?.subnetIds;
  const all = Object.values(region.subnets);
  const subnets =
    ids?.flatMap((id) => region.subnets[id] ?? []) ?? all.filter((each) => each.vpcId === vpcId);
  return { ...(subnetGroupName === undefined ? {} : { subnetGroupName }), vpcId, subnets };
}

/** A read replica has the data and the users of its source. */
function copiedFrom(region: Region, properties: Properties): DbInstance | undefined {
  const id = properties.text('SourceDBInstanceIdentifier');
  if (id === undefined) return undefined;
  const found = Object.values(region.dbInstances).find((each) => each.id === id || each.arn === id);
  if (found === undefined) {
    properties.report('SourceDBInstanceIdentifier', `There is no DB instance "${id}".`);
  }
  return found;
}

function inheritedMaster(from: DbCluster | DbInstance | undefined) {
  return {
    ...(from?.masterUsername === undefined ? {} : { masterUsername: from.masterUsername }),
    ...(from?.masterUserPassword === undefined
      ? {}
      : { masterUserPassword: from.masterUserPassword }),
  };
}
