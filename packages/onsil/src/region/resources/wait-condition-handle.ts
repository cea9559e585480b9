import { hashOf } from '../hash.ts';
import { put } from '../region.ts';
import { idOf, type ResourceType, seedOf } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-waitconditionhandle.html */
export const waitConditionHandle: ResourceType = {
  type: 'AWS::CloudFormation::WaitConditionHandle',
  properties: {
    real: [],
  },
  create(region, _properties, context) {
    const { secret, logicalId, regionName } = context;
    const token = hashOf('wait condition', secret, ...seedOf(context));
    const url = `https://cloudformation-waitcondition-${regionName}.s3.${regionName}.amazonaws.com/${token}`;
    const id = idOf(context, 'handle');
    return {
      region: put(region, 'waitConditionHandles', id, { id, logicalId, url }),
      physicalId: url,
      attributes: {},
    };
  },
};
