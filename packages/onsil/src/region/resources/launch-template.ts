import { isMap } from '../json.ts';
import { type LaunchTemplate, type LaunchTemplateVersion, versionOf } from '../launch-template.ts';
import { isEqual } from '../merge.ts';
import { list } from '../problem.ts';
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
    const { formerVersions: former = [] } = context;
    const latest = isMap(data) ? data : {};
    // As on AWS, other data is a version of its own, and the earlier ones stay.
    const versions = (isEqual(former.at(-1), latest) ? former : [...former, latest]).map(
      (each, index): LaunchTemplateVersion => ({ number: index + 1, data: each }),
    );
    const made: LaunchTemplate = { id, name, versions };
    const LatestVersionNumber = String(versions.length);
    return {
      region: put(region, 'launchTemplates', id, made),
      physicalId: id,
      attributes: { LaunchTemplateId: id, DefaultVersionNumber: '1', LatestVersionNumber },
    };
  },
};

/** The properties of an instance on top of those of the launch template that it names. */
export function withLaunchTemplate(region: Region, properties: Properties): Properties {
  const reference = properties.group('LaunchTemplate');
  if (reference === undefined) return properties;
  return properties.withDefaults(launchTemplateOf(region, reference).version.data);
}

export interface ChosenTemplate {
  readonly template: LaunchTemplate;
  /** As it was written; the default one where it was not. */
  readonly asked: string;
  readonly version: LaunchTemplateVersion;
}

/** The launch template that LaunchTemplateId or LaunchTemplateName names, and its version. */
export function launchTemplateOf(region: Region, reference: Properties): ChosenTemplate {
  const template = namedTemplate(region, reference);
  const asked = reference.text('Version') ?? '$Default';
  const version = versionOf(template, asked);
  if (version !== undefined) return { template, asked, version };
  const numbers = list(template.versions.map(({ number }) => String(number)));
  const message = `"${asked}" is no version of ${template.id}; it has ${numbers}.`;
  return reference.fail('Version', message, 'Give one of them, $Latest or $Default.');
}

function namedTemplate(region: Region, reference: Properties): LaunchTemplate {
  if (reference.has('LaunchTemplateId')) {
    return reference.reference('LaunchTemplateId', region.launchTemplates, 'launch template');
  }
  const name = reference.requiredText('LaunchTemplateName');
  const found = Object.values(region.launchTemplates).find((each) => each.name === name);
  if (found !== undefined) return found;
  return reference.fail('LaunchTemplateName', `There is no launch template "${name}".`);
}
