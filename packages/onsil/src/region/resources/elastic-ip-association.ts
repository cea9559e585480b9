import type { ElasticIp } from '../elastic-ip.ts';
import type { Region } from '../region.ts';
import { associate, primaryOf } from './elastic-ip.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-eipassociation.html */
export const elasticIpAssociation: ResourceType = {
  type: 'AWS::EC2::EIPAssociation',
  properties: {
    real: ['AllocationId', 'EIP', 'InstanceId', 'NetworkInterfaceId', 'PrivateIpAddress'],
  },
  create(region, properties, context) {
    const address = elasticIpOf(region, properties);
    const networkInterface = properties.has('NetworkInterfaceId')
      ? properties.reference('NetworkInterfaceId', region.networkInterfaces, 'network interface')
      : primaryOf(region, properties);
    const id = idOf(context, 'eipassoc');
    return {
      region: associate(region, properties, address, networkInterface, context),
      physicalId: id,
      attributes: { Id: id },
    };
  },
};

function elasticIpOf(region: Region, properties: Properties): ElasticIp {
  if (properties.has('AllocationId')) {
    return properties.reference('AllocationId', region.elasticIps, 'Elastic IP');
  }
  const publicIp = properties.requiredText('EIP');
  properties.check();
  const found = Object.values(region.elasticIps).find((each) => each.publicIp === publicIp);
  return found ?? properties.fail('EIP', `"${publicIp}" is not an Elastic IP of this region.`);
}
