import { macAddressOf } from '../allocate.ts';
import type { NatGateway } from '../nat-gateway.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { put, type Region } from '../region.ts';
import { associate } from './elastic-ip.ts';
import { primaryIpOf } from './interface-addresses.ts';
import type { Properties } from './properties.ts';
import { idOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-natgateway.html */
export const natGateway: ResourceType = {
  type: 'AWS::EC2::NatGateway',
  properties: {
    real: [
      'AllocationId',
      'AvailabilityMode',
      'ConnectivityType',
      'PrivateIpAddress',
      'SubnetId',
      'Tags',
    ],
    recorded: ['MaxDrainDurationSeconds'],
  },
  create(region, properties, context) {
    if (properties.oneOf('AvailabilityMode', ['zonal', 'regional']) === 'regional') {
      const message = 'A regional NAT gateway is not modelled: it is recorded by name only.';
      properties.warn('AvailabilityMode', message, 'Give the SubnetId of a subnet.');
      const id = nameOf(context);
      return { region, physicalId: id, attributes: { NatGatewayId: id }, status: 'recorded' };
    }
    const subnet = properties.reference('SubnetId', region.subnets, 'subnet');
    const connectivity = properties.oneOf('ConnectivityType', ['public', 'private']) ?? 'public';
    const tags = properties.tags();
    properties.ignore('MaxDrainDurationSeconds');
    const id = idOf(context, 'nat');
    const networkInterfaceId = idOf(context, 'eni');
    const networkInterface: NetworkInterface = {
      id: networkInterfaceId,
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      privateIps: primaryIpOf(region, properties, subnet, id),
      ipv6Addresses: [],
      securityGroupIds: [],
      sourceDestCheck: false,
      macAddress: macAddressOf(networkInterfaceId),
      managedBy: { kind: 'nat-gateway', id },
      description: `Interface for NAT Gateway ${id}`,
      tags: {},
    };
    const made: NatGateway = {
      id,
      vpcId: subnet.vpcId,
      subnetId: subnet.id,
      connectivity,
      networkInterfaceId,
      tags,
    };
    const withInterface = put(region, 'networkInterfaces', networkInterfaceId, networkInterface);
    const withAddress =
      connectivity === 'public'
        ? withElasticIp(withInterface, properties, networkInterface, context)
        : withInterface;
    if (connectivity === 'private' && properties.has('AllocationId')) {
      const message = 'A private NAT gateway has no Elastic IP.';
      properties.report('AllocationId', message, 'Leave the property out.');
    }
    properties.check();
    return {
      region: put(withAddress, 'natGateways', id, made),
      physicalId: id,
      attributes: { NatGatewayId: id },
    };
  },
};

function withElasticIp(
  region: Region,
  properties: Properties,
  networkInterface: NetworkInterface,
  context: ResourceContext,
): Region {
  const { vpcId } = networkInterface;
  if (!properties.has('AllocationId')) {
    properties.fail(
      'AllocationId',
      'A public NAT gateway needs an Elastic IP.',
      'Give !GetAtt of the AllocationId of an AWS::EC2::EIP, or ConnectivityType: private.',
    );
  }
  const elasticIp = properties.reference('AllocationId', region.elasticIps, 'Elastic IP');
  const gateways = Object.values(region.internetGateways);
  if (!gateways.some((gateway) => gateway.vpcId === vpcId)) {
    properties.warn(
      '',
      `The NAT gateway is made before ${vpcId} has an Internet gateway: on AWS this fails or not, by chance.`,
      'Give it a DependsOn on the AWS::EC2::VPCGatewayAttachment.',
    );
  }
  return associate(region, properties, elasticIp, networkInterface, context);
}
