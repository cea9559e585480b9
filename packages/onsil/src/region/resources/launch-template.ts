import { isMap } from '../json.ts';
import type { LaunchTemplate } from '../launch-template.ts';
import { put, type Region } from '../region.ts';
import { INSTANCE_PROPERTIES } from './instance-properties.ts';
import type { Properties } from './properties.ts';
import { idOf, nameOf, type ResourceType } from './resource-type.ts';

/**
 * Kept for the instances that refer to it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-launchtemplate.html
 */
export const launchTemplate: ResourceType = {
  type: 'AWS::EC2::LaunchTemplate',
  properties: {
    real: ['LaunchTemplateData', 'LaunchTemplateName'],
    recorded: ['TagSpecifications', 'VersionDescription'],
  },
  create(region, properties, context) {
    const name = properties.text('LaunchTemplateName') ?? nameOf(context, 128);
    properties.group('LaunchTemplateData')?.ignore(...INSTANCE_PROPERTIES);
    const data = properties.json('LaunchTemplateData');
    properties.ignore('TagSpecifications', 'VersionDescription');
    if (data === undefined) properties.report('LaunchTemplateData', 'This property is required.');
    if (Object.values(region.launchTemplates).some((other) => other.name === name)) {
      properties.report('LaunchTemplateName', `There is already a launch template "${name}".`);
    }
    properties.check();
    const id = idOf(context, 'lt');
    const made: LaunchTemplate = { id, name, data: isMap(data) ? data : {} };
    return {
      region: put(region, 'launchTemplates', id, made),
      physicalId: id,
      attributes: { LaunchTemplateId: id, DefaultVersionNumber: '1', LatestVersionNumber: '1' },
    };
  },
};

/** The properties of an instance on top of those of the launch template that it names. */
export function withLaunchTemplate(region: Region, properties: Properties): Properties {
  const reference = properties.group('LaunchTemplate');
  if (reference === undefined) return properties;
  return properties.withDefaults(launchTemplateOf(region, reference).data);
}

/** The launch template that LaunchTemplateId or LaunchTemplateName names. */
export function launchTemplateOf(region: Region, reference: Properties): LaunchTemplate {
  // Every launch template has its one version: 1, which is the latest and the default one.
  reference.ignore('Version');
  if (reference.has('LaunchTemplateId')) {
    return reference.reference('LaunchTemplateId', region.launchTemplates, 'launch template');
  }
  const name = reference.requiredText('LaunchTemplateName');
  const found = Object.values(region.launchTemplates).find((each) => each.name === name);
  if (found !== undefined) return found;
  return reference.fail('LaunchTemplateName', `There is no launch template "${name}".`);
}
