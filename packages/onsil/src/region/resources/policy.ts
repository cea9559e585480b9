import { statementsOf } from './policy-document.ts';
import { nameOf, type ResourceType } from './resource-type.ts';
import { attachToRoles } from './role.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-policy.html */
export const policy: ResourceType = {
  type: 'AWS::IAM::Policy',
  properties: {
    real: ['PolicyDocument', 'PolicyName', 'Roles'],
  },
  create(region, properties, context) {
    properties.requiredText('PolicyName');
    const statements = statementsOf(properties, 'PolicyDocument', context.account);
    return {
      region: attachToRoles(region, properties, statements),
      physicalId: nameOf(context),
      attributes: { Id: nameOf(context) },
    };
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-rolepolicy.html */
export const rolePolicy: ResourceType = {
  type: 'AWS::IAM::RolePolicy',
  properties: {
    real: ['PolicyDocument', 'PolicyName', 'RoleName'],
  },
  create(region, properties, context) {
    properties.requiredText('PolicyName');
    const found = properties.reference('RoleName', region.roles, 'role');
    const statements = properties.has('PolicyDocument')
      ? statementsOf(properties, 'PolicyDocument', context.account)
      : [];
    properties.check();
    const next = { ...found, statements: [...found.statements, ...statements] };
    return {
      region: { ...region, roles: { ...region.roles, [found.name]: next } },
      physicalId: nameOf(context),
      attributes: {},
    };
  },
};
