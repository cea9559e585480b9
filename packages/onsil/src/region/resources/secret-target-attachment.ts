import { put } from '../region.ts';
import type { ResourceType } from './resource-type.ts';

/**
 * Writes where the database is into the secret's JSON.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secrettargetattachment.html
 */
export const secretTargetAttachment: ResourceType = {
  type: 'AWS::SecretsManager::SecretTargetAttachment',
  properties: {
    real: ['SecretId', 'TargetId', 'TargetType'],
  },
  create(region, properties) {
    const found = properties.reference('SecretId', region.secrets, 'secret');
    const type = properties.requiredText('TargetType');
    const id = properties.requiredText('TargetId');
    properties.check();
    const isCluster = type === 'AWS::RDS::DBCluster';
    const target = isCluster ? region.dbClusters[id] : region.dbInstances[id];
    const created = { physicalId: found.arn, attributes: { Id: found.arn } };
    if (target === undefined) {
      const message = `"${id}" of the type ${type} is not modelled: the secret does not tell where it is.`;
      properties.warn('TargetId', message);
      return { ...created, region, status: 'recorded' };
    }
    const { engine, endpointAddress, port, databaseName } = target;
    const connection = {
      engine: engine.replace(/^aurora-postgresql$/, 'postgres').replace(/^aurora-mysql$/, 'mysql'),
      host: endpointAddress,
      port,
      ...(databaseName === undefined ? {} : { dbname: databaseName }),
      [isCluster ? 'dbClusterIdentifier' : 'dbInstanceIdentifier']: id,
    };
    return {
      ...created,
      region: put(region, 'secrets', found.arn, { ...found, connection }),
    };
  },
};
