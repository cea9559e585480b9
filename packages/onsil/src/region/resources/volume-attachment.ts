import type { Instance } from '../instance.ts';
import { put, type Region } from '../region.ts';
import type { Properties } from './properties.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-volumeattachment.html */
export const volumeAttachment: ResourceType = {
  type: 'AWS::EC2::VolumeAttachment',
  properties: {
    real: ['Device', 'InstanceId', 'VolumeId'],
  },
  create(region, properties, context) {
    const instance = properties.reference('InstanceId', region.instances, 'instance');
    return {
      region: attachVolume(region, properties, instance),
      physicalId: nameOf(context),
      attributes: {},
    };
  },
};

/** The region with the volume `VolumeId` at `Device` of the instance. */
export function attachVolume(
  region: Region,
  properties: Properties,
  instance: Pick<Instance, 'id' | 'zone'>,
): Region {
  const volume = properties.reference('VolumeId', region.volumes, 'volume');
  const device = properties.requiredText('Device');
  if (volume.attachment !== undefined) {
    const message = `${volume.id} is already attached to ${volume.attachment.instanceId}.`;
    properties.report('VolumeId', message);
  }
  if (volume.zone !== instance.zone) {
    properties.report(
      'VolumeId',
      `${volume.id} is in ${volume.zone}, the instance in ${instance.zone}.`,
    );
  }
  const other = Object.values(region.volumes).find(
    ({ attachment }) => attachment?.instanceId === instance.id && attachment.device === device,
  );
  if (other !== undefined) {
    properties.report('Device', `${instance.id} already has ${other.id} at ${device}.`);
  }
  properties.check();
  const attachment = { instanceId: instance.id, device };
  return put(region, 'volumes', volume.id, { ...volume, attachment });
}
