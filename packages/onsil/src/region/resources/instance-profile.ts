import { put } from '../region.ts';
import { arnOf, codeOf, nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-instanceprofile.html */
export const instanceProfile: ResourceType = {
  type: 'AWS::IAM::InstanceProfile',
  properties: {
    real: ['InstanceProfileName', 'Path', 'Roles'],
  },
  create(region, properties, context) {
    const name = properties.text('InstanceProfileName') ?? nameOf(context, 128);
    const roles = properties.texts('Roles');
    const [roleName = '', ...more] = roles;
    const path = properties.text('Path') ?? '/';
    if (roles.length === 0) properties.report('Roles', 'This property is required: one role.');
    if (more.length > 0) {
      properties.report('Roles', `There are ${roles.length} roles; an instance profile has one.`);
    }
    if (roleName !== '' && region.roles[roleName] === undefined) {
      const names = Object.keys(region.roles).join(', ') || 'none';
      properties.report('Roles[0]', `There is no role "${roleName}"; there are ${names}.`);
    }
    if (region.instanceProfiles[name] !== undefined) {
      properties.report('InstanceProfileName', `There is already an instance profile "${name}".`);
    }
    properties.check();
    const arn = arnOf(context, 'iam', `instance-profile${path}${name}`);
    const made = { id: `AIPA${codeOf(context, 17)}`, name, arn, roleName };
    return {
      region: put(region, 'instanceProfiles', name, made),
      physicalId: name,
      attributes: { Arn: arn },
    };
  },
};
