import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnetroutetableassociation.html */
export const subnetRouteTableAssociation: ResourceType = {
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: {
    real: ['RouteTableId', 'SubnetId'],
  },
  create(region, properties, context) {
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const table = properties.reference('RouteTableId', region.routeTables, 'route table');
    if (subnet.vpcId !== table.vpcId) {
      properties.fail(
        'RouteTableId',
        `${table.id} is in ${table.vpcId}, the subnet in ${subnet.vpcId}.`,
      );
    }
    const main = region.vpcs[subnet.vpcId]?.mainRouteTableId;
    if (subnet.routeTableId !== main) {
      properties.fail(
        'SubnetId',
        `${subnet.id} is already associated with ${subnet.routeTableId}; a subnet has one route table.`,
      );
    }
    properties.check();
    const id = idOf(context, 'rtbassoc');
    return {
      region: put(region, 'subnets', subnet.id, { ...subnet, routeTableId: table.id }),
      physicalId: id,
      attributes: { Id: id },
    };
  },
};
