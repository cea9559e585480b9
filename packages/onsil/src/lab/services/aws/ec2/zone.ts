import type { Region } from '../../../../region/region.ts';
import type { Operations } from '../operation.ts';
import { structures, texts } from '../value.ts';
import { badValue, describes } from './describe.ts';

/** `apne2-az1`: which of them a zone's letter means differs by account, here it is in order. */
export function zoneId({ name, zones }: Region, zone: string): string {
  const [, area = '', ...rest] = /^(\w+)-(\w+)-(\d+)$/.exec(name) ?? [];
  const [direction = '', number = ''] = rest;
  const short = direction.replace(
    /^(north|south|east|west|central)(\w*)$/,
    (_all, first, second) => `${first[0]}${second === '' ? '' : second[0]}`,
  );
  return `${area}${short}${number}-az${zones.indexOf(zone) + 1}`;
}

const endpoint = (region: string): string => `ec2.${region}.amazonaws.com`;

export const zoneOperations: Operations = {
  DescribeAvailabilityZones: describes<string>({
    set: 'AvailabilityZones',
    paged: false,
    ids: {
      ...{ member: 'ZoneNames', code: 'InvalidParameterValue', noun: 'availability zone' },
      of: (zone) => zone,
    },
    all: ({ zones }) => zones,
    filters: {
      'zone-name': (zone) => zone,
      'zone-id': (zone, { region }) => zoneId(region, zone),
      'zone-type': () => 'availability-zone',
      state: () => 'available',
      'region-name': (_zone, { region }) => region.name,
      'opt-in-status': () => 'opt-in-not-required',
      'group-name': (_zone, { region }) => region.name,
    },
    print: (zone, { region }) => ({
      ...{ State: 'available', OptInStatus: 'opt-in-not-required', Messages: [] },
      ...{ RegionName: region.name, ZoneName: zone, ZoneId: zoneId(region, zone) },
      ...{ GroupName: `${region.name}-zg-1`, NetworkBorderGroup: region.name },
      ZoneType: 'availability-zone',
    }),
  }),
  /** The lab is one region. */
  DescribeRegions: {
    handle: (input, { region }) => {
      const other = texts(input, 'RegionNames').find((name) => name !== region.name);
      if (other !== undefined)
        throw badValue(`Invalid region names: [${other}]: the lab is ${region.name} only.`);
      const [filter] = structures(input, 'Filters');
      if (filter !== undefined) throw badValue('The lab has one region: filters are not needed.');
      const one = { Endpoint: endpoint(region.name), RegionName: region.name };
      return { Regions: [{ ...one, OptInStatus: 'opt-in-not-required' }] };
    },
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AccountAttribute.html */
  DescribeAccountAttributes: {
    handle: (input, { region }) => {
      const values: Readonly<Record<string, readonly string[]>> = {
        'supported-platforms': ['VPC'],
        'default-vpc': [
          Object.values(region.vpcs).find(({ isDefault }) => isDefault === true)?.id ?? 'none',
        ],
        'max-instances': ['20'],
        'vpc-max-security-groups-per-interface': ['5'],
        'max-elastic-ips': ['5'],
        'vpc-max-elastic-ips': ['5'],
      };
      const asked = texts(input, 'AttributeNames');
      return {
        AccountAttributes: Object.entries(values)
          .filter(([name]) => asked.length === 0 || asked.includes(name))
          .map(([AttributeName, own]) => ({
            AttributeName,
            AttributeValues: own.map((AttributeValue) => ({ AttributeValue })),
          })),
      };
    },
  },
};
