import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { zoneOf } from './subnet.ts';

/** GiB. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
const LARGEST = 65_536;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-volume.html */
export const volume: ResourceType = {
  type: 'AWS::EC2::Volume',
  properties: {
    real: ['AvailabilityZone', 'Encrypted', 'Size', 'Tags', 'VolumeType'],
    recorded: ['AutoEnableIO', 'Iops', 'KmsKeyId', 'MultiAttachEnabled', 'Throughput'],
  },
  create(region, properties, context) {
    const size = properties.requiredNumber('Size', 1, LARGEST);
    if (!properties.has('AvailabilityZone')) {
      properties.report('AvailabilityZone', 'This property is required.');
    }
    const zone = zoneOf(region, properties);
    const type = properties.text('VolumeType') ?? 'gp2';
    const encrypted = properties.boolean('Encrypted') ?? false;
    const tags = properties.tags();
    properties.ignore('AutoEnableIO', 'Iops', 'KmsKeyId', 'MultiAttachEnabled', 'Throughput');
    properties.check();
    const id = idOf(context, 'vol');
    const made = { id, size, type, encrypted, zone, root: false, tags };
    return {
      region: put(region, 'volumes', id, made),
      physicalId: id,
      attributes: { VolumeId: id },
    };
  },
};
