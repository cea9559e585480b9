import type { NetworkAcl, NetworkAclEntry } from '../../../../region/network-acl.ts';
import type { Region } from '../../../../region/region.ts';
import type { Operations } from '../operation.ts';
import type { Structure } from '../value.ts';
import { describes, tagged, tagSet, yesNo } from './describe.ts';
import { associationId } from './vpc.ts';

/** What no entry matches is denied, and AWS says so: numbers of `*`. */
const LAST = [
  { number: 32767, cidr: '0.0.0.0/0' },
  { number: 32768, cidr: '::/0' },
];

export const networkAclOperations: Operations = {
  DescribeNetworkAcls: describes<NetworkAcl>({
    set: 'NetworkAcls',
    ids: {
      ...{ member: 'NetworkAclIds', code: 'InvalidNetworkAclID.NotFound', noun: 'networkAcl ID' },
      of: ({ id }) => id,
    },
    all: ({ networkAcls }) => Object.values(networkAcls),
    filters: tagged({
      'network-acl-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      default: ({ isDefault }) => yesNo(isDefault),
      'association.subnet-id': (acl, { region }) => subnetsOf(region, acl),
      'entry.cidr': ({ entries }) => entries.map(({ cidr }) => cidr),
      'entry.rule-action': ({ entries }) => entries.map(({ action }) => action),
      'entry.rule-number': ({ entries }) => entries.map(({ number }) => String(number)),
      'owner-id': (_acl, { region }) => region.account,
    }),
    print: (acl, { region }) => ({
      Associations: subnetsOf(region, acl).map((SubnetId) => ({
        NetworkAclAssociationId: associationId('aclassoc', acl.id, SubnetId),
        ...{ NetworkAclId: acl.id, SubnetId },
      })),
      Entries: [true, false].flatMap((egress) => [
        ...acl.entries.filter((each) => each.egress === egress).map(entry),
        ...last(region, acl, egress),
      ]),
      ...{ IsDefault: acl.isDefault, NetworkAclId: acl.id, Tags: tagSet(acl.tags) },
      ...{ VpcId: acl.vpcId, OwnerId: region.account },
    }),
  }),
};

const subnetsOf = (region: Region, { id }: NetworkAcl): readonly string[] =>
  Object.values(region.subnets).flatMap((subnet) =>
    subnet.networkAclId === id ? [subnet.id] : [],
  );

function entry({
  number,
  egress,
  protocol,
  cidr,
  fromPort,
  toPort,
  action,
}: NetworkAclEntry): Structure {
  const block = cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr };
  const isIcmp = protocol === 1 || protocol === 58;
  const hasPorts = protocol === 6 || protocol === 17;
  return {
    ...{ ...block, Egress: egress, Protocol: String(protocol), RuleAction: action },
    ...(hasPorts ? { PortRange: { From: fromPort ?? 0, To: toPort ?? 65_535 } } : {}),
    ...(isIcmp ? { IcmpTypeCode: { Type: fromPort ?? -1, Code: toPort ?? -1 } } : {}),
    RuleNumber: number,
  };
}

/** The second one is there where the VPC has IPv6. */
function last(region: Region, { vpcId }: NetworkAcl, egress: boolean): readonly Structure[] {
  const hasIpv6 = (region.vpcs[vpcId]?.ipv6Cidrs.length ?? 0) > 0;
  return LAST.filter(({ cidr }) => hasIpv6 || !cidr.includes(':')).map(({ number, cidr }) =>
    entry({ number, egress, protocol: -1, cidr, action: 'deny' }),
  );
}
