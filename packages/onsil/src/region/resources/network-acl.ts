import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/**
 * Without entries it denies everything.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkacl.html
 */
export const networkAcl: ResourceType = {
  type: 'AWS::EC2::NetworkAcl',
  properties: {
    real: ['Tags', 'VpcId'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const tags = properties.tags();
    properties.check();
    const id = idOf(context, 'acl');
    const made = { id, vpcId: vpc.id, isDefault: false, entries: [], tags };
    return { region: put(region, 'networkAcls', id, made), physicalId: id, attributes: { Id: id } };
  },
};
