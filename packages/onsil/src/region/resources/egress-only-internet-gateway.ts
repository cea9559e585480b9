import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-egressonlyinternetgateway.html */
export const egressOnlyInternetGateway: ResourceType = {
  type: 'AWS::EC2::EgressOnlyInternetGateway',
  properties: {
    real: ['Tags', 'VpcId'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const tags = properties.tags();
    properties.check();
    const id = idOf(context, 'eigw');
    const made = { id, vpcId: vpc.id, tags };
    return {
      region: put(region, 'egressOnlyInternetGateways', id, made),
      physicalId: id,
      attributes: { Id: id },
    };
  },
};
