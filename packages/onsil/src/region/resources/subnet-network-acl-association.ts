import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnetnetworkaclassociation.html */
export const subnetNetworkAclAssociation: ResourceType = {
  type: 'AWS::EC2::SubnetNetworkAclAssociation',
  properties: {
    real: ['NetworkAclId', 'SubnetId'],
  },
  create(region, properties, context) {
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const acl = properties.reference('NetworkAclId', region.networkAcls, 'network ACL');
    if (subnet.vpcId !== acl.vpcId) {
      properties.fail(
        'NetworkAclId',
        `${acl.id} is in ${acl.vpcId}, the subnet in ${subnet.vpcId}.`,
      );
    }
    const id = idOf(context, 'aclassoc');
    return {
      region: put(region, 'subnets', subnet.id, { ...subnet, networkAclId: acl.id }),
      physicalId: id,
      attributes: { AssociationId: id },
    };
  },
};
