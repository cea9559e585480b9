import type { Region } from '../region.ts';
import { addRecord, zoneOf } from './record-set.ts';
import { nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-route53-recordsetgroup.html */
export const recordSetGroup: ResourceType = {
  type: 'AWS::Route53::RecordSetGroup',
  properties: {
    real: ['HostedZoneId', 'HostedZoneName', 'RecordSets'],
    recorded: ['Comment'],
  },
  create(region, properties, context) {
    properties.ignore('Comment');
    let next: Region = region;
    for (const record of properties.groups('RecordSets')) {
      const hasOwn = record.has('HostedZoneId') || record.has('HostedZoneName');
      const zone = zoneOf(region, hasOwn ? record : properties);
      next = addRecord(next, zone.id, record) ?? next;
    }
    properties.check();
    return { region: next, physicalId: nameOf(context), attributes: {} };
  },
};
