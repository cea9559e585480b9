import type { DbCluster } from '../db-instance.ts';
import { put } from '../region.ts';
import { dbEndpointOf, dbIdentifierOf, dbPlaceOf, masterOf, portOfEngine } from './db-place.ts';
import { managedSecretAttribute, withManagedSecret } from './managed-secret.ts';
import { groupIdsOf } from './network-interface.ts';
import { arnOf, codeOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html */
export const dbCluster: ResourceType = {
  type: 'AWS::RDS::DBCluster',
  properties: {
    real: [
      'DBClusterIdentifier',
      'DBClusterParameterGroupName',
      'DBSubnetGroupName',
      'DatabaseName',
      'DeletionProtection',
      'Engine',
      'EngineVersion',
      'ManageMasterUserPassword',
      'MasterUserPassword',
      'MasterUsername',
      'Port',
      'SnapshotIdentifier',
      'Tags',
      'VpcSecurityGroupIds',
    ],
    recorded: [
      'AutoMinorVersionUpgrade',
      'AvailabilityZones',
      'BackupRetentionPeriod',
      'CopyTagsToSnapshot',
      'EnableCloudwatchLogsExports',
      'EngineMode',
      'KmsKeyId',
      'PreferredBackupWindow',
      'PreferredMaintenanceWindow',
      'ServerlessV2ScalingConfiguration',
      'StorageEncrypted',
    ],
  },
  create(region, properties, context) {
    const id = dbIdentifierOf(properties, 'DBClusterIdentifier', context);
    const given = properties.requiredText('Engine').toLowerCase();
    const engine = given === 'aurora' ? 'aurora-mysql' : given;
    const engineVersion = properties.text('EngineVersion');
    const place = dbPlaceOf(region, properties);
    const securityGroupIds = groupIdsOf(region, properties, place.vpcId, ['VpcSecurityGroupIds']);
    const port = properties.number('Port') ?? portOfEngine(engine);
    const databaseName = properties.text('DatabaseName');
    const master = masterOf(properties, engine);
    const parameterGroupName = properties.text('DBClusterParameterGroupName')?.toLowerCase();
    const snapshotId = properties.text('SnapshotIdentifier');
    const isProtected = properties.boolean('DeletionProtection') === true;
    const tags = properties.tags();
    if (region.dbClusters[id] !== undefined) {
      properties.report('DBClusterIdentifier', `There is already a DB cluster "${id}".`);
    }
    const secret = withManagedSecret(
      region,
      properties,
      { id: `cluster-${id}`, username: master.masterUsername ?? '' },
      context,
    );
    properties.check();
    const { masterUserSecretArn } = secret;
    const made: DbCluster = {
      ...{ id, arn: arnOf(context, 'rds', `cluster:${id}`), engine, vpcId: place.vpcId },
      ...(engineVersion === undefined ? {} : { engineVersion }),
      ...(place.subnetGroupName === undefined ? {} : { subnetGroupName: place.subnetGroupName }),
      securityGroupIds,
      endpointAddress: dbEndpointOf(id, 'cluster-', region),
      readerEndpointAddress: dbEndpointOf(id, 'cluster-ro-', region),
      port,
      ...(databaseName === undefined ? {} : { databaseName }),
      ...master,
      ...(masterUserSecretArn === undefined ? {} : { masterUserSecretArn }),
      ...(parameterGroupName === undefined ? {} : { parameterGroupName }),
      ...(snapshotId === undefined ? {} : { snapshotId }),
      ...(isProtected ? { deletionProtection: true as const } : {}),
      tags,
    };
    return {
      region: put(secret.region, 'dbClusters', id, made),
      physicalId: id,
      attributes: {
        DBClusterArn: made.arn,
        DBClusterResourceId: `cluster-${codeOf(context, 26, 'cluster')}`,
        'Endpoint.Address': made.endpointAddress,
        'Endpoint.Port': String(port),
        'ReadEndpoint.Address': made.readerEndpointAddress,
        ...managedSecretAttribute(masterUserSecretArn),
      },
    };
  },
};
