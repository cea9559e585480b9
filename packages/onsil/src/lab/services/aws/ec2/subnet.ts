import { privateIpsIn } from '../../../../region/allocate.ts';
import { parseBlock, sizeOf } from '../../../../region/ipv4.ts';
import { parseBlock6 } from '../../../../region/ipv6.ts';
import type { Region } from '../../../../region/region.ts';
import type { Subnet } from '../../../../region/subnet.ts';
import type { Operations } from '../operation.ts';
import { describes, tagged, tagSet, yesNo } from './describe.ts';
import { associationId } from './vpc.ts';
import { zoneId } from './zone.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED = 5;

export const subnetArn = ({ name, account }: Region, id: string): string =>
  `arn:aws:ec2:${name}:${account}:subnet/${id}`;

export const subnetOperations: Operations = {
  DescribeSubnets: describes<Subnet>({
    set: 'Subnets',
    ids: {
      ...{ member: 'SubnetIds', code: 'InvalidSubnetID.NotFound', noun: 'subnet ID' },
      of: ({ id }) => id,
    },
    all: ({ subnets }) => Object.values(subnets),
    filters: tagged({
      'subnet-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      'availability-zone': ({ zone }) => zone,
      availabilityZone: ({ zone }) => zone,
      'availability-zone-id': ({ zone }, { region }) => zoneId(region, zone),
      cidr: ({ cidr }) => cidr,
      'cidr-block': ({ cidr }) => cidr,
      cidrBlock: ({ cidr }) => cidr,
      'default-for-az': ({ isDefault = false }) => yesNo(isDefault),
      defaultForAz: ({ isDefault = false }) => yesNo(isDefault),
      'map-public-ip-on-launch': ({ mapPublicIpOnLaunch }) => yesNo(mapPublicIpOnLaunch),
      'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6Cidr }) => ipv6Cidr,
      state: () => 'available',
      'owner-id': (_subnet, { region }) => region.account,
      'subnet-arn': ({ id }, { region }) => subnetArn(region, id),
    }),
    print: (subnet, { region }) => ({
      ...{ AvailabilityZone: subnet.zone, AvailabilityZoneId: zoneId(region, subnet.zone) },
      AvailableIpAddressCount: free(region, subnet),
      ...{ CidrBlock: subnet.cidr, DefaultForAz: subnet.isDefault ?? false },
      ...{ MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch, MapCustomerOwnedIpOnLaunch: false },
      ...{ State: 'available', SubnetId: subnet.id, VpcId: subnet.vpcId, OwnerId: region.account },
      AssignIpv6AddressOnCreation: subnet.assignIpv6AddressOnCreation ?? false,
      Ipv6CidrBlockAssociationSet:
        subnet.ipv6Cidr === undefined
          ? []
          : [
              {
                AssociationId: associationId('subnet-cidr-assoc', subnet.id),
                ...{ Ipv6CidrBlock: subnet.ipv6Cidr, Ipv6CidrBlockState: { State: 'associated' } },
              },
            ],
      Tags: tagSet(subnet.tags),
      ...{ SubnetArn: subnetArn(region, subnet.id), EnableDns64: false, Ipv6Native: false },
      PrivateDnsNameOptionsOnLaunch: {
        ...{ HostnameType: 'ip-name', EnableResourceNameDnsARecord: false },
        EnableResourceNameDnsAAAARecord: false,
      },
    }),
  }),
};

function free(region: Region, { id, cidr }: Subnet): number {
  const block = parseBlock(cidr);
  if (block === undefined || parseBlock6(cidr) !== undefined) return 0;
  return Math.max(0, sizeOf(block) - RESERVED - privateIpsIn(region, id).size);
}
