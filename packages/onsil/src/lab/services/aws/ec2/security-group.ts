import type { Region } from '../../../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../../../region/security-group.ts';
import type { Operations } from '../operation.ts';
import type { Structure } from '../value.ts';
import { describes, tagged, tagSet, yesNo } from './describe.ts';

export const GROUP_IDS = {
  ...{ member: 'GroupIds', code: 'InvalidGroup.NotFound', noun: 'security group' },
  of: ({ id }: { readonly id: string }) => id,
};

const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
/** As EC2 writes a protocol. */
export const protocolName = (number: number): string => WORDS[number] ?? String(number);

const permissionsOf = (group: SecurityGroup, egress: boolean) =>
  egress ? group.egress : group.ingress;

/** The filters by permissions, which are called alike in both directions. */
function byPermission(egress: boolean, prefix: string) {
  const rules = (group: SecurityGroup) => permissionsOf(group, egress);
  return {
    [`${prefix}.cidr`]: (group: SecurityGroup) =>
      rules(group).flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : [])),
    [`${prefix}.ipv6-cidr`]: (group: SecurityGroup) =>
      rules(group).flatMap(({ peer }) => (peer.kind === 'cidr6' ? [peer.cidr] : [])),
    [`${prefix}.group-id`]: (group: SecurityGroup) =>
      rules(group).flatMap(({ peer }) => (peer.kind === 'group' ? [peer.groupId] : [])),
    [`${prefix}.prefix-list-id`]: (group: SecurityGroup) =>
      rules(group).flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])),
    [`${prefix}.protocol`]: (group: SecurityGroup) =>
      rules(group).map(({ protocol }) => protocolName(protocol)),
    [`${prefix}.from-port`]: (group: SecurityGroup) =>
      rules(group).map(({ fromPort }) => fromPort?.toString()),
    [`${prefix}.to-port`]: (group: SecurityGroup) =>
      rules(group).map(({ toPort }) => toPort?.toString()),
  };
}

interface RuleOfGroup {
  readonly id: string;
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
  readonly egress: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export const securityGroupOperations: Operations = {
  DescribeSecurityGroups: describes<SecurityGroup>({
    set: 'SecurityGroups',
    ids: GROUP_IDS,
    all: ({ securityGroups }, _call) => Object.values(securityGroups),
    filters: tagged({
      'group-id': ({ id }) => id,
      'group-name': ({ name }) => name,
      'vpc-id': ({ vpcId }) => vpcId,
      description: ({ description }) => description,
      'owner-id': (_group, { region }) => region.account,
      ...byPermission(false, 'ip-permission'),
      ...byPermission(true, 'egress.ip-permission'),
    }),
    print: (group, { region }) => ({
      ...{ Description: group.description, GroupName: group.name, OwnerId: region.account },
      ...{ GroupId: group.id, VpcId: group.vpcId, Tags: tagSet(group.tags) },
      IpPermissions: permissions(region, group.ingress),
      IpPermissionsEgress: permissions(region, group.egress),
    }),
  }),
  DescribeSecurityGroupRules: describes<RuleOfGroup>({
    set: 'SecurityGroupRules',
    ids: {
      ...{ member: 'SecurityGroupRuleIds', code: 'InvalidSecurityGroupRuleId.NotFound' },
      ...{ noun: 'security group rule ID', of: ({ id }) => id },
    },
    all: ({ securityGroups }) =>
      Object.values(securityGroups).flatMap((group) =>
        [false, true].flatMap((egress) =>
          permissionsOf(group, egress).map((rule) => ({
            id: rule.id,
            group,
            rule,
            egress,
            tags: rule.tags ?? {},
          })),
        ),
      ),
    filters: tagged({
      'group-id': ({ group }) => group.id,
      'security-group-rule-id': ({ id }) => id,
      'is-egress': ({ egress }) => yesNo(egress),
    }),
    print: ({ group, rule, egress }, { region }) => printRule(region, group, rule, egress),
  }),
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html */
export function printRule(
  region: Region,
  group: SecurityGroup,
  rule: SecurityGroupRule,
  egress: boolean,
): Structure {
  const { peer } = rule;
  const end: Structure =
    peer.kind === 'cidr'
      ? { CidrIpv4: peer.cidr }
      : peer.kind === 'cidr6'
        ? { CidrIpv6: peer.cidr }
        : peer.kind === 'prefix-list'
          ? { PrefixListId: peer.prefixListId }
          : { ReferencedGroupInfo: { GroupId: peer.groupId, UserId: region.account } };
  return {
    ...{ SecurityGroupRuleId: rule.id, GroupId: group.id, GroupOwnerId: region.account },
    ...{ IsEgress: egress, IpProtocol: protocolName(rule.protocol) },
    ...{ ...portsOf(rule), ...end },
    ...{ Description: rule.description, Tags: tagSet(rule.tags ?? {}) },
  };
}

const ICMP = [1, 58];
const PORTED = [6, 17];

function portsOf({ protocol, fromPort, toPort }: SecurityGroupRule): Structure {
  const all = PORTED.includes(protocol) ? { from: 0, to: 65_535 } : { from: -1, to: -1 };
  return { FromPort: fromPort ?? all.from, ToPort: toPort ?? all.to };
}

/** AWS gathers the other ends of equal ports in one permission. */
function permissions(region: Region, rules: readonly SecurityGroupRule[]): readonly Structure[] {
  const byPorts = Map.groupBy(rules, ({ protocol, fromPort, toPort }) =>
    JSON.stringify([protocol, fromPort, toPort]),
  );
  return [...byPorts.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ends = { ranges: [], ranges6: [], lists: [], groups: [] } as Record<
      'ranges' | 'ranges6' | 'lists' | 'groups',
      Structure[]
    >;
    for (const { peer, description: Description } of own) {
      if (peer.kind === 'cidr') ends.ranges.push({ CidrIp: peer.cidr, Description });
      else if (peer.kind === 'cidr6') ends.ranges6.push({ CidrIpv6: peer.cidr, Description });
      else if (peer.kind === 'prefix-list')
        ends.lists.push({ PrefixListId: peer.prefixListId, Description });
      else ends.groups.push({ GroupId: peer.groupId, UserId: region.account, Description });
    }
    const { protocol } = first;
    const ports = ICMP.includes(protocol) || PORTED.includes(protocol) ? portsOf(first) : {};
    return [
      {
        ...{ IpProtocol: protocolName(protocol), ...ports, UserIdGroupPairs: ends.groups },
        ...{ IpRanges: ends.ranges, Ipv6Ranges: ends.ranges6, PrefixListIds: ends.lists },
      },
    ];
  });
}
