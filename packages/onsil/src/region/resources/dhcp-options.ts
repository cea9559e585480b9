import type { DhcpOptions } from '../dhcp-options.ts';
import { parseAddress } from '../ipv4.ts';
import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-dhcpoptions.html */
export const dhcpOptions: ResourceType = {
  type: 'AWS::EC2::DHCPOptions',
  properties: {
    real: [
      'DomainName',
      'DomainNameServers',
      'NetbiosNameServers',
      'NetbiosNodeType',
      'NtpServers',
      'Tags',
    ],
  },
  create(region, properties, context) {
    const id = idOf(context, 'dopt');
    const domainName = properties.text('DomainName');
    const domainNameServers = properties.texts('DomainNameServers');
    const wrong = domainNameServers.find(
      (each) => each !== 'AmazonProvidedDNS' && parseAddress(each) === undefined,
    );
    if (wrong !== undefined) {
      const message = `"${wrong}" is neither an IPv4 address nor AmazonProvidedDNS.`;
      properties.report('DomainNameServers', message);
    }
    const ntpServers = properties.texts('NtpServers');
    const netbiosNameServers = properties.texts('NetbiosNameServers');
    const netbiosNodeType = properties.number('NetbiosNodeType');
    const tags = properties.tags();
    properties.check();
    const made: DhcpOptions = {
      ...{ id, domainNameServers, ntpServers, netbiosNameServers, tags },
      ...(domainName === undefined ? {} : { domainName }),
      ...(netbiosNodeType === undefined ? {} : { netbiosNodeType }),
    };
    return {
      region: put(region, 'dhcpOptions', id, made),
      physicalId: id,
      attributes: { DhcpOptionsId: id },
    };
  },
};
