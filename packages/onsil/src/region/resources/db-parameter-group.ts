import { asText, isMap } from '../json.ts';
import { put } from '../region.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbparametergroup.html */
export const dbParameterGroup = parameterGroup(
  'AWS::RDS::DBParameterGroup',
  'DBParameterGroupName',
  false,
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbclusterparametergroup.html */
export const dbClusterParameterGroup = parameterGroup(
  'AWS::RDS::DBClusterParameterGroup',
  'DBClusterParameterGroupName',
  true,
);

function parameterGroup(type: string, nameProperty: string, ofCluster: boolean): ResourceType {
  return {
    type,
    properties: { real: [nameProperty, 'Description', 'Family', 'Parameters', 'Tags'] },
    create(region, properties, context) {
      const name = (properties.text(nameProperty) ?? nameOf(context, 255)).toLowerCase();
      const family = properties.requiredText('Family');
      const description = properties.text('Description') ?? '';
      const given = properties.json('Parameters');
      const tags = properties.tags();
      properties.check();
      const parameters = Object.fromEntries(
        Object.entries(isMap(given) ? given : {}).map(([key, value]) => [key, asText(value)]),
      );
      const made = { name, family, description, ofCluster, parameters, tags };
      return {
        region: put(region, 'dbParameterGroups', name, made),
        physicalId: name,
        attributes: { [nameProperty]: name },
      };
    },
  };
}
