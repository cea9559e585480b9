import { put, type Region } from '../region.ts';
import type { SecurityGroup } from '../security-group.ts';
import type { Properties } from './properties.ts';
import { type Created, idOf, type ResourceContext, type ResourceType } from './resource-type.ts';
import { type Direction, findGroup, ruleOf, withPrefixLists } from './security-group-rule.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroupingress.html */
export const securityGroupIngress: ResourceType = {
  type: 'AWS::EC2::SecurityGroupIngress',
  properties: {
    real: [
      'CidrIp',
      'CidrIpv6',
      'Description',
      'FromPort',
      'GroupId',
      'GroupName',
      'IpProtocol',
      'SourcePrefixListId',
      'SourceSecurityGroupId',
      'SourceSecurityGroupName',
      'ToPort',
    ],
    recorded: ['SourceSecurityGroupOwnerId'],
  },
  create: (region, properties, context) => addRule(region, properties, context, 'ingress'),
};

/** Adds one rule to a group that exists. */
export function addRule(
  region: Region,
  properties: Properties,
  context: ResourceContext,
  direction: Direction,
): Created {
  const group = groupOf(region, properties);
  const id = idOf(context, 'sgr');
  const rule = ruleOf(region, group.vpcId, properties, direction, id);
  properties.check();
  const created = { physicalId: id, attributes: { Id: id } };
  if (rule === undefined) return { ...created, region, status: 'recorded' };
  const next = { ...group, [direction]: [...group[direction], rule] };
  const known = withPrefixLists(region, [rule]);
  return { ...created, region: put(known, 'securityGroups', group.id, next) };
}

function groupOf(region: Region, properties: Properties): SecurityGroup {
  if (properties.has('GroupId')) {
    return properties.reference('GroupId', region.securityGroups, 'security group');
  }
  const name = properties.requiredText('GroupName');
  properties.check();
  const group = Object.values(region.vpcs)
    .map((vpc) => findGroup(region, vpc.id, name))
    .find((found) => found !== undefined);
  return group ?? properties.fail('GroupName', `There is no security group named "${name}".`);
}
