import type { PrefixList } from '../prefix-list.ts';
import { put } from '../region.ts';
import { ipv4BlockOf, ipv6BlockOf } from './block.ts';
import { arnOf, idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST = 1000;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-prefixlist.html */
export const prefixList: ResourceType = {
  type: 'AWS::EC2::PrefixList',
  properties: {
    real: ['AddressFamily', 'Entries', 'MaxEntries', 'PrefixListName', 'Tags'],
  },
  create(region, properties, context) {
    const name = properties.requiredText('PrefixListName');
    if (name.startsWith('com.amazonaws')) {
      properties.report('PrefixListName', `"${name}" starts as the names of AWS's own lists do.`);
    }
    const family = properties.oneOf('AddressFamily', ['IPv4', 'IPv6']);
    if (!properties.has('AddressFamily')) {
      properties.report('AddressFamily', 'This property is required: IPv4 or IPv6.');
    }
    const most = properties.requiredNumber('MaxEntries', 1, MOST);
    const blockOf = family === 'IPv6' ? ipv6BlockOf : ipv4BlockOf;
    const entries: string[] = [];
    for (const entry of properties.groups('Entries')) {
      entry.ignore('Description');
      const cidr = blockOf(entry, 'Cidr');
      if (entries.includes(cidr)) entry.report('Cidr', `${cidr} is in the list already.`);
      entries.push(cidr);
    }
    if (entries.length > most) {
      properties.report('Entries', `There are ${entries.length} entries; MaxEntries is ${most}.`);
    }
    const tags = properties.tags();
    properties.check();
    const id = idOf(context, 'pl');
    const made: PrefixList = {
      id,
      name,
      family: family === 'IPv6' ? 'ipv6' : 'ipv4',
      entries,
      tags,
    };
    return {
      region: put(region, 'prefixLists', id, made),
      physicalId: id,
      attributes: {
        PrefixListId: id,
        OwnerId: context.account,
        Version: '1',
        Arn: arnOf(context, 'ec2', `prefix-list/${id}`),
      },
    };
  },
};
