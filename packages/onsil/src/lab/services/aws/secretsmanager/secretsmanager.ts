/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html */
import { randomUUID } from 'node:crypto';
import { hashOf } from '../../../../region/hash.ts';
import type { Secret } from '../../../../region/secret.ts';
import { AwsError } from '../../endpoints/error.ts';
import { resolveSecrets } from '../../references.ts';
import { type Call, isOfInstance, type Operation, type ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { flag, number, type Structure, structures, text, textOf, texts } from '../value.ts';
import type { KeptSecret, SecretVersion } from './secret-store.ts';

const PAGE = 100;

type Place = Pick<Call, 'region' | 'context'>;

const resources = (input: Structure, place: Place): readonly string[] => {
  const id = textOf(input, 'SecretId');
  const { region } = place;
  const arn = `arn:aws:secretsmanager:${region.name}:${region.account}:secret:${id}-??????`;
  return [find(place, id)?.arn ?? (id.startsWith('arn:') ? id : arn)];
};

/** What calls made, and what stacks have: with the value that was put, or else the stack's own. */
function all({ region, context }: Place): readonly KeptSecret[] {
  const kept = [...context.secrets.list()];
  const names = new Set(kept.map(({ name }) => name));
  const own = Object.values(region.secrets).filter(({ name }) => !names.has(name));
  return [...own.map((each) => ofStack(each, { region, context })), ...kept].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function ofStack(secret: Secret, { region, context }: Place): KeptSecret {
  const { name, arn, description, tags } = secret;
  const { secretValue, control } = context;
  const own = secretValue(secret);
  const value = own === undefined ? undefined : resolveSecrets(own, { region, context });
  const id = hashOf('secret version', arn).replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/,
    '$1-$2-$3-$4-$5',
  );
  const at = control.startedAt;
  return {
    ...{ name, arn, tags, createdAt: at, changedAt: at },
    ...(description === undefined ? {} : { description }),
    versions: value === undefined ? [] : [{ id, text: value, createdAt: at }],
  };
}

function find(place: Place, id: string): KeptSecret | undefined {
  return all(place).find(
    ({ name, arn }) => name === id || arn === id || arn.replace(/-\w{6}$/, '') === id,
  );
}

function there(place: Place, input: Structure): KeptSecret {
  const found = find(place, textOf(input, 'SecretId'));
  if (found !== undefined) return found;
  const message = "Secrets Manager can't find the specified secret.";
  throw new AwsError(400, 'ResourceNotFoundException', message);
}

const STAGES = ['AWSCURRENT', 'AWSPREVIOUS'];

function printVersion(secret: KeptSecret, version: SecretVersion): Structure {
  const stage = STAGES[secret.versions.indexOf(version)];
  return {
    ...{
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      CreatedDate: version.createdAt,
    },
    ...{ SecretString: version.text, SecretBinary: version.binary },
    VersionStages: stage === undefined ? [] : [stage],
  };
}

function printSecret(secret: KeptSecret): Structure {
  return {
    ...{ ARN: secret.arn, Name: secret.name, Description: secret.description },
    ...{ LastChangedDate: secret.changedAt, CreatedDate: secret.createdAt },
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

const stagesOf = ({ versions }: KeptSecret): Structure =>
  Object.fromEntries(
    STAGES.flatMap((stage, index) => {
      const version = versions[index];
      return version === undefined ? [] : [[version.id, [stage]] as const];
    }),
  );

/** Nothing where neither a text nor bytes were given. */
function versionOf(input: Structure, now: number): SecretVersion | undefined {
  const own = text(input, 'SecretString');
  const bytes = input['SecretBinary'];
  const binary = bytes instanceof Uint8Array ? bytes : undefined;
  if (own !== undefined && binary !== undefined) {
    const message =
      "You can't specify both a binary secret value and a string secret value in the same secret.";
    throw new AwsError(400, 'InvalidParameterException', message);
  }
  if (own === undefined && binary === undefined) return undefined;
  const id = text(input, 'ClientRequestToken') ?? randomUUID();
  return {
    ...{ id, createdAt: now },
    ...(own === undefined ? {} : { text: own }),
    ...(binary === undefined ? {} : { binary }),
  };
}

const putSecretValue: Operation = {
  resources,
  handle: async (input, call) => {
    const secret = there(call, input);
    const { now, secrets } = call.context;
    const version = versionOf(input, now());
    if (version === undefined) {
      const message = 'You must provide either SecretString or SecretBinary.';
      throw new AwsError(400, 'InvalidParameterException', message);
    }
    if (texts(input, 'VersionStages').some((stage) => stage !== 'AWSCURRENT')) {
      const message =
        'The lab has the stages AWSCURRENT and AWSPREVIOUS only, and moves them itself.';
      throw new AwsError(400, 'InvalidParameterException', message);
    }
    const versions = [version, ...secret.versions.filter(({ id }) => id !== version.id)];
    const next = { ...secret, versions, changedAt: now() };
    await secrets.put(next, !isOfInstance(call));
    return {
      ...{ ARN: next.arn, Name: next.name, VersionId: version.id, VersionStages: ['AWSCURRENT'] },
    };
  },
};

export const secretsmanager: ServiceDefinition = {
  prefix: 'secretsmanager',
  operations: {
    GetSecretValue: {
      resources,
      handle: (input, call) => {
        const secret = there(call, input);
        const id = text(input, 'VersionId');
        const stage = text(input, 'VersionStage') ?? 'AWSCURRENT';
        const version =
          id === undefined
            ? secret.versions[STAGES.indexOf(stage)]
            : secret.versions.find((each) => each.id === id);
        if (version === undefined) {
          const message = `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`}`;
          throw new AwsError(400, 'ResourceNotFoundException', message);
        }
        return printVersion(secret, version);
      },
    },
    DescribeSecret: {
      resources,
      handle: (input, call) => {
        const secret = there(call, input);
        return { ...printSecret(secret), VersionIdsToStages: stagesOf(secret) };
      },
    },
    ListSecrets: {
      handle: (input, call) => {
        const filters = structures(input, 'Filters').map((each) => {
          const key = textOf(each, 'Key');
          const values = texts(each, 'Values');
          if (key !== 'name') {
            const message = `The lab filters secrets by name only, not by ${key}.`;
            throw new AwsError(400, 'InvalidParameterException', message);
          }
          return ({ name }: KeptSecret) => values.some((value) => name.startsWith(value));
        });
        const kept = all(call).filter((each) => filters.every((keeps) => keeps(each)));
        const size = Math.min(number(input, 'MaxResults') ?? PAGE, PAGE);
        const token = text(input, 'NextToken');
        const page = pageOf(kept, { size, token, code: 'InvalidNextTokenException' });
        return {
          SecretList: page.items.map((each) => ({
            ...{ ...printSecret(each), SecretVersionsToStages: stagesOf(each) },
          })),
          NextToken: page.next,
        };
      },
    },
    CreateSecret: {
      handle: async (input, call) => {
        const { region, context } = call;
        const name = textOf(input, 'Name');
        if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
          const message =
            'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
          throw new AwsError(400, 'ValidationException', message);
        }
        if (find(call, name) !== undefined) {
          const message = `The operation failed because the secret ${name} already exists.`;
          throw new AwsError(400, 'ResourceExistsException', message);
        }
        const now = context.now();
        const version = versionOf(input, now);
        const description = text(input, 'Description');
        const suffix = hashOf('secret', name, String(now)).slice(0, 6);
        const secret: KeptSecret = {
          ...{ name, createdAt: now, changedAt: now },
          arn: `arn:aws:secretsmanager:${region.name}:${region.account}:secret:${name}-${suffix}`,
          ...(description === undefined ? {} : { description }),
          tags: Object.fromEntries(
            structures(input, 'Tags').map((each) => [textOf(each, 'Key'), textOf(each, 'Value')]),
          ),
          versions: version === undefined ? [] : [version],
        };
        await context.secrets.put(secret, !isOfInstance(call));
        return { ARN: secret.arn, Name: name, VersionId: version?.id };
      },
    },
    PutSecretValue: putSecretValue,
    DeleteSecret: {
      resources,
      handle: async (input, call) => {
        const secret = there(call, input);
        const isOfStack = Object.values(call.region.secrets).some(
          ({ name }) => name === secret.name,
        );
        if (isOfStack) {
          const message = `${secret.name} belongs to a stack: the lab deletes it with the stack only.`;
          throw new AwsError(400, 'InvalidRequestException', message);
        }
        // Otherwise it could be restored for some days, which the lab does not keep it for.
        if (flag(input, 'ForceDeleteWithoutRecovery') !== true) {
          const message = 'The lab keeps no deleted secrets: say ForceDeleteWithoutRecovery.';
          throw new AwsError(400, 'InvalidParameterException', message);
        }
        await call.context.secrets.delete(secret.name);
        return { ARN: secret.arn, Name: secret.name, DeletionDate: call.context.now() };
      },
    },
  },
};
