import { put } from '../region.ts';
import { arnOf, nameOf, type ResourceType } from './resource-type.ts';

/** Those that an instance has too, and mean the same. */
const OF_AN_INSTANCE = [
  'AssociatePublicIpAddress',
  'BlockDeviceMappings',
  'IamInstanceProfile',
  'ImageId',
  'InstanceType',
  'KeyName',
  'MetadataOptions',
  'SecurityGroups',
  'UserData',
] as const;

/**
 * Kept for the Auto Scaling groups that refer to it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-launchconfiguration.html
 */
export const launchConfiguration: ResourceType = {
  type: 'AWS::AutoScaling::LaunchConfiguration',
  properties: {
    real: [
      'AssociatePublicIpAddress',
      'BlockDeviceMappings',
      'IamInstanceProfile',
      'ImageId',
      'InstanceType',
      'KeyName',
      'LaunchConfigurationName',
      'MetadataOptions',
      'SecurityGroups',
      'UserData',
    ],
    recorded: ['EbsOptimized', 'InstanceMonitoring', 'PlacementTenancy', 'SpotPrice'],
    rejected: ['InstanceId'],
  },
  create(region, properties, context) {
    const name = properties.text('LaunchConfigurationName') ?? nameOf(context, 255);
    const data = Object.fromEntries(
      OF_AN_INSTANCE.flatMap((each) => {
        const value = properties.json(each);
        return value === undefined ? [] : [[each, value] as const];
      }),
    );
    if (properties.has('InstanceId')) {
      const message = 'A launch configuration made of an instance is not modelled.';
      properties.fail('InstanceId', message, 'Write out its ImageId, InstanceType and so on.');
    }
    properties.requiredText('ImageId');
    properties.requiredText('InstanceType');
    if (region.launchConfigurations[name] !== undefined) {
      const message = `There is already a launch configuration "${name}".`;
      properties.report('LaunchConfigurationName', message);
    }
    properties.check();
    const arn = arnOf(
      context,
      'autoscaling',
      `launchConfiguration:${name}:launchConfigurationName/${name}`,
    );
    return {
      region: put(region, 'launchConfigurations', name, { name, arn, data }),
      physicalId: name,
      attributes: {},
    };
  },
};
