import { gatewayServices, type PrefixList } from '../../../../region/prefix-list.ts';
import type { VpcEndpoint } from '../../../../region/vpc-endpoint.ts';
import type { Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, text, textOf } from '../value.ts';
import { badValue, describes, tagged, tagSet, thingOf } from './describe.ts';

const PREFIX_LIST_IDS = {
  ...{ member: 'PrefixListIds', code: 'InvalidPrefixListID.NotFound', noun: 'prefix list ID' },
  of: ({ id }: { readonly id: string }) => id,
};
const MOST = 100;

/** AWS keeps those that are called after its services. */
const isOfAws = ({ name }: PrefixList): boolean => name.startsWith('com.amazonaws.');

export const vpcEndpointOperations: Operations = {
  DescribeVpcEndpoints: describes<VpcEndpoint>({
    set: 'VpcEndpoints',
    ids: {
      ...{
        member: 'VpcEndpointIds',
        code: 'InvalidVpcEndpointId.NotFound',
        noun: 'Vpc Endpoint Id',
      },
      of: ({ id }) => id,
    },
    all: ({ vpcEndpoints }) => Object.values(vpcEndpoints),
    filters: tagged({
      'vpc-endpoint-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      'service-name': ({ serviceName }) => serviceName,
      'vpc-endpoint-type': ({ type }) => (type === 'gateway' ? 'Gateway' : 'Interface'),
      'vpc-endpoint-state': () => 'available',
    }),
    print: (own, { region, context }) => {
      const interfaces = own.networkInterfaceIds.flatMap(
        (id) => region.networkInterfaces[id] ?? [],
      );
      const groups = [...new Set(interfaces.flatMap(({ securityGroupIds }) => securityGroupIds))];
      return {
        ...{ VpcEndpointId: own.id, VpcId: own.vpcId, ServiceName: own.serviceName },
        VpcEndpointType: own.type === 'gateway' ? 'Gateway' : 'Interface',
        ...{ State: 'available', RouteTableIds: own.routeTableIds, RequesterManaged: false },
        SubnetIds: interfaces.map(({ subnetId }) => subnetId),
        Groups: groups.map((GroupId) => ({
          ...{ GroupId, GroupName: region.securityGroups[GroupId]?.name },
        })),
        ...{ NetworkInterfaceIds: own.networkInterfaceIds, DnsEntries: [] },
        PrivateDnsEnabled: own.type === 'interface',
        CreationTimestamp: context.control.startedAt,
        ...{ Tags: tagSet(own.tags), OwnerId: region.account },
      };
    },
  }),
  DescribeManagedPrefixLists: describes<PrefixList>({
    set: 'PrefixLists',
    ids: PREFIX_LIST_IDS,
    all: ({ prefixLists }) => Object.values(prefixLists),
    filters: tagged({
      'prefix-list-id': ({ id }) => id,
      'prefix-list-name': ({ name }) => name,
      'owner-id': (own, { region }) => (isOfAws(own) ? 'AWS' : region.account),
    }),
    print: (own, { region }) => ({
      ...{ PrefixListId: own.id, PrefixListName: own.name, State: 'create-complete' },
      AddressFamily: own.family === 'ipv4' ? 'IPv4' : 'IPv6',
      PrefixListArn: `arn:aws:ec2:${region.name}:${isOfAws(own) ? 'aws' : region.account}:prefix-list/${own.id}`,
      ...(isOfAws(own) ? {} : { MaxEntries: own.entries?.length ?? 0, Version: 1 }),
      ...{ Tags: tagSet(own.tags), OwnerId: isOfAws(own) ? 'AWS' : region.account },
    }),
  }),
  GetManagedPrefixListEntries: {
    handle: (input, { region }) => {
      const { id, name, entries } = thingOf(
        region.prefixLists,
        textOf(input, 'PrefixListId'),
        PREFIX_LIST_IDS,
      );
      // An empty answer would say that the list is empty.
      if (entries === undefined)
        throw badValue(`The entries of ${id} (${name}) are AWS's, and the lab does not know them.`);
      const size = Math.min(number(input, 'MaxResults') ?? MOST, MOST);
      const page = pageOf(entries, { size, token: text(input, 'NextToken') });
      return { Entries: page.items.map((Cidr) => ({ Cidr })), NextToken: page.next };
    },
  },
  /** Of AWS's services only. */
  DescribePrefixLists: describes<PrefixList>({
    set: 'PrefixLists',
    ids: PREFIX_LIST_IDS,
    all: ({ prefixLists, name }) =>
      Object.values(prefixLists).filter((own) => gatewayServices(name).includes(own.name)),
    filters: {
      'prefix-list-id': ({ id }) => id,
      'prefix-list-name': ({ name }) => name,
    },
    print: ({ id, name, entries = [] }) => ({
      ...{ PrefixListId: id, PrefixListName: name, Cidrs: entries },
    }),
  }),
};
