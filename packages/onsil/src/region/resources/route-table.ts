import { put } from '../region.ts';
import { localRoutesOf } from './local-route.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-routetable.html */
export const routeTable: ResourceType = {
  type: 'AWS::EC2::RouteTable',
  properties: {
    real: ['Tags', 'VpcId'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const tags = properties.tags();
    properties.check();
    const id = idOf(context, 'rtb');
    const made = {
      id,
      vpcId: vpc.id,
      main: false,
      routes: localRoutesOf(vpc),
      tags,
    };
    return {
      region: put(region, 'routeTables', id, made),
      physicalId: id,
      attributes: { RouteTableId: id },
    };
  },
};
