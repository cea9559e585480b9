import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { zoneOf } from './subnet.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-volume.html */
export const volume: ResourceType = {
  type: 'AWS::EC2::Volume',
  create(region, properties, context) {
    const size = properties.number('Size');
    if (size === undefined || size < 1) {
      properties.report(
        'Size',
        `${size ?? 'Nothing'} is not a size in GiB; a volume has 1 or more.`,
      );
    }
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
    const made = { id, size: size ?? 0, type, encrypted, zone, root: false, tags };
    return {
      region: put(region, 'volumes', id, made),
      physicalId: id,
      attributes: { VolumeId: id },
    };
  },
};
