import { hashOf } from '../../../../region/hash.ts';
import type { Vpc } from '../../../../region/vpc.ts';
import type { Operations } from '../operation.ts';
import { type Structure, textOf } from '../value.ts';
import { badValue, type Described, describes, tagged, tagSet, thingOf, yesNo } from './describe.ts';

export const VPC_IDS = {
  ...{ member: 'VpcIds', code: 'InvalidVpcID.NotFound', noun: 'vpc ID' },
  of: ({ id }: { readonly id: string }) => id,
};

const vpcs: Described<Vpc> = {
  set: 'Vpcs',
  ids: VPC_IDS,
  all: ({ vpcs: all }) => Object.values(all),
  filters: tagged({
    'vpc-id': ({ id }) => id,
    cidr: ({ cidrs }) => cidrs[0],
    'cidr-block-association.cidr-block': ({ cidrs }) => cidrs,
    'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6Cidrs }) => ipv6Cidrs,
    'is-default': ({ isDefault = false }) => yesNo(isDefault),
    isDefault: ({ isDefault = false }) => yesNo(isDefault),
    state: () => 'available',
    'owner-id': (_vpc, { region }) => region.account,
    'dhcp-options-id': ({ dhcpOptionsId }, { region }) =>
      dhcpOptionsId ?? awsDhcpOptionsId(region.name),
  }),
  print: (vpc, { region }) => ({
    ...{ CidrBlock: vpc.cidrs[0], State: 'available', VpcId: vpc.id, OwnerId: region.account },
    DhcpOptionsId: vpc.dhcpOptionsId ?? awsDhcpOptionsId(region.name),
    ...{ InstanceTenancy: 'default', IsDefault: vpc.isDefault ?? false },
    CidrBlockAssociationSet: vpc.cidrs.map((CidrBlock) => ({
      ...{ AssociationId: associationId('vpc-cidr-assoc', vpc.id, CidrBlock), CidrBlock },
      CidrBlockState: { State: 'associated' },
    })),
    Ipv6CidrBlockAssociationSet: vpc.ipv6Cidrs.map((Ipv6CidrBlock) => ({
      ...{ AssociationId: associationId('vpc-cidr-assoc', vpc.id, Ipv6CidrBlock), Ipv6CidrBlock },
      ...{ Ipv6CidrBlockState: { State: 'associated' }, Ipv6Pool: 'Amazon' },
      NetworkBorderGroup: region.name,
    })),
    Tags: tagSet(vpc.tags),
  }),
};

/** The options that every region has and that belong to nobody. */
export function awsDhcpOptionsId(regionName: string): string {
  return `dopt-${hashOf('dhcp options', regionName).slice(0, 17)}`;
}

/** Of things that have no table of their own. */
export function associationId(prefix: string, ...parts: readonly string[]): string {
  return `${prefix}-${hashOf(prefix, ...parts).slice(0, 17)}`;
}

export const vpcOperations: Operations = {
  DescribeVpcs: describes(vpcs),
  DescribeVpcAttribute: {
    handle: (input, { region }) => {
      const id = textOf(input, 'VpcId');
      const vpc = thingOf(region.vpcs, id, VPC_IDS);
      const attribute = textOf(input, 'Attribute');
      const values: Readonly<Record<string, Structure>> = {
        enableDnsSupport: { EnableDnsSupport: { Value: vpc.dnsSupport } },
        enableDnsHostnames: { EnableDnsHostnames: { Value: vpc.dnsHostnames } },
        enableNetworkAddressUsageMetrics: { EnableNetworkAddressUsageMetrics: { Value: false } },
      };
      const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
      if (value === undefined)
        throw badValue(
          `Value (${attribute}) for parameter attribute is invalid: it is ${Object.keys(values).join(', ')}.`,
        );
      return { VpcId: id, ...value };
    },
  },
};
