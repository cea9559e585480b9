import type { ElasticIp } from '../../../../region/elastic-ip.ts';
import type { Operations } from '../operation.ts';
import { texts } from '../value.ts';
import { describes, tagged, tagSet } from './describe.ts';

export const ALLOCATION_IDS = {
  ...{ member: 'AllocationIds', code: 'InvalidAllocationID.NotFound', noun: 'allocation ID' },
  of: ({ id }: { readonly id: string }) => id,
};

const addresses = describes<ElasticIp>({
  set: 'Addresses',
  paged: false,
  ids: ALLOCATION_IDS,
  all: ({ elasticIps }) => Object.values(elasticIps),
  filters: tagged({
    'allocation-id': ({ id }) => id,
    'association-id': ({ association }) => association?.id,
    'public-ip': ({ publicIp }) => publicIp,
    'private-ip-address': ({ association }) => association?.privateIp,
    'network-interface-id': ({ association }) => association?.networkInterfaceId,
    'instance-id': ({ association }, { region }) =>
      region.networkInterfaces[association?.networkInterfaceId ?? '']?.attachment?.instanceId,
    domain: () => 'vpc',
  }),
  print: ({ id, publicIp, association, tags }, { region }) => {
    const common = {
      ...{ PublicIp: publicIp, AllocationId: id, Domain: 'vpc', Tags: tagSet(tags) },
      ...{ PublicIpv4Pool: 'amazon', NetworkBorderGroup: region.name },
    };
    if (association === undefined) return common;
    const { attachment } = region.networkInterfaces[association.networkInterfaceId] ?? {};
    return {
      ...{ ...common, AssociationId: association.id, InstanceId: attachment?.instanceId },
      NetworkInterfaceId: association.networkInterfaceId,
      ...{ NetworkInterfaceOwnerId: region.account, PrivateIpAddress: association.privateIp },
    };
  },
});

export const addressOperations: Operations = {
  DescribeAddresses: {
    handle: (input, call) => {
      const ips = texts(input, 'PublicIps');
      const byIp = ips.length === 0 ? [] : [{ Name: 'public-ip', Values: ips }];
      const filters = input['Filters'];
      return addresses.handle(
        { ...input, Filters: [...(Array.isArray(filters) ? filters : []), ...byIp] },
        call,
      );
    },
  },
};
