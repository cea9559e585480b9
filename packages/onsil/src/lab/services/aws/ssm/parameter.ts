import { createHash } from 'node:crypto';
import type { Parameter } from '../../../../region/parameter.ts';
import { AwsError } from '../../endpoints/error.ts';
import { resolveSecrets } from '../../references.ts';
import type { KeptParameter } from '../../ssm.ts';
import { type Call, isOfInstance } from '../operation.ts';
import { flag, type Structure, text, textOf } from '../value.ts';

export type Place = Pick<Call, 'region' | 'context'>;

export const invalid = (message: string): AwsError =>
  new AwsError(400, 'ValidationException', message);

export const notFound = (name: string): AwsError =>
  new AwsError(400, 'ParameterNotFound', `There is no parameter "${name}".`);

/** In the order of their names. */
export function all({ region, context }: Place): readonly KeptParameter[] {
  const names = new Map<string, KeptParameter>();
  for (const parameter of Object.values(region.parameters)) {
    names.set(parameter.name, given({ region, context }, parameter));
  }
  for (const parameter of context.parameters.list()) names.set(parameter.name, parameter);
  return [...names.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const given = (place: Place, parameter: Parameter): KeptParameter => ({
  ...parameter,
  value: resolveSecrets(parameter.value, place),
  version: 1,
  lastModified: 0,
});

/** `asked`: a name or an ARN, perhaps with `:version`. Only the newest version is kept. */
export function find(
  { region, context }: Place,
  asked: string,
  quiet = false,
): KeptParameter | undefined {
  const name = nameOf(asked);
  const kept = context.parameters.get(name);
  const own = Object.values(region.parameters).find((each) => each.name === name);
  const found = kept ?? (own === undefined ? undefined : given({ region, context }, own));
  const selector = selectorOf(asked);
  if (found === undefined || selector === undefined || selector === String(found.version)) {
    return found;
  }
  if (quiet) return undefined;
  throw new AwsError(
    400,
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );
}

function withoutArn(asked: string): string {
  const [, path] = /^arn:aws:ssm:[\w-]*:\d*:parameter(\/.*)$/.exec(asked) ?? [];
  return path ?? asked;
}

export function nameOf(asked: string): string {
  return withoutArn(asked).replace(/:[^:]*$/, '');
}

function selectorOf(asked: string): string | undefined {
  return /:([^:]*)$/.exec(withoutArn(asked))?.[1];
}

export function arnOf({ region: { name: region, account } }: Place, name: string): string {
  // Public parameters belong to no account.
  const owner = name.startsWith('/aws/service/') ? '' : account;
  return `arn:aws:ssm:${region}:${owner}:parameter/${name.replace(/^\//, '')}`;
}

export function shape(
  place: Place,
  parameter: KeptParameter,
  withDecryption: boolean | undefined,
): Structure {
  const { name, type, value, version, lastModified } = parameter;
  const sealed = type === 'SecureString' && withDecryption !== true;
  return {
    ...{ ARN: arnOf(place, name), DataType: 'text', LastModifiedDate: lastModified },
    ...{ Name: name, Type: type, Value: sealed ? ciphertext(name, version) : value },
    Version: version,
  };
}

export function describe(
  place: Place,
  { name, type, version, lastModified }: KeptParameter,
): Structure {
  return {
    ...{ ARN: arnOf(place, name), DataType: 'text', LastModifiedDate: lastModified },
    ...{ Name: name, Type: type, Version: version, Tier: 'Standard', Policies: [] },
    ...(type === 'SecureString' ? { KeyId: 'alias/aws/ssm' } : {}),
  };
}

export async function put(input: Structure, call: Call): Promise<Structure> {
  const name = nameOf(textOf(input, 'Name'));
  if (!/^[\w./-]{1,1011}$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw invalid(
      `"${name}" cannot be the name of a parameter: letters, digits and . _ - / only, and not beginning with aws or ssm.`,
    );
  }
  if (input['KeyId'] !== undefined && input['KeyId'] !== 'alias/aws/ssm') {
    const message = 'The lab has no KMS keys but alias/aws/ssm.';
    throw new AwsError(400, 'InvalidKeyId', message);
  }
  for (const member of ['AllowedPattern', 'Policies'] as const) {
    if (input[member] !== undefined)
      throw invalid(`The lab does not have ${member} of a parameter.`);
  }
  const before = find(call, name);
  if (before !== undefined && flag(input, 'Overwrite') !== true) {
    throw new AwsError(
      400,
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = text(input, 'Type') ?? before?.type;
  if (type !== 'String' && type !== 'StringList' && type !== 'SecureString') {
    throw invalid(
      `Type is ${type === undefined ? 'missing' : `"${type}"`}: it must be String, StringList or SecureString.`,
    );
  }
  const value = textOf(input, 'Value');
  if (value === '') throw invalid("1 validation error detected: 'value' must not be empty");
  const version = (before?.version ?? 0) + 1;
  const { parameters, now } = call.context;
  const parameter = { name, type, value, version, lastModified: now() } as const;
  await parameters.put(parameter, !isOfInstance(call));
  return { Version: version, Tier: 'Standard' };
}

/** Looks like KMS's and says nothing of the value. */
function ciphertext(name: string, version: number): string {
  return `AQICAHi${createHash('sha512').update(`${name} ${version}`).digest('base64')}`;
}
