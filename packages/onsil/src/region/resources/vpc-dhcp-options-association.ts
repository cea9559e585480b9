import { put } from '../region.ts';
import type { ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcdhcpoptionsassociation.html */
export const vpcDhcpOptionsAssociation: ResourceType = {
  type: 'AWS::EC2::VPCDHCPOptionsAssociation',
  properties: {
    real: ['DhcpOptionsId', 'VpcId'],
  },
  create(region, properties) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const isDefault = properties.text('DhcpOptionsId') === 'default';
    const options = isDefault
      ? undefined
      : properties.reference('DhcpOptionsId', region.dhcpOptions, 'set of DHCP options');
    const servers = options?.domainNameServers ?? ['AmazonProvidedDNS'];
    if (!servers.includes('AmazonProvidedDNS')) {
      const message = `The name servers ${servers.join(', ')} are not handed out: instances ask the resolver of the VPC.`;
      properties.warn('DhcpOptionsId', message);
    }
    properties.check();
    const { dhcpOptionsId: _former, ...rest } = vpc;
    const made = options === undefined ? rest : { ...rest, dhcpOptionsId: options.id };
    return {
      region: put(region, 'vpcs', vpc.id, made),
      physicalId: `${options?.id ?? 'default'}|${vpc.id}`,
      attributes: {},
    };
  },
};
