import type { NetworkAclEntry } from '../network-acl.ts';
import { put } from '../region.ts';
import { ipv4BlockOf, ipv6BlockOf } from './block.ts';
import type { Properties } from './properties.ts';
import { protocolOf } from './protocol.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkaclentry.html */
export const networkAclEntry: ResourceType = {
  type: 'AWS::EC2::NetworkAclEntry',
  properties: {
    real: [
      'CidrBlock',
      'Egress',
      'Icmp',
      'Ipv6CidrBlock',
      'NetworkAclId',
      'PortRange',
      'Protocol',
      'RuleAction',
      'RuleNumber',
    ],
  },
  create(region, properties, context) {
    const acl = properties.reference('NetworkAclId', region.networkAcls, 'network ACL');
    const number = properties.requiredNumber('RuleNumber', 1, 32_766);
    const egress = properties.boolean('Egress') ?? false;
    const action = properties.oneOf('RuleAction', ['allow', 'deny']);
    if (!properties.has('RuleAction')) {
      properties.report('RuleAction', 'This property is required: allow or deny.');
    }
    const protocol = protocolOf(properties, 'Protocol');
    const ports = portsOf(properties, protocol);
    const created = { physicalId: nameOf(context), attributes: { Id: nameOf(context) } };
    if (properties.has('CidrBlock') && properties.has('Ipv6CidrBlock')) {
      properties.report('', 'An entry has one block; this one has CidrBlock and Ipv6CidrBlock.');
    }
    const cidr = properties.has('Ipv6CidrBlock')
      ? ipv6BlockOf(properties, 'Ipv6CidrBlock')
      : ipv4BlockOf(properties, 'CidrBlock');
    properties.check();
    if (action === undefined) return { ...created, region };

    const twin = acl.entries.find((entry) => entry.number === number && entry.egress === egress);
    if (twin !== undefined) {
      properties.fail(
        'RuleNumber',
        `${acl.id} already has ${egress ? 'an egress' : 'an ingress'} entry with number ${number}.`,
      );
    }
    const entry: NetworkAclEntry = { number, egress, protocol, cidr, ...ports, action };
    const entries = [...acl.entries, entry].toSorted(
      (a, b) => Number(a.egress) - Number(b.egress) || a.number - b.number,
    );
    return { ...created, region: put(region, 'networkAcls', acl.id, { ...acl, entries }) };
  },
};

function portsOf(
  properties: Properties,
  protocol: number,
): Pick<NetworkAclEntry, 'fromPort' | 'toPort'> {
  if (protocol === 6 || protocol === 17) {
    const range = properties.group('PortRange');
    properties.ignore('Icmp');
    const fromPort = range?.number('From');
    const toPort = range?.number('To');
    if (fromPort === undefined || toPort === undefined) {
      properties.report('PortRange', 'tcp and udp need PortRange with From and To.');
      return {};
    }
    if (fromPort > toPort || fromPort < 0 || toPort > 65535) {
      properties.report('PortRange', `${fromPort}–${toPort} is not a port range from 0 to 65535.`);
    }
    return { fromPort, toPort };
  }
  properties.ignore('PortRange');
  if (protocol !== 1 && protocol !== 58) {
    properties.ignore('Icmp');
    return {};
  }
  const icmp = properties.group('Icmp');
  const type = icmp?.number('Type') ?? -1;
  return type === -1 ? {} : { fromPort: type, toPort: icmp?.number('Code') ?? -1 };
}
