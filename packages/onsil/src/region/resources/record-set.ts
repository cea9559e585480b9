import type { HostedZone, RecordSet } from '../hosted-zone.ts';
import { parseAddress } from '../ipv4.ts';
import { list } from '../problem.ts';
import { put, type Region } from '../region.ts';
import { domainName } from './hosted-zone.ts';
import type { Properties } from './properties.ts';
import type { ResourceType } from './resource-type.ts';

const TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-route53-recordset.html */
export const recordSet: ResourceType = {
  type: 'AWS::Route53::RecordSet',
  create(region, properties) {
    const zone = zoneOf(region, properties);
    const next = addRecord(region, zone.id, properties);
    properties.ignore('Comment');
    properties.check();
    return {
      region: next ?? region,
      physicalId: domainName(properties.requiredText('Name')).replace(/\.$/, ''),
      attributes: {},
      status: next === undefined ? 'recorded' : 'modelled',
    };
  },
};

/** The zone that `HostedZoneId` or `HostedZoneName` names. */
export function zoneOf(region: Region, properties: Properties): HostedZone {
  if (properties.has('HostedZoneId')) {
    return properties.reference('HostedZoneId', region.hostedZones, 'hosted zone');
  }
  const name = domainName(properties.requiredText('HostedZoneName'));
  properties.check();
  const found = Object.values(region.hostedZones).filter((zone) => zone.name === name);
  const [zone, ...more] = found;
  if (zone === undefined) {
    const names = list(Object.values(region.hostedZones).map((each) => each.name));
    return properties.fail(
      'HostedZoneName',
      `There is no hosted zone ${name}; there are ${names}.`,
    );
  }
  if (more.length > 0) {
    const ids = list(found.map(({ id }) => id));
    return properties.fail('HostedZoneName', `${name} is ambiguous: ${ids}.`, 'Give HostedZoneId.');
  }
  return zone;
}

/** The region with the record in the zone; nothing, with a warning, where it is not modelled. */
export function addRecord(
  region: Region,
  zoneId: string,
  properties: Properties,
): Region | undefined {
  const name = domainName(properties.requiredText('Name'));
  const type = properties.oneOf('Type', TYPES);
  if (!properties.has('Type')) properties.report('Type', 'This property is required.');
  const zone = region.hostedZones[zoneId];
  if (zone === undefined) return undefined;
  if (name !== '' && name !== zone.name && !name.endsWith(`.${zone.name}`)) {
    properties.report('Name', `${name} is not in the hosted zone ${zone.name}`);
  }
  if (properties.has('AliasTarget')) {
    properties.json('AliasTarget');
    properties.warn(
      'AliasTarget',
      'Alias records are not modelled: the name does not resolve here.',
    );
    return undefined;
  }
  const values = properties.texts('ResourceRecords');
  if (values.length === 0) properties.report('ResourceRecords', 'This property is required.');
  const ttl = properties.number('TTL');
  if (ttl === undefined && !properties.has('TTL'))
    properties.report('TTL', 'This property is required.');
  const wrong =
    type === 'A' ? values.find((value) => parseAddress(value) === undefined) : undefined;
  if (wrong !== undefined)
    properties.report('ResourceRecords', `"${wrong}" is not an IPv4 address.`);
  if (zone.records.some((record) => record.name === name && record.type === type)) {
    properties.report('Name', `${zone.id} already has a record ${name} of type ${type}.`);
  }
  properties.check();
  const record: RecordSet = { name, type: type ?? '', ttl: ttl ?? 0, values };
  const records = [...zone.records, record].toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.type, b.type),
  );
  return put(region, 'hostedZones', zone.id, { ...zone, records });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
