import { put } from '../region.ts';
import type { SecurityGroupRule } from '../security-group.ts';
import { vpcOrDefault } from './default-vpc.ts';
import { idOf, nameOf, type ResourceType } from './resource-type.ts';
import { type Direction, ruleOf, withPrefixLists } from './security-group-rule.ts';
import { allIpv6Egress } from './vpc-ipv6-defaults.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html */
export const securityGroup: ResourceType = {
  type: 'AWS::EC2::SecurityGroup',
  properties: {
    real: [
      'GroupDescription',
      'GroupName',
      'SecurityGroupEgress',
      'SecurityGroupIngress',
      'Tags',
      'VpcId',
    ],
  },
  create(region, properties, context) {
    const vpc = vpcOrDefault(region, properties, 'group');
    const description = properties.requiredText('GroupDescription');
    const name = properties.text('GroupName') ?? nameOf(context, 255);
    const tags = properties.tags();
    if (name.startsWith('sg-')) {
      properties.report('GroupName', `"${name}" starts with sg-, which AWS keeps for ids.`);
    }
    const twin = Object.values(region.securityGroups).find(
      (group) => group.vpcId === vpc.id && group.name === name,
    );
    if (twin !== undefined) {
      properties.report('GroupName', `${vpc.id} already has a group named "${name}": ${twin.id}.`);
    }
    const id = idOf(context, 'sg');
    const rulesOf = (property: string, direction: Direction) =>
      properties.groups(property).flatMap((rule, index) => {
        const ruleId = idOf(context, 'sgr', `${direction}-${index}`);
        return ruleOf(region, vpc.id, rule, direction, ruleId) ?? [];
      });
    const ingress = rulesOf('SecurityGroupIngress', 'ingress');
    const egress = rulesOf('SecurityGroupEgress', 'egress');
    const given = properties.json('SecurityGroupEgress');
    properties.check();
    // None given, or an empty list: AWS keeps the rule that allows everything out.
    const none = given === undefined || (Array.isArray(given) && given.length === 0);
    const everything: readonly SecurityGroupRule[] = [
      {
        id: idOf(context, 'sgr', 'default-egress'),
        protocol: -1,
        peer: { kind: 'cidr', cidr: '0.0.0.0/0' },
      },
      ...(vpc.ipv6Cidrs.length > 0 ? [allIpv6Egress(context)] : []),
    ];
    const made = {
      id,
      vpcId: vpc.id,
      name,
      description,
      ingress,
      egress: none ? everything : egress,
      tags,
    };
    return {
      region: put(withPrefixLists(region, [...ingress, ...egress]), 'securityGroups', id, made),
      physicalId: id,
      attributes: { GroupId: id, Id: id, VpcId: vpc.id, GroupName: name },
    };
  },
};
