import { put } from '../region.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html */
export const parameter: ResourceType = {
  type: 'AWS::SSM::Parameter',
  properties: {
    real: ['AllowedPattern', 'Name', 'Type', 'Value'],
    recorded: ['DataType', 'Description', 'Policies', 'Tags', 'Tier'],
  },
  create(region, properties, context) {
    const name = properties.text('Name') ?? `CFN-${nameOf(context)}`;
    // AWS does not let templates make SecureString parameters: their values would be in the template.
    const type = properties.oneOf('Type', ['String', 'StringList']);
    if (!properties.has('Type')) properties.report('Type', 'This property is required.');
    const value = properties.requiredText('Value');
    const pattern = properties.text('AllowedPattern');
    if (pattern !== undefined && !new RegExp(pattern).test(value)) {
      properties.report('Value', `${JSON.stringify(value)} does not match ${pattern}.`);
    }
    properties.ignore('DataType', 'Description', 'Policies', 'Tags', 'Tier');
    const there = region.parameters[name];
    if (there !== undefined && there.standIn !== true) {
      properties.report('Name', `There is already a parameter "${name}" in this region.`);
    }
    properties.check();
    const made = { name, type: type ?? 'String', value };
    return {
      region: put(region, 'parameters', name, made),
      physicalId: name,
      attributes: { Type: made.type, Value: value },
    };
  },
};
