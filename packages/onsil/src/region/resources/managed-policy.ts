import { put } from '../region.ts';
import { statementsOf } from './policy-document.ts';
import { arnOf, codeOf, nameOf, type ResourceType } from './resource-type.ts';
import { attachToRoles } from './role.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-managedpolicy.html */
export const managedPolicy: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    real: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    recorded: ['Description'],
  },
  create(region, properties, context) {
    const name = properties.text('ManagedPolicyName') ?? nameOf(context, 128);
    const statements = statementsOf(properties, 'PolicyDocument', context.account);
    const arn = arnOf(context, 'iam', `policy${properties.text('Path') ?? '/'}${name}`);
    properties.ignore('Description');
    if (region.managedPolicies[arn] !== undefined) {
      properties.report('ManagedPolicyName', `There is already a managed policy "${name}".`);
    }
    const attached = attachToRoles(region, properties, statements, arn);
    return {
      region: put(attached, 'managedPolicies', arn, { arn, name, statements }),
      physicalId: arn,
      attributes: {
        PolicyArn: arn,
        PolicyId: `ANPA${codeOf(context, 17)}`,
        DefaultVersionId: 'v1',
      },
    };
  },
};
