import { put, type Region } from '../region.ts';
import type { PolicyStatement, Role } from '../role.ts';
import { statementsOf, trustStatementsOf, trustsOf } from './policy-document.ts';
import type { Properties } from './properties.ts';
import { arnOf, codeOf, nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html */
export const role: ResourceType = {
  type: 'AWS::IAM::Role',
  properties: {
    real: [
      'AssumeRolePolicyDocument',
      'ManagedPolicyArns',
      'Path',
      'PermissionsBoundary',
      'Policies',
      'RoleName',
    ],
    recorded: ['Description', 'MaxSessionDuration', 'Tags'],
  },
  create(region, properties, context) {
    const name = properties.text('RoleName') ?? nameOf(context);
    const trusts = trustsOf(properties, 'AssumeRolePolicyDocument');
    const statements = properties.groups('Policies').flatMap((policy) => {
      policy.requiredText('PolicyName');
      return statementsOf(policy, 'PolicyDocument', context.account);
    });
    const managedPolicyArns = properties.texts('ManagedPolicyArns');
    const path = properties.text('Path') ?? '/';
    properties.ignore('Description', 'MaxSessionDuration', 'PermissionsBoundary', 'Tags');
    if (properties.has('PermissionsBoundary')) {
      properties.warn('PermissionsBoundary', 'A permissions boundary is not modelled.');
    }
    if (region.roles[name] !== undefined) {
      properties.report('RoleName', `There is already a role "${name}".`);
    }
    properties.check();
    const own = managedPolicyArns.flatMap((arn) => region.managedPolicies[arn]?.statements ?? []);
    const made: Role = {
      id: `AROA${codeOf(context, 17)}`,
      name,
      arn: arnOf(context, 'iam', `role${path}${name}`),
      ...{
        trusts,
        trust: trustStatementsOf(properties, 'AssumeRolePolicyDocument', region.account),
      },
      statements: [...statements, ...own],
      managedPolicyArns,
    };
    return {
      region: put(region, 'roles', name, made),
      physicalId: name,
      attributes: { Arn: made.arn, RoleId: made.id },
    };
  },
};

/** The region with statements, and the ARN of a managed policy, added to the roles of `Roles`. */
export function attachToRoles(
  region: Region,
  properties: Properties,
  statements: readonly PolicyStatement[],
  arn?: string,
): Region {
  const named = properties.texts('Roles').map((name, index) => {
    const found = region.roles[name];
    const names = Object.keys(region.roles).join(', ') || 'none';
    if (found === undefined) {
      properties.report(`Roles[${index}]`, `There is no role "${name}"; there are ${names}.`);
    }
    return found;
  });
  properties.check();
  return named.reduce<Region>((next, found) => {
    if (found === undefined) return next;
    const arns = arn === undefined ? [] : [arn];
    return put(next, 'roles', found.name, {
      ...found,
      statements: [...found.statements, ...statements],
      managedPolicyArns: [...found.managedPolicyArns, ...arns],
    });
  }, region);
}
