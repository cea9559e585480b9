import type { DbSubnetGroup } from '../db-instance.ts';
import { list } from '../problem.ts';
import { put } from '../region.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbsubnetgroup.html */
export const dbSubnetGroup: ResourceType = {
  type: 'AWS::RDS::DBSubnetGroup',
  properties: {
    real: ['DBSubnetGroupDescription', 'DBSubnetGroupName', 'SubnetIds', 'Tags'],
  },
  create(region, properties, context) {
    const name = (properties.text('DBSubnetGroupName') ?? nameOf(context, 255)).toLowerCase();
    const description = properties.requiredText('DBSubnetGroupDescription');
    const subnets = properties.references('SubnetIds', region.subnets, 'subnet');
    if (!properties.has('SubnetIds')) properties.report('SubnetIds', 'This property is required.');
    const tags = properties.tags();
    if (region.dbSubnetGroups[name] !== undefined) {
      properties.report('DBSubnetGroupName', `There is already a DB subnet group "${name}".`);
    }
    properties.check();
    const vpcIds = [...new Set(subnets.map(({ vpcId }) => vpcId))];
    if (vpcIds.length > 1) {
      properties.fail('SubnetIds', `The subnets are in several VPCs: ${list(vpcIds)}.`);
    }
    const zones = [...new Set(subnets.map(({ zone }) => zone))];
    if (zones.length < 2) {
      properties.fail(
        'SubnetIds',
        `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${list(zones)}.`,
        'Add subnets to cover at least 2 AZs.',
      );
    }
    const made: DbSubnetGroup = {
      ...{ name, description, vpcId: vpcIds[0] ?? '', tags },
      subnetIds: subnets.map(({ id }) => id),
    };
    return { region: put(region, 'dbSubnetGroups', name, made), physicalId: name, attributes: {} };
  },
};
