import * as z from 'zod/mini';
import type { Table } from '../region/region.ts';
import type {
  SecurityGroup,
  SecurityGroupPeer,
  SecurityGroupRule,
} from '../region/security-group.ts';
import { hasPorts, isIcmp, port, protocol } from './protocol.ts';
import type { Report } from './report.ts';
import { cidr, cidr6, id, name, optionalList, type Read, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const description = z.optional(name);
const permission = z.object({
  IpProtocol: protocol,
  FromPort: z.optional(port),
  ToPort: z.optional(port),
  IpRanges: optionalList(z.object({ CidrIp: cidr, Description: description })),
  Ipv6Ranges: optionalList(z.object({ CidrIpv6: cidr6, Description: description })),
  PrefixListIds: optionalList(z.object({ PrefixListId: id, Description: description })),
  UserIdGroupPairs: optionalList(
    z.object({
      GroupId: z.optional(id),
      GroupName: z.optional(name),
      Description: description,
    }),
  ),
});
const schema = z.object({
  GroupId: id,
  GroupName: z._default(name, ''),
  Description: z._default(name, ''),
  /** Absent in EC2-Classic, which is no more. */
  VpcId: z.optional(id),
  IpPermissions: optionalList(permission),
  IpPermissionsEgress: optionalList(permission),
  Tags: tags,
});
const ruleSchema = z.object({
  SecurityGroupRuleId: id,
  GroupId: id,
  IsEgress: z.boolean(),
  IpProtocol: protocol,
  FromPort: z.optional(port),
  ToPort: z.optional(port),
  CidrIpv4: z.optional(cidr),
  CidrIpv6: z.optional(cidr6),
  PrefixListId: z.optional(id),
  ReferencedGroupInfo: z.optional(z.object({ GroupId: id })),
});

type Permission = z.output<typeof permission>;
type Group = z.output<typeof schema>;
type Direction = 'ingress' | 'egress';

/** The rules are those of the groups; `describe-security-group-rules` adds the ids they have. */
export function securityGroups(report: Report, sources: Sources): Table<SecurityGroup> {
  const groups = read(report, schema, sources.of('SecurityGroups'));
  const ids = ruleIds(report, sources);
  return Object.fromEntries(
    groups.flatMap((group) => {
      const { GroupId, GroupName, Description, VpcId, Tags } = group.value;
      if (VpcId === undefined) return [];
      const rules = (direction: Direction, permissions: readonly Permission[]) =>
        rulesOf(report, groups, group, direction, permissions).map((rule) => ({
          ...rule,
          id: ids.get(`${GroupId} ${rule.id}`) ?? rule.id,
        }));
      const made: SecurityGroup = {
        ...{ id: GroupId, vpcId: VpcId, name: GroupName, description: Description },
        ingress: rules('ingress', group.value.IpPermissions),
        egress: rules('egress', group.value.IpPermissionsEgress),
        tags: Tags,
      };
      return [[GroupId, made] as const];
    }),
  );
}

/** Sorted by what they say, each once, so that the order in a file is of no matter. */
function rulesOf(
  report: Report,
  groups: readonly Read<Group>[],
  { at, value }: Read<Group>,
  direction: Direction,
  permissions: readonly Permission[],
): readonly SecurityGroupRule[] {
  const key = direction === 'ingress' ? 'IpPermissions' : 'IpPermissionsEgress';
  const rules = permissions.flatMap((each, index): readonly SecurityGroupRule[] => {
    const ports = portsOf(each);
    if (ports === undefined) {
      const message = 'A rule of tcp or udp has ports.';
      report.error(at, `.${key}[${index}]`, message, 'Collect the file again.');
      return [];
    }
    return peersOf(groups, value, each).flatMap(({ peer, ...more }) => {
      if (peer === undefined) {
        const path = `.${key}[${index}].UserIdGroupPairs`;
        report.warn(at, path, 'A group is named here that no file has: the rule allows nothing.');
        return [];
      }
      if (peer.kind === 'prefix-list') report.prefixLists.set(peer.prefixListId, at);
      const fields = { protocol: each.IpProtocol, ...ports, peer };
      return [{ id: contentOf(direction, fields), ...fields, ...more }];
    });
  });
  const distinct = new Map(rules.map((rule) => [rule.id, rule]));
  return [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

function portsOf({
  IpProtocol,
  FromPort,
  ToPort,
}: Pick<Permission, 'IpProtocol' | 'FromPort' | 'ToPort'>):
  | Pick<SecurityGroupRule, 'fromPort' | 'toPort'>
  | undefined {
  if (hasPorts(IpProtocol)) {
    if (FromPort === undefined || ToPort === undefined || FromPort < 0) return undefined;
    return { fromPort: FromPort, toPort: ToPort };
  }
  if (!isIcmp(IpProtocol) || FromPort === undefined || FromPort === -1) return {};
  return { fromPort: FromPort, toPort: ToPort ?? -1 };
}

interface Peer extends Pick<SecurityGroupRule, 'description'> {
  readonly peer: SecurityGroupPeer | undefined;
}

function peersOf(
  groups: readonly Read<Group>[],
  { VpcId }: Group,
  permission: Permission,
): readonly Peer[] {
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = permission;
  const described = (text: string | undefined) => (text === undefined ? {} : { description: text });
  return [
    ...IpRanges.map((each) => ({
      peer: { kind: 'cidr', cidr: each.CidrIp } as const,
      ...described(each.Description),
    })),
    ...Ipv6Ranges.map((each) => ({
      peer: { kind: 'cidr6', cidr: each.CidrIpv6 } as const,
      ...described(each.Description),
    })),
    ...PrefixListIds.map((each) => ({
      peer: { kind: 'prefix-list', prefixListId: each.PrefixListId } as const,
      ...described(each.Description),
    })),
    ...UserIdGroupPairs.map((each) => {
      // Old output has a name only, which is one inside the VPC.
      const twin = groups.find(
        ({ value }) => value.VpcId === VpcId && value.GroupName === each.GroupName,
      );
      const groupId = each.GroupId ?? (each.GroupName && twin?.value.GroupId);
      const peer = groupId ? ({ kind: 'group', groupId } as const) : undefined;
      return { peer, ...described(each.Description) };
    }),
  ];
}

/** By group and content. */
function ruleIds(report: Report, sources: Sources): ReadonlyMap<string, string> {
  const rules = read(report, ruleSchema, sources.of('SecurityGroupRules'));
  return new Map(
    rules.flatMap(({ value }) => {
      const peer = peerOf(value);
      const ports = portsOf(value);
      if (peer === undefined || ports === undefined) return [];
      const direction = value.IsEgress ? 'egress' : 'ingress';
      const content = contentOf(direction, { protocol: value.IpProtocol, ...ports, peer });
      return [[`${value.GroupId} ${content}`, value.SecurityGroupRuleId] as const];
    }),
  );
}

function peerOf(rule: z.output<typeof ruleSchema>): SecurityGroupPeer | undefined {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo } = rule;
  if (CidrIpv4 !== undefined) return { kind: 'cidr', cidr: CidrIpv4 };
  if (CidrIpv6 !== undefined) return { kind: 'cidr6', cidr: CidrIpv6 };
  if (PrefixListId !== undefined) return { kind: 'prefix-list', prefixListId: PrefixListId };
  const groupId = ReferencedGroupInfo?.GroupId;
  return groupId === undefined ? undefined : { kind: 'group', groupId };
}

/** Tells the rules of a group apart: AWS allows none twice. */
function contentOf(direction: Direction, rule: Omit<SecurityGroupRule, 'id'>): string {
  const { protocol: number, fromPort, toPort, peer } = rule;
  const ports = fromPort === undefined ? '' : ` ${fromPort}-${toPort}`;
  const end =
    peer.kind === 'group'
      ? peer.groupId
      : peer.kind === 'prefix-list'
        ? peer.prefixListId
        : peer.cidr;
  return `${direction} ${number}${ports} ${end}`;
}
