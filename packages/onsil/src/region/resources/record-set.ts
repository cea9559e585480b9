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
  properties: {
    real: [
      'AliasTarget',
      'HostedZoneId',
      'HostedZoneName',
      'Name',
      'ResourceRecords',
      'TTL',
      'Type',
    ],
    recorded: ['Comment'],
  },
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
  if (properties.has('AliasTarget')) return addAlias(region, zone, properties, name, type ?? 'A');
  const values = properties.texts('ResourceRecords');
  if (values.length === 0) properties.report('ResourceRecords', 'This property is required.');
  const ttl = properties.number('TTL');
  if (ttl === undefined && !properties.has('TTL'))
    properties.report('TTL', 'This property is required.');
  const wrong =
    type === 'A' ? values.find((value) => parseAddress(value) === undefined) : undefined;
  if (wrong !== undefined)
    properties.report('ResourceRecords', `"${wrong}" is not an IPv4 address.`);
  return withRecord(region, zone, properties, { name, type: type ?? '', ttl: ttl ?? 0, values });
}

/** Seconds that resolvers keep the answer of an alias to a load balancer. */
const ALIAS_TTL = 60;

/**
 * An alias to a load balancer, or to another record of the zone.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
 */
function addAlias(
  region: Region,
  zone: HostedZone,
  properties: Properties,
  name: string,
  type: string,
): Region | undefined {
  const target = properties.group('AliasTarget');
  const dnsName = domainName(target?.requiredText('DNSName') ?? '');
  const hostedZoneId = target?.requiredText('HostedZoneId') ?? '';
  target?.ignore('EvaluateTargetHealth');
  properties.check();
  // Consoles write it so; both names have the same addresses.
  const plain = dnsName.replace(/^dualstack\./, '');
  const balancers = [
    ...Object.values(region.loadBalancers),
    ...Object.values(region.classicLoadBalancers),
  ];
  const isKnown =
    balancers.some((each) => domainName(each.dnsName) === plain) ||
    zone.records.some((record) => record.name === plain);
  if (!isKnown) {
    const message = `${dnsName} is no load balancer of this region: the name does not resolve here.`;
    properties.warn('AliasTarget', message);
    return undefined;
  }
  const alias = { dnsName: plain, hostedZoneId };
  return withRecord(region, zone, properties, { name, type, ttl: ALIAS_TTL, values: [], alias });
}

function withRecord(
  region: Region,
  zone: HostedZone,
  properties: Properties,
  record: RecordSet,
): Region {
  const { name, type } = record;
  if (zone.records.some((other) => other.name === name && other.type === type)) {
    properties.report('Name', `${zone.id} already has a record ${name} of type ${type}.`);
  }
  properties.check();
  const records = [...zone.records, record].toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.type, b.type),
  );
  return put(region, 'hostedZones', zone.id, { ...zone, records });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
