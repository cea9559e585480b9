/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53.html */
import { hashOf } from '../../../../region/hash.ts';
import type { HostedZone, RecordSet } from '../../../../region/hosted-zone.ts';
import { parseAddress } from '../../../../region/ipv4.ts';
import { parseAddress6 } from '../../../../region/ipv6.ts';
import { put, type Region } from '../../../../region/region.ts';
import { domainName } from '../../../../region/resources/hosted-zone.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, ServiceDefinition } from '../operation.ts';
import { number, type Structure, structure, structures, text, textOf } from '../value.ts';

const PAGE = 100;

/** With `/hostedzone/` in front or without. */
const bare = (id: string): string => id.replace(/^\/?hostedzone\//, '');

function zoneOf(region: Region, id: string): HostedZone {
  const found = region.hostedZones[bare(id)];
  if (found !== undefined) return found;
  throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${bare(id)}`);
}

const arnsBy = (member: string) => (input: Structure) => [
  `arn:aws:route53:::hostedzone/${bare(textOf(input, member))}`,
];

function printZone({ id, name, records, vpcIds }: HostedZone): Structure {
  return {
    ...{ Id: `/hostedzone/${id}`, Name: name, CallerReference: hashOf('zone', id).slice(0, 32) },
    Config: { PrivateZone: vpcIds.length > 0 },
    ResourceRecordSetCount: records.length,
  };
}

/** `\\052` is how Route 53 writes an asterisk. */
const printName = (name: string): string => name.replaceAll('*', '\\052');
const readName = (name: string): string => domainName(name.replaceAll('\\052', '*'));

function printRecord({ name, type, ttl, values, alias }: RecordSet): Structure {
  if (alias !== undefined) {
    const target = { HostedZoneId: alias.hostedZoneId, DNSName: domainName(alias.dnsName) };
    return {
      Name: printName(name),
      Type: type,
      AliasTarget: { ...target, EvaluateTargetHealth: false },
    };
  }
  return {
    ...{ Name: printName(name), Type: type, TTL: ttl },
    ResourceRecords: values.map((Value) => ({ Value })),
  };
}

const reversed = (name: string): string => name.split('.').toReversed().join('.');
const before = (a: RecordSet, b: RecordSet): number =>
  order(reversed(a.name), reversed(b.name)) || order(a.type, b.type);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const route53: ServiceDefinition = {
  prefix: 'route53',
  operations: {
    ListHostedZones: {
      handle: (input, { region }) => {
        const all = Object.values(region.hostedZones).toSorted((a, b) => order(a.id, b.id));
        const from = text(input, 'Marker');
        const size = sizeOf(input);
        const left = all.filter(({ id }) => from === undefined || id >= from);
        const next = left[size];
        return {
          HostedZones: left.slice(0, size).map(printZone),
          ...{ Marker: from, IsTruncated: next !== undefined, NextMarker: next?.id },
          MaxItems: String(size),
        };
      },
    },
    ListHostedZonesByName: {
      handle: (input, { region }) => {
        const from = text(input, 'DNSName');
        const start = from === undefined ? '' : reversed(readName(from));
        const all = Object.values(region.hostedZones)
          .filter(({ name }) => reversed(name) >= start)
          .toSorted((a, b) => order(reversed(a.name), reversed(b.name)) || order(a.id, b.id));
        const size = sizeOf(input);
        const next = all[size];
        return {
          HostedZones: all.slice(0, size).map(printZone),
          ...{ DNSName: from, IsTruncated: next !== undefined, MaxItems: String(size) },
          ...{ NextDNSName: next?.name, NextHostedZoneId: next?.id },
        };
      },
    },
    GetHostedZone: {
      resources: arnsBy('Id'),
      handle: (input, { region }) => {
        const zone = zoneOf(region, textOf(input, 'Id'));
        return {
          HostedZone: printZone(zone),
          ...(zone.vpcIds.length > 0
            ? { VPCs: zone.vpcIds.map((VPCId) => ({ VPCRegion: region.name, VPCId })) }
            : { DelegationSet: { NameServers: zone.nameServers } }),
        };
      },
    },
    ListResourceRecordSets: {
      resources: arnsBy('HostedZoneId'),
      handle: (input, { region }) => {
        const { records } = zoneOf(region, textOf(input, 'HostedZoneId'));
        const name = text(input, 'StartRecordName');
        const type = text(input, 'StartRecordType') ?? '';
        const start =
          name === undefined ? undefined : ({ name: readName(name), type } as RecordSet);
        const left = records
          .toSorted(before)
          .filter((each) => start === undefined || before(each, start) >= 0);
        const size = sizeOf(input);
        const next = left[size];
        return {
          ResourceRecordSets: left.slice(0, size).map(printRecord),
          ...{ IsTruncated: next !== undefined, MaxItems: String(size) },
          ...(next === undefined ? {} : { NextRecordName: next.name, NextRecordType: next.type }),
        };
      },
    },
    ChangeResourceRecordSets: {
      resources: arnsBy('HostedZoneId'),
      handle: async (input, call) => {
        const id = textOf(input, 'HostedZoneId');
        const changes = structures(structure(input, 'ChangeBatch') ?? {}, 'Changes');
        // All of them or none, in their order.
        await call.context.control.change((region) => {
          const zone = zoneOf(region, id);
          const records = changes.reduce(
            (now, each) => changed(zone, now, each),
            zone.records as readonly RecordSet[],
          );
          return put(region, 'hostedZones', zone.id, { ...zone, records });
        });
        return { ChangeInfo: changeInfo(call) };
      },
    },
    /** Every change is in sync before its call is answered. */
    GetChange: { handle: (input, call) => ({ ChangeInfo: changeInfo(call, textOf(input, 'Id')) }) },
  },
};

function sizeOf(input: Structure): number {
  const given = Number(text(input, 'MaxItems') ?? number(input, 'MaxItems') ?? PAGE);
  if (Number.isInteger(given) && given >= 1) return Math.min(given, PAGE);
  throw new AwsError(400, 'InvalidInput', `maxitems must be a number from 1 to ${PAGE}.`);
}

function changeInfo({ requestId, context }: Call, id?: string): Structure {
  const made = `C${hashOf('change', requestId).toUpperCase().slice(0, 20)}`;
  const known = id === undefined ? made : id.replace(/^\/?change\//, '');
  return { Id: `/change/${known}`, Status: 'INSYNC', SubmittedAt: context.now() };
}

function changed(
  zone: HostedZone,
  records: readonly RecordSet[],
  change: Structure,
): readonly RecordSet[] {
  const action = textOf(change, 'Action');
  const record = recordOf(zone, structure(change, 'ResourceRecordSet') ?? {});
  const what = `[name='${record.name}', type='${record.type}']`;
  const same = records.find(({ name, type }) => name === record.name && type === record.type);
  const others = records.filter((each) => each !== same);
  switch (action) {
    case 'CREATE':
      if (same !== undefined)
        throw invalidBatch(`Tried to create resource record set ${what} but it already exists`);
      return [...others, record].toSorted(byName);
    case 'UPSERT':
      return [...others, record].toSorted(byName);
    case 'DELETE':
      if (same === undefined)
        throw invalidBatch(`Tried to delete resource record set ${what} but it was not found`);
      if (JSON.stringify(printRecord(same)) !== JSON.stringify(printRecord(record)))
        throw invalidBatch(
          `Tried to delete resource record set ${what} but the values provided do not match the current values`,
        );
      return others;
    default:
      throw new AwsError(
        400,
        'InvalidInput',
        `"${action}" is no action: it is CREATE, UPSERT or DELETE.`,
      );
  }
}

const byName = (a: RecordSet, b: RecordSet): number =>
  order(a.name, b.name) || order(a.type, b.type);

function recordOf(zone: HostedZone, given: Structure): RecordSet {
  const name = readName(textOf(given, 'Name'));
  const type = textOf(given, 'Type');
  if (name !== zone.name && !name.endsWith(`.${zone.name}`))
    throw invalidBatch(`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`);
  const known = ['Name', 'Type', 'TTL', 'ResourceRecords', 'AliasTarget'];
  const other = Object.keys(given).find((member) => !known.includes(member));
  if (other !== undefined)
    throw invalidBatch(`The lab does not have routing policies of records: leave out ${other}.`);
  const target = structure(given, 'AliasTarget');
  if (target !== undefined) {
    const alias = {
      dnsName: textOf(target, 'DNSName'),
      hostedZoneId: textOf(target, 'HostedZoneId'),
    };
    return { name, type, ttl: 60, values: [], alias };
  }
  const ttl = number(given, 'TTL');
  const values = structures(given, 'ResourceRecords').map((each) => textOf(each, 'Value'));
  if (ttl === undefined || values.length === 0)
    throw invalidBatch(
      `A record without AliasTarget needs TTL and ResourceRecords: ${name} ${type}.`,
    );
  const isWrong = (value: string): boolean =>
    (type === 'A' && parseAddress(value) === undefined) ||
    (type === 'AAAA' && parseAddress6(value) === undefined);
  const wrong = values.find(isWrong);
  if (wrong !== undefined)
    throw invalidBatch(
      `Invalid Resource Record: '${wrong}' is not a valid ${type === 'A' ? 'IPv4' : 'IPv6'} address`,
    );
  return { name, type, ttl, values };
}

const invalidBatch = (message: string): AwsError =>
  new AwsError(400, 'InvalidChangeBatch', `[${message}]`);
