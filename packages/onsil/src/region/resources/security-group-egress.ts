import type { ResourceType } from './resource-type.ts';
import { addRule } from './security-group-ingress.ts';

/**
 * A group that was made without egress rules keeps its rule that allows everything.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroupegress.html
 */
export const securityGroupEgress: ResourceType = {
  type: 'AWS::EC2::SecurityGroupEgress',
  properties: {
    real: [
      'CidrIp',
      'CidrIpv6',
      'Description',
      'DestinationPrefixListId',
      'DestinationSecurityGroupId',
      'FromPort',
      'GroupId',
      'IpProtocol',
      'ToPort',
    ],
  },
  create: (region, properties, context) => addRule(region, properties, context, 'egress'),
};
