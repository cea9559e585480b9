import { put } from '../region.ts';
import { arnOf, idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-efs-filesystem.html */
export const fileSystem: ResourceType = {
  type: 'AWS::EFS::FileSystem',
  properties: {
    real: ['Encrypted', 'FileSystemTags'],
    recorded: [
      'AvailabilityZoneName',
      'BackupPolicy',
      'BypassPolicyLockoutSafetyCheck',
      'FileSystemPolicy',
      'FileSystemProtection',
      'KmsKeyId',
      'LifecyclePolicies',
      'PerformanceMode',
      'ProvisionedThroughputInMibps',
      'ThroughputMode',
    ],
  },
  create(region, properties, context) {
    const encrypted = properties.boolean('Encrypted') ?? false;
    const tags = properties.tags('FileSystemTags');
    properties.check();
    const id = idOf(context, 'fs');
    const arn = arnOf(context, 'elasticfilesystem', `file-system/${id}`);
    const dnsName = `${id}.efs.${region.name}.amazonaws.com`;
    return {
      region: put(region, 'fileSystems', id, { id, arn, dnsName, encrypted, tags }),
      physicalId: id,
      attributes: { Arn: arn, FileSystemId: id },
    };
  },
};
