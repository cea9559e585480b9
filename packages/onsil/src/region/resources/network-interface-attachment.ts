import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkinterfaceattachment.html */
export const networkInterfaceAttachment: ResourceType = {
  type: 'AWS::EC2::NetworkInterfaceAttachment',
  properties: {
    real: ['DeviceIndex', 'InstanceId', 'NetworkInterfaceId'],
    recorded: ['DeleteOnTermination'],
  },
  create(region, properties, context) {
    const instance = properties.reference('InstanceId', region.instances, 'instance');
    const networkInterface = properties.reference(
      'NetworkInterfaceId',
      region.networkInterfaces,
      'network interface',
    );
    const deviceIndex = properties.number('DeviceIndex');
    properties.ignore('DeleteOnTermination');
    if (deviceIndex === undefined) {
      properties.report('DeviceIndex', 'This property is required: 1 for the second interface.');
    }
    const { attachment, id, subnetId } = networkInterface;
    if (attachment !== undefined) {
      properties.report(
        'NetworkInterfaceId',
        `${id} is already attached to ${attachment.instanceId}.`,
      );
    }
    const taken = instance.networkInterfaceIds.find(
      (other) => region.networkInterfaces[other]?.attachment?.deviceIndex === deviceIndex,
    );
    if (taken !== undefined) {
      properties.report('DeviceIndex', `${instance.id} already has ${taken} at ${deviceIndex}.`);
    }
    const zone = region.subnets[subnetId]?.zone;
    if (zone !== instance.zone) {
      properties.report(
        'NetworkInterfaceId',
        `${id} is in ${zone}, the instance in ${instance.zone}.`,
      );
    }
    properties.check();
    const attached = put(region, 'networkInterfaces', id, {
      ...networkInterface,
      attachment: { instanceId: instance.id, deviceIndex: deviceIndex ?? 1 },
    });
    const indexOf = (each: string) =>
      attached.networkInterfaces[each]?.attachment?.deviceIndex ?? 0;
    const networkInterfaceIds = [...instance.networkInterfaceIds, id].toSorted(
      (a, b) => indexOf(a) - indexOf(b),
    );
    const attachmentId = idOf(context, 'eni-attach');
    return {
      region: put(attached, 'instances', instance.id, { ...instance, networkInterfaceIds }),
      physicalId: attachmentId,
      attributes: { AttachmentId: attachmentId },
    };
  },
};
