import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-internetgateway.html */
export const internetGateway: ResourceType = {
  type: 'AWS::EC2::InternetGateway',
  properties: {
    real: ['Tags'],
  },
  create(region, properties, context) {
    const tags = properties.tags();
    properties.check();
    const id = idOf(context, 'igw');
    return {
      region: put(region, 'internetGateways', id, { id, tags }),
      physicalId: id,
      attributes: { InternetGatewayId: id },
    };
  },
};
