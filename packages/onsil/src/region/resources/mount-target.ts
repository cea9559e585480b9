import type { MountTarget } from '../file-system.ts';
import { put } from '../region.ts';
import { groupIdsOf } from './network-interface.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { withServiceInterface } from './service-interface.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-efs-mounttarget.html */
export const mountTarget: ResourceType = {
  type: 'AWS::EFS::MountTarget',
  properties: {
    real: ['FileSystemId', 'IpAddress', 'SecurityGroups', 'SubnetId'],
  },
  create(region, properties, context) {
    const of = properties.reference('FileSystemId', region.fileSystems, 'file system');
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const groups = groupIdsOf(region, properties, subnet.vpcId, ['SecurityGroups']);
    const privateIp = properties.text('IpAddress');
    const twin = Object.values(region.mountTargets).find(
      (each) => each.fileSystemId === of.id && region.subnets[each.subnetId]?.zone === subnet.zone,
    );
    if (twin !== undefined) {
      properties.report(
        'SubnetId',
        `${of.id} already has the mount target ${twin.id} in ${subnet.zone}.`,
      );
    }
    properties.check();
    const id = idOf(context, 'fsmt');
    const networkInterfaceId = idOf(context, 'eni');
    const next = withServiceInterface(region, properties, {
      id: networkInterfaceId,
      name: context.logicalId,
      of: { table: 'mountTargets', key: id },
      ...{ subnet, securityGroupIds: groups, isPublic: false },
      description: `EFS mount target for ${of.id} (${id})`,
      ...(privateIp === undefined ? {} : { privateIp }),
    });
    const made: MountTarget = {
      ...{ id, fileSystemId: of.id, subnetId: subnet.id, vpcId: subnet.vpcId, networkInterfaceId },
    };
    const address = next.networkInterfaces[networkInterfaceId]?.privateIps[0] ?? '';
    return {
      region: put(next, 'mountTargets', id, made),
      physicalId: id,
      attributes: { Id: id, IpAddress: address },
    };
  },
};
