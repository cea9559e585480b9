import { put } from '../region.ts';
import { arnOf, codeOf, idOf, type ResourceType } from './resource-type.ts';

/** Seconds. */
const LONGEST = 43_200;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-waitcondition.html */
export const waitCondition: ResourceType = {
  type: 'AWS::CloudFormation::WaitCondition',
  properties: {
    real: ['Count', 'Handle', 'Timeout'],
  },
  create(region, properties, context) {
    const arn = arnOf(
      context,
      'cloudformation',
      `stack/${context.stackName}/${codeOf(context, 20, 'stack')}/${context.logicalId}`,
    );
    // What the signals carry is known only once they came.
    const created = { physicalId: arn, attributes: { Data: '{}' } };
    if (!properties.has('Handle')) {
      properties.warn(
        'Handle',
        'A wait condition without a handle waits for signals to the resource itself, which is not modelled.',
        'Add an AWS::CloudFormation::WaitConditionHandle.',
      );
      properties.ignore('Count', 'Timeout');
      return { ...created, region, status: 'recorded' };
    }
    const url = properties.requiredText('Handle');
    const handle = Object.values(region.waitConditionHandles).find((each) => each.url === url);
    if (handle === undefined) {
      properties.report('Handle', `"${url}" is not the URL of a wait condition handle.`);
    }
    const count = properties.number('Count') ?? 1;
    const timeout = properties.requiredNumber('Timeout', 1, LONGEST);
    if (count < 1) properties.report('Count', `${count} signals can never come; 1 is the least.`);
    properties.check();
    const id = idOf(context, 'wait');
    const made = {
      id,
      logicalId: context.logicalId,
      handleId: handle?.id ?? '',
      count,
      timeout,
    };
    return { ...created, region: put(region, 'waitConditions', id, made) };
  },
};
