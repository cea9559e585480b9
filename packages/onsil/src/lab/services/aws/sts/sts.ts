/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
import { hashOf } from '../../../../region/hash.ts';
import { type Caller, refusedTrust } from '../../../../region/trust.ts';
import type { Principal } from '../../credentials.ts';
import { AwsError } from '../../endpoints/error.ts';
import { principalArn } from '../../endpoints/exchange.ts';
import type { Call, ServiceDefinition } from '../operation.ts';
import { number, type Structure, text, textOf } from '../value.ts';

const LONGEST_SECONDS = 43_200;

export const sts: ServiceDefinition = {
  prefix: 'sts',
  operations: {
    // Needs no permission: the answer is what the signature proved.
    GetCallerIdentity: {
      open: true,
      handle: (_input, { region, credential }) => {
        const { principal } = credential;
        return {
          UserId: userId(region, principal),
          ...{ Account: region.account, Arn: principalArn(region, principal) },
        };
      },
    },
    /** Whom the role trusts may take it; a role only those that its own policies name, too. */
    AssumeRole: {
      resources: (input) => [textOf(input, 'RoleArn')],
      handle: (input, { region, context, principal }) => {
        const arn = textOf(input, 'RoleArn');
        const session = textOf(input, 'RoleSessionName');
        const role = Object.values(region.roles).find((each) => each.arn === arn);
        if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
          const message = `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`;
          throw new AwsError(400, 'ValidationError', message);
        }
        if (input['Policy'] !== undefined || input['PolicyArns'] !== undefined) {
          const message =
            'The lab does not model session policies: leave out Policy and PolicyArns.';
          throw new AwsError(501, 'NotImplemented', message);
        }
        if (role === undefined) {
          const who = principalArn(region, principal);
          const message = `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
          throw new AwsError(403, 'AccessDenied', message);
        }
        const refused = refusedTrust(role, callerOf(region, principal, input));
        if (refused !== undefined) {
          const who = principalArn(region, principal);
          const message = `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${arn}: ${refused}`;
          throw new AwsError(403, 'AccessDenied', message);
        }
        const seconds = number(input, 'DurationSeconds') ?? 3600;
        if (seconds < 900 || seconds > LONGEST_SECONDS) {
          const message = `The requested DurationSeconds must be from 900 to ${LONGEST_SECONDS}; it is ${seconds}.`;
          throw new AwsError(400, 'ValidationError', message);
        }
        const made = context.credentials.assume(role.name, session, seconds * 1000);
        const { principal: own } = made;
        return {
          Credentials: {
            ...{ AccessKeyId: made.accessKeyId, SecretAccessKey: made.secretAccessKey },
            ...{ SessionToken: made.sessionToken, Expiration: made.expires },
          },
          AssumedRoleUser: {
            AssumedRoleId: userId(region, own),
            Arn: principalArn(region, own),
          },
          PackedPolicySize: 0,
        };
      },
    },
  },
};

function callerOf(region: Call['region'], principal: Principal, input: Structure): Caller {
  const own =
    principal.kind === 'role'
      ? Object.values(region.roles).find(({ name }) => name === principal.roleName)?.arn
      : undefined;
  const externalId = text(input, 'ExternalId');
  return {
    ...{ arn: principalArn(region, principal), account: region.account },
    ...(own === undefined ? {} : { roleArn: own }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

function userId(region: Call['region'], principal: Principal): string {
  if (principal.kind === 'administrator') {
    return `AIDA${hashOf('administrator', region.account).toUpperCase().slice(0, 17)}`;
  }
  if (principal.kind === 'instance') return principal.instanceId;
  const role = Object.values(region.roles).find(({ name }) => name === principal.roleName);
  return `${role?.id ?? principal.roleName}:${principal.instanceId}`;
}
