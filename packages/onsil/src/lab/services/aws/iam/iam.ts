/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
import { awsManagedPolicy } from '../../../../region/aws-managed-policy.ts';
import { hashOf } from '../../../../region/hash.ts';
import type { InstanceProfile } from '../../../../region/instance-profile.ts';
import type { Region } from '../../../../region/region.ts';
import type { PolicyStatement, Role, TrustStatement } from '../../../../region/role.ts';
import { AwsError } from '../../endpoints/error.ts';
import { principalArn } from '../../endpoints/exchange.ts';
import type { Call, Operation, ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, text, textOf } from '../value.ts';

const PAGE = 100;
/** Everything that a role's own policies say, which the region keeps as one. */
const INLINE = 'policy';

const noSuch = (what: string): AwsError =>
  new AwsError(404, 'NoSuchEntity', `${what} cannot be found.`);

function roleOf(region: Region, input: Structure): Role {
  const name = textOf(input, 'RoleName');
  const found = Object.values(region.roles).find((each) => each.name === name);
  if (found === undefined) throw noSuch(`The role with name ${name}`);
  return found;
}

const roleArns = (input: Structure, { region }: Pick<Call, 'region'>): readonly string[] => [
  `arn:aws:iam::${region.account}:role/${textOf(input, 'RoleName')}`,
];

const profileArns = (input: Structure, { region }: Pick<Call, 'region'>): readonly string[] => [
  `arn:aws:iam::${region.account}:instance-profile/${textOf(input, 'InstanceProfileName')}`,
];

/** Between the slashes of an ARN's last part. */
const pathOf = (arn: string): string => /:[\w-]+(\/(?:[^/]+\/)*)[^/]+$/.exec(arn)?.[1] ?? '/';

function lists<T>(
  member: string,
  all: (region: Region, input: Structure) => readonly T[],
  print: (thing: T, call: Call) => Structure | string,
  resources?: Operation['resources'],
): Operation {
  return {
    ...(resources === undefined ? {} : { resources }),
    handle: (input, call) => {
      const size = number(input, 'MaxItems') ?? PAGE;
      const token = text(input, 'Marker');
      const page = pageOf(all(call.region, input), { size, token, code: 'InvalidInput' });
      return {
        [member]: page.items.map((each) => print(each, call)),
        ...{ IsTruncated: page.next !== undefined, Marker: page.next },
      };
    },
  };
}

const below =
  (input: Structure) =>
  ({ arn }: { readonly arn: string }) =>
    pathOf(arn).startsWith(text(input, 'PathPrefix') ?? '/');

export const iam: ServiceDefinition = {
  prefix: 'iam',
  operations: {
    GetRole: {
      resources: roleArns,
      handle: (input, call) => ({ Role: printRole(roleOf(call.region, input), call) }),
    },
    ListRoles: lists(
      'Roles',
      ({ roles }, input) => Object.values(roles).filter(below(input)),
      printRole,
    ),
    ListRolePolicies: lists(
      'PolicyNames',
      (region, input) => (roleOf(region, input).statements.length === 0 ? [] : [INLINE]),
      (name) => name,
      roleArns,
    ),
    GetRolePolicy: {
      resources: roleArns,
      handle: (input, { region }) => {
        const role = roleOf(region, input);
        const name = textOf(input, 'PolicyName');
        if (name !== INLINE || role.statements.length === 0)
          throw noSuch(`The role policy with name ${name}`);
        const document = policyDocument(role.statements);
        return { RoleName: role.name, PolicyName: name, PolicyDocument: document };
      },
    },
    ListAttachedRolePolicies: lists(
      'AttachedPolicies',
      (region, input) => roleOf(region, input).managedPolicyArns,
      (arn) => ({ PolicyName: arn.replace(/^.*\//, ''), PolicyArn: arn }),
      roleArns,
    ),
    GetInstanceProfile: {
      resources: profileArns,
      handle: (input, call) => {
        const name = textOf(input, 'InstanceProfileName');
        const found = Object.values(call.region.instanceProfiles).find(
          (each) => each.name === name,
        );
        if (found === undefined) throw noSuch(`Instance Profile ${name}`);
        return { InstanceProfile: printProfile(found, call) };
      },
    },
    ListInstanceProfiles: lists(
      'InstanceProfiles',
      ({ instanceProfiles }, input) => Object.values(instanceProfiles).filter(below(input)),
      printProfile,
    ),
    ListInstanceProfilesForRole: lists(
      'InstanceProfiles',
      (region, input) => {
        const { name } = roleOf(region, input);
        return Object.values(region.instanceProfiles).filter(({ roleName }) => roleName === name);
      },
      printProfile,
      roleArns,
    ),
    GetPolicy: {
      resources: (input) => [textOf(input, 'PolicyArn')],
      handle: (input, call) => ({ Policy: printPolicy(textOf(input, 'PolicyArn'), call) }),
    },
    GetPolicyVersion: {
      resources: (input) => [textOf(input, 'PolicyArn')],
      handle: (input, call) => {
        const arn = textOf(input, 'PolicyArn');
        const { DefaultVersionId: VersionId } = printPolicy(arn, call);
        if (textOf(input, 'VersionId') !== VersionId)
          throw noSuch(`Policy ${arn} version ${textOf(input, 'VersionId')}`);
        const known = awsManagedPolicy(arn);
        // Half a document would say that the other half is not there.
        if (known?.whole === false) {
          const message = `The lab knows only a part of what ${arn} allows.`;
          throw new AwsError(501, 'NotImplemented', message);
        }
        const statements = known?.statements ?? call.region.managedPolicies[arn]?.statements ?? [];
        return {
          PolicyVersion: {
            ...{ Document: policyDocument(statements), VersionId, IsDefaultVersion: true },
            CreateDate: call.context.control.startedAt,
          },
        };
      },
    },
    ListPolicies: lists(
      'Policies',
      ({ managedPolicies }, input) =>
        text(input, 'Scope') === 'AWS' ? [] : Object.values(managedPolicies).filter(below(input)),
      ({ arn }, call) => printPolicy(arn, call),
    ),
    GetUser: {
      open: true,
      handle: (_input, { region, principal, context }) => {
        if (principal.kind !== 'administrator') {
          const message = 'Must specify userName when calling with non-User credentials';
          throw new AwsError(400, 'ValidationError', message);
        }
        return {
          User: {
            ...{ Path: '/', UserName: 'administrator', Arn: principalArn(region, principal) },
            UserId: `AIDA${hashOf('administrator', region.account).toUpperCase().slice(0, 17)}`,
            CreateDate: context.control.startedAt,
          },
        };
      },
    },
  },
};

function printRole({ id, name, arn, trusts, trust }: Role, { context }: Call): Structure {
  return {
    ...{ Path: pathOf(arn), RoleName: name, RoleId: id, Arn: arn },
    CreateDate: context.control.startedAt,
    AssumeRolePolicyDocument: encoded({
      Version: '2012-10-17',
      Statement: trust?.map(printTrust) ?? [
        { Effect: 'Allow', Principal: { Service: trusts }, Action: 'sts:AssumeRole' },
      ],
    }),
    ...{ MaxSessionDuration: 3600, Tags: [] },
  };
}

function printTrust({ effect, actions, services, principals, externalIds }: TrustStatement) {
  const aws = principals.length === 0 ? {} : { AWS: scalar(principals) };
  return {
    Effect: effect,
    Principal: { ...(services.length === 0 ? {} : { Service: scalar(services) }), ...aws },
    Action: scalar(actions),
    ...(externalIds === undefined
      ? {}
      : { Condition: { StringEquals: { 'sts:ExternalId': externalIds } } }),
  };
}

/** As most documents are written: one thing is no list. */
const scalar = (texts: readonly string[]) => (texts.length === 1 ? texts[0] : texts);

function printProfile({ id, name, arn, roleName }: InstanceProfile, call: Call): Structure {
  const roles = Object.values(call.region.roles).filter((each) => each.name === roleName);
  return {
    ...{ Path: pathOf(arn), InstanceProfileName: name, InstanceProfileId: id, Arn: arn },
    CreateDate: call.context.control.startedAt,
    ...{ Roles: roles.map((each) => printRole(each, call)), Tags: [] },
  };
}

function printPolicy(arn: string, { region, context }: Call): Structure {
  if (awsManagedPolicy(arn) === undefined && region.managedPolicies[arn] === undefined)
    throw new AwsError(404, 'NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  const attached = Object.values(region.roles).filter(({ managedPolicyArns }) =>
    managedPolicyArns.includes(arn),
  );
  return {
    ...{ PolicyName: arn.replace(/^.*\//, ''), Arn: arn, Path: pathOf(arn) },
    PolicyId: `ANPA${hashOf('policy', arn).toUpperCase().slice(0, 17)}`,
    ...{ DefaultVersionId: 'v1', AttachmentCount: attached.length, IsAttachable: true },
    ...{ CreateDate: context.control.startedAt, UpdateDate: context.control.startedAt },
  };
}

function policyDocument(statements: readonly PolicyStatement[]): string {
  return encoded({
    Version: '2012-10-17',
    Statement: statements.map(({ effect, actions, resources }) => ({
      ...{ Effect: effect, Action: actions, Resource: resources },
    })),
  });
}

/** IAM's documents are URL-encoded: RFC 3986. */
const encoded = (document: object): string => encodeURIComponent(JSON.stringify(document));
