import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { subnetIpv6Block } from './subnet.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnetcidrblock.html */
export const subnetCidrBlock: ResourceType = {
  type: 'AWS::EC2::SubnetCidrBlock',
  properties: {
    real: ['Ipv6CidrBlock', 'SubnetId'],
  },
  create(region, properties, context) {
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const vpc = region.vpcs[subnet.vpcId];
    if (vpc === undefined) return properties.fail('SubnetId', `${subnet.id} is in no VPC.`);
    if (subnet.ipv6Cidr !== undefined) {
      properties.fail('SubnetId', `${subnet.id} already has the IPv6 block ${subnet.ipv6Cidr}.`);
    }
    const ipv6Cidr = subnetIpv6Block(region, properties, vpc);
    const id = idOf(context, 'subnet-cidr-assoc');
    return {
      region: put(region, 'subnets', subnet.id, { ...subnet, ipv6Cidr }),
      physicalId: id,
      attributes: { Id: id },
    };
  },
};
