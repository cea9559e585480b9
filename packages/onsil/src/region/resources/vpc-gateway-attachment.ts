import { put } from '../region.ts';
import type { ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcgatewayattachment.html */
export const vpcGatewayAttachment: ResourceType = {
  type: 'AWS::EC2::VPCGatewayAttachment',
  properties: {
    real: ['InternetGatewayId', 'VpcId'],
    recorded: ['VpnGatewayId'],
  },
  create(region, properties) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    if (!properties.has('InternetGatewayId')) {
      const id = properties.requiredText('VpnGatewayId');
      properties.check();
      properties.warn('VpnGatewayId', 'A VPN gateway is not modelled: it has no effect here.');
      return { region, physicalId: `VGW|${vpc.id}`, attributes: { Id: id }, status: 'recorded' };
    }
    const gateway = properties.reference(
      'InternetGatewayId',
      region.internetGateways,
      'internet gateway',
    );
    if (gateway.vpcId !== undefined) {
      properties.fail(
        'InternetGatewayId',
        `${gateway.id} is already attached to ${gateway.vpcId}.`,
      );
    }
    const other = Object.values(region.internetGateways).find(({ vpcId }) => vpcId === vpc.id);
    if (other !== undefined) {
      properties.fail(
        'VpcId',
        `${vpc.id} already has the internet gateway ${other.id}; a VPC has at most one.`,
      );
    }
    const foreign = Object.values(region.routeTables).find(
      (table) =>
        table.vpcId !== vpc.id &&
        table.routes.some(
          ({ target }) => target.kind === 'internet-gateway' && target.id === gateway.id,
        ),
    );
    if (foreign !== undefined) {
      properties.fail('VpcId', `${foreign.id} of ${foreign.vpcId} has a route to ${gateway.id}.`);
    }
    return {
      region: put(region, 'internetGateways', gateway.id, { ...gateway, vpcId: vpc.id }),
      physicalId: `IGW|${vpc.id}`,
      attributes: { AttachmentType: 'IGW' },
    };
  },
};
