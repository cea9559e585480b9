/** Small kinds: tags of everything, launch templates, DHCP options, instance types. */
import type { DhcpOptions } from '../../../../region/dhcp-options.ts';
import type { LaunchTemplate } from '../../../../region/launch-template.ts';
import type { Region, TableName, Tags } from '../../../../region/region.ts';
import { principalArn } from '../../endpoints/exchange.ts';
import type { Operations } from '../operation.ts';
import { describes, tagged, tagSet } from './describe.ts';
import { awsDhcpOptionsId } from './vpc.ts';

/** What EC2 calls the things of each table that has tags. */
export const TAGGED: Readonly<Partial<Record<TableName, string>>> = {
  vpcs: 'vpc',
  subnets: 'subnet',
  routeTables: 'route-table',
  internetGateways: 'internet-gateway',
  egressOnlyInternetGateways: 'egress-only-internet-gateway',
  natGateways: 'natgateway',
  vpcPeeringConnections: 'vpc-peering-connection',
  vpcEndpoints: 'vpc-endpoint',
  prefixLists: 'prefix-list',
  networkAcls: 'network-acl',
  securityGroups: 'security-group',
  networkInterfaces: 'network-interface',
  elasticIps: 'elastic-ip',
  instances: 'instance',
  volumes: 'volume',
  dhcpOptions: 'dhcp-options',
};

interface Tag {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
}

function tagsOf(region: Region): readonly Tag[] {
  const ofRules = Object.values(region.securityGroups)
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ id, tags = {} }) =>
      Object.entries(tags).map(([key, value]) => ({
        ...{ id, type: 'security-group-rule', key, value },
      })),
    );
  const ofTables = Object.entries(TAGGED).flatMap(([table, type]) =>
    Object.entries(region[table as TableName]).flatMap(([id, thing]) => {
      const tags: Tags = 'tags' in thing && !Array.isArray(thing.tags) ? (thing.tags as Tags) : {};
      return Object.entries(tags).map(([key, value]) => ({ id, type, key, value }));
    }),
  );
  return [...ofTables, ...ofRules];
}

export const otherOperations: Operations = {
  DescribeTags: describes<Tag>({
    set: 'Tags',
    all: tagsOf,
    filters: {
      key: ({ key }) => key,
      value: ({ value }) => value,
      'resource-id': ({ id }) => id,
      'resource-type': ({ type }) => type,
    },
    print: ({ id, type, key, value }) => ({
      ...{ Key: key, ResourceId: id, ResourceType: type, Value: value },
    }),
  }),
  DescribeLaunchTemplates: describes<LaunchTemplate>({
    set: 'LaunchTemplates',
    ids: {
      ...{ member: 'LaunchTemplateIds', code: 'InvalidLaunchTemplateId.NotFound' },
      ...{ noun: 'launch template ID', of: ({ id }) => id },
    },
    all: ({ launchTemplates }) => Object.values(launchTemplates),
    filters: { 'launch-template-name': ({ name }) => name },
    print: ({ id, name, versions }, { region, context }) => ({
      ...{ LaunchTemplateId: id, LaunchTemplateName: name, CreateTime: context.control.startedAt },
      CreatedBy: principalArn(region, { kind: 'administrator' }),
      ...{ DefaultVersionNumber: 1, LatestVersionNumber: versions.length, Tags: [] },
    }),
  }),
  DescribeDhcpOptions: describes<DhcpOptions>({
    set: 'DhcpOptions',
    ids: {
      ...{ member: 'DhcpOptionsIds', code: 'InvalidDhcpOptionID.NotFound' },
      ...{ noun: 'dhcpOption ID', of: ({ id }) => id },
    },
    all: (region) => [
      {
        ...{ id: awsDhcpOptionsId(region.name), domainNameServers: ['AmazonProvidedDNS'] },
        ...{ ntpServers: [], netbiosNameServers: [], tags: {} },
        domainName:
          region.name === 'us-east-1' ? 'ec2.internal' : `${region.name}.compute.internal`,
      },
      ...Object.values(region.dhcpOptions),
    ],
    filters: tagged({ 'dhcp-options-id': ({ id }) => id }),
    print: (own, { region }) => {
      const values: readonly (readonly [string, readonly string[]])[] = [
        ['domain-name', own.domainName === undefined ? [] : [own.domainName]],
        ['domain-name-servers', own.domainNameServers],
        ['ntp-servers', own.ntpServers],
        ['netbios-name-servers', own.netbiosNameServers],
        [
          'netbios-node-type',
          own.netbiosNodeType === undefined ? [] : [String(own.netbiosNodeType)],
        ],
      ];
      return {
        DhcpConfigurations: values
          .filter(([, given]) => given.length > 0)
          .map(([Key, given]) => ({ Key, Values: given.map((Value) => ({ Value })) })),
        ...{ DhcpOptionsId: own.id, OwnerId: region.account, Tags: tagSet(own.tags) },
      };
    },
  }),
  /** Every type is offered everywhere in a lab: those that its instances have are named. */
  DescribeInstanceTypeOfferings: describes<string>({
    set: 'InstanceTypeOfferings',
    all: ({ instances }) => [
      ...new Set(Object.values(instances).map(({ instanceType }) => instanceType)),
    ],
    filters: {
      'instance-type': (type) => type,
      location: (_type, { region }) => region.name,
    },
    print: (InstanceType, { region }) => ({
      ...{ InstanceType, LocationType: 'region', Location: region.name },
    }),
  }),
};
