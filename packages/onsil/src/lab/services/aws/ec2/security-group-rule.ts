/** Calls that add rules to groups and take them away. */
import { hashOf } from '../../../../region/hash.ts';
import { canonicalBlock } from '../../../../region/ipv4.ts';
import { canonicalBlock6 } from '../../../../region/ipv6.ts';
import { put, type Region, type Tags } from '../../../../region/region.ts';
import { Properties } from '../../../../region/resources/properties.ts';
import {
  type Direction,
  findGroup,
  ruleOf,
} from '../../../../region/resources/security-group-rule.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../../../region/security-group.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operations } from '../operation.ts';
import { number, type Structure, structures, text, textOf, texts } from '../value.ts';
import { change, checked } from './change.ts';
import { badValue, notFound } from './describe.ts';
import { GROUP_IDS, printRule } from './security-group.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST_RULES = 60;

export const securityGroupRuleOperations: Operations = {
  AuthorizeSecurityGroupIngress: { handle: (input, call) => authorize(input, call, 'ingress') },
  AuthorizeSecurityGroupEgress: { handle: (input, call) => authorize(input, call, 'egress') },
  RevokeSecurityGroupIngress: { handle: (input, call) => revoke(input, call, 'ingress') },
  RevokeSecurityGroupEgress: { handle: (input, call) => revoke(input, call, 'egress') },
};

function authorize(input: Structure, call: Call, direction: Direction): Promise<Structure> {
  const tags = tagsOf(input);
  return change(call, (region) => {
    const group = groupOf(region, input);
    const rules = rulesOf(region, group, input, direction).map((rule) =>
      Object.keys(tags).length === 0 ? rule : { ...rule, tags },
    );
    const present = new Set(group[direction].map(contentOf));
    const twice = rules.find((rule) => present.has(contentOf(rule)));
    if (twice !== undefined) {
      const words = `peer: ${endOf(twice)}, ${twice.protocol}, from port: ${twice.fromPort ?? 'all'}, to port: ${twice.toPort ?? 'all'}, ALLOW`;
      const message = `the specified rule "${words}" already exists`;
      throw new AwsError(400, 'InvalidPermission.Duplicate', message);
    }
    const next = [...group[direction], ...rules];
    if (next.length > MOST_RULES && next.length > group[direction].length) {
      const message = `The maximum number of rules per security group has been reached: ${MOST_RULES} in each direction.`;
      throw new AwsError(400, 'RulesPerSecurityGroupLimitExceeded', message);
    }
    const changed = put(region, 'securityGroups', group.id, { ...group, [direction]: next });
    const printed = rules.map((rule) => printRule(region, group, rule, direction === 'egress'));
    return { region: changed, result: { Return: true, SecurityGroupRules: printed } };
  });
}

function revoke(input: Structure, call: Call, direction: Direction): Promise<Structure> {
  return change(call, (region) => {
    const group = groupOf(region, input);
    const ids = texts(input, 'SecurityGroupRuleIds');
    const present = group[direction];
    const gone =
      ids.length > 0
        ? ids.map((id) => {
            const found = present.find((rule) => rule.id === id);
            if (found !== undefined) return found;
            const names = {
              code: 'InvalidSecurityGroupRuleId.NotFound',
              noun: 'security group rule ID',
            };
            throw notFound(names, [id]);
          })
        : rulesOf(region, group, input, direction).map((rule) => {
            const found = present.find((each) => contentOf(each) === contentOf(rule));
            if (found !== undefined) return found;
            const message = 'The specified rule does not exist in this security group.';
            throw new AwsError(400, 'InvalidPermission.NotFound', message);
          });
    const left = present.filter((rule) => !gone.includes(rule));
    const next = put(region, 'securityGroups', group.id, { ...group, [direction]: left });
    return { region: next, result: { Return: true } };
  });
}

/** Of TagSpecifications, which here are for rules alone. */
function tagsOf(input: Structure): Tags {
  const specifications = structures(input, 'TagSpecifications');
  const other = specifications.find((each) => text(each, 'ResourceType') !== 'security-group-rule');
  if (other !== undefined) {
    throw badValue(
      `'${text(other, 'ResourceType')}' is not a valid taggable resource type for this operation: it is security-group-rule.`,
    );
  }
  return Object.fromEntries(
    specifications
      .flatMap((each) => structures(each, 'Tags'))
      .map((each) => [textOf(each, 'Key'), text(each, 'Value') ?? '']),
  );
}

function groupOf(region: Region, input: Structure): SecurityGroup {
  const id = text(input, 'GroupId');
  const name = text(input, 'GroupName');
  if (id === undefined && name === undefined) {
    const message = 'The request must contain the parameter groupName or groupId';
    throw new AwsError(400, 'MissingParameter', message);
  }
  // A name alone is one of the default VPC.
  const inDefault = Object.values(region.vpcs).find(({ isDefault }) => isDefault === true)?.id;
  const found =
    id === undefined ? findGroup(region, inDefault, name ?? '') : region.securityGroups[id];
  if (found === undefined) throw notFound(GROUP_IDS, [id ?? name ?? '']);
  return found;
}

/** Of IpPermissions, or of the older form with one permission in the call itself. */
function rulesOf(
  region: Region,
  group: SecurityGroup,
  input: Structure,
  direction: Direction,
): readonly SecurityGroupRule[] {
  const given = structures(input, 'IpPermissions');
  const ends =
    given.length === 0
      ? olderEnds(input, direction)
      : given.flatMap((each) => endsOf(each, direction));
  if (ends.length === 0) {
    const message =
      'The request must contain the parameter ipPermissions, with an other end in each';
    throw new AwsError(400, 'MissingParameter', message);
  }
  return ends.map((end) => {
    const properties = Object.fromEntries(
      Object.entries(end).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      ),
    );
    const rule = checked((problems) =>
      ruleOf(region, group.vpcId, new Properties(properties, '', problems), direction, ''),
    );
    if (rule === undefined)
      throw badValue('A rule needs an other end: a block, a group or a prefix list.');
    return {
      ...rule,
      id: `sgr-0${hashOf('rule', group.id, direction, contentOf(rule)).slice(0, 16)}`,
    };
  });
}

type End = Readonly<Record<string, string | number | undefined>>;

const NAMES = {
  ingress: {
    group: 'SourceSecurityGroupId',
    name: 'SourceSecurityGroupName',
    list: 'SourcePrefixListId',
  },
  egress: {
    group: 'DestinationSecurityGroupId',
    name: 'DestinationSecurityGroupName',
    list: 'DestinationPrefixListId',
  },
} as const;

function endsOf(permission: Structure, direction: Direction): readonly End[] {
  const common = {
    ...{ IpProtocol: text(permission, 'IpProtocol') ?? '-1' },
    ...{ FromPort: number(permission, 'FromPort'), ToPort: number(permission, 'ToPort') },
  };
  const names = NAMES[direction];
  const of = (member: string, end: (each: Structure) => End): readonly End[] =>
    structures(permission, member).map((each) => ({
      ...{ ...common, ...end(each), Description: text(each, 'Description') },
    }));
  return [
    ...of('IpRanges', (each) => ({ CidrIp: block(each, 'CidrIp', canonicalBlock) })),
    ...of('Ipv6Ranges', (each) => ({ CidrIpv6: block(each, 'CidrIpv6', canonicalBlock6) })),
    ...of('PrefixListIds', (each) => ({ [names.list]: text(each, 'PrefixListId') })),
    ...of('UserIdGroupPairs', (each) => {
      const id = text(each, 'GroupId');
      return id === undefined ? { [names.name]: text(each, 'GroupName') } : { [names.group]: id };
    }),
  ];
}

function olderEnds(input: Structure, direction: Direction): readonly End[] {
  const cidr = block(input, 'CidrIp', canonicalBlock);
  const group = text(input, 'SourceSecurityGroupName');
  if (cidr === undefined && group === undefined) return [];
  return [
    {
      ...{ IpProtocol: text(input, 'IpProtocol') ?? '-1', FromPort: number(input, 'FromPort') },
      ToPort: number(input, 'ToPort'),
      ...(cidr === undefined ? { [NAMES[direction].name]: group } : { CidrIp: cidr }),
    },
  ];
}

function endOf({ peer }: SecurityGroupRule): string {
  if (peer.kind === 'group') return peer.groupId;
  return peer.kind === 'prefix-list' ? peer.prefixListId : peer.cidr;
}

/** AWS allows none twice in a group; descriptions do not tell them apart. */
function contentOf(rule: SecurityGroupRule): string {
  const { protocol, fromPort = 'all', toPort = 'all' } = rule;
  return `${protocol} ${fromPort} ${toPort} ${endOf(rule)}`;
}

/** AWS takes the host bits off; what is no block is left for the error. */
function block(
  each: Structure,
  member: string,
  canonical: (given: string) => string | undefined,
): string | undefined {
  const given = text(each, member);
  return given === undefined ? undefined : (canonical(given) ?? given);
}
