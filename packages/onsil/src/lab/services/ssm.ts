import { createHash } from 'node:crypto';
import type { Parameter } from '../../region/parameter.ts';
import type { Principal } from './credentials.ts';
import { AwsError } from './endpoints/error.ts';
import {
  bodyOf,
  demand,
  type EndpointContext,
  type Exchange,
  header,
  readAll,
  send,
} from './endpoints/exchange.ts';
import { sha256 } from './signature/canonical.ts';
import { verifySignature } from './signature.ts';
import { type Input, list, optionalText, text } from './ssm/input.ts';

/** A parameter that the lab keeps beside the region: secrets, and what instances put. */
export interface KeptParameter extends Parameter {
  /** From 1. */
  readonly version: number;
  /** Milliseconds. */
  readonly lastModified: number;
}

/** Parameters kept by the lab; they come before the region's of the same name. */
export interface ParameterStore {
  list(): Iterable<KeptParameter>;
  get(name: string): KeptParameter | undefined;
  put(parameter: KeptParameter): void | Promise<void>;
}

export interface SsmContext extends EndpointContext {
  readonly parameters: ParameterStore;
}

/** Keeps parameters for as long as the process lives. */
export function memoryParameterStore(initial: Iterable<Parameter> = []): ParameterStore {
  const kept = new Map<string, KeptParameter>();
  for (const parameter of initial) {
    kept.set(parameter.name, { ...parameter, version: 1, lastModified: Date.now() });
  }
  return {
    list: () => kept.values(),
    get: (name) => kept.get(name),
    put: (parameter) => {
      kept.set(parameter.name, parameter);
    },
  };
}

const MAX_BODY_BYTES = 256 * 1024;
const MAX_PAGE = 10;

interface Call {
  readonly context: SsmContext;
  readonly principal: Principal;
  readonly input: Input;
}

type Operation = (call: Call) => object | Promise<object>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetParameter: getParameter,
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  PutParameter: putParameter,
};

/**
 * Parameter Store, in the AWS JSON 1.1 protocol. A SecureString is encrypted with the
 * AWS-managed key `alias/aws/ssm`, which every principal of the account may use through SSM:
 * so there is no KMS here, and a key of one's own is refused.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html
 */
export async function handleSsm(exchange: Exchange, context: SsmContext): Promise<void> {
  const body = await readAll(bodyOf(exchange), MAX_BODY_BYTES);
  const { credential } = verifySignature(exchange.signed, {
    credentials: context.credentials,
    now: context.now(),
    service: 'ssm',
    regions: [context.region().name],
    payloadHash: sha256(body),
  });
  const name = /^AmazonSSM\.(\w+)$/.exec(header(exchange, 'x-amz-target') ?? '')?.[1] ?? '';
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) {
    throw new AwsError(
      400,
      'UnknownOperationException',
      `The lab's SSM does not have the operation "${header(exchange, 'x-amz-target') ?? ''}": it has ${Object.keys(OPERATIONS).join(', ')}.`,
    );
  }
  const output = await operation({
    context,
    principal: credential.principal,
    input: parse(body),
  });
  send(exchange, 200, { 'content-type': 'application/x-amz-json-1.1' }, JSON.stringify(output));
}

function getParameter({ context, principal, input }: Call) {
  const asked = text(input, 'Name');
  const name = nameOf(asked);
  permit(context, principal, 'ssm:GetParameter', name);
  const found = find(context, asked);
  if (found === undefined) throw notFound(asked);
  return { Parameter: shape(context, found, input) };
}

function getParameters({ context, principal, input }: Call) {
  const names = list(input, 'Names', MAX_PAGE);
  for (const name of names) permit(context, principal, 'ssm:GetParameters', nameOf(name));
  const found = names.map((name) => ({ name, parameter: find(context, name, true) }));
  return {
    Parameters: found.flatMap(({ parameter }) =>
      parameter === undefined ? [] : [shape(context, parameter, input)],
    ),
    InvalidParameters: found.flatMap(({ name, parameter }) =>
      parameter === undefined ? [name] : [],
    ),
  };
}

function getParametersByPath({ context, principal, input }: Call) {
  const path = text(input, 'Path').replace(/\/+$/, '');
  if (path !== '' && !path.startsWith('/')) {
    throw new AwsError(400, 'ValidationException', `The path "${path}" does not begin with "/".`);
  }
  permit(context, principal, 'ssm:GetParametersByPath', path);
  if (input['ParameterFilters'] !== undefined) {
    throw new AwsError(400, 'ValidationException', 'The lab does not have ParameterFilters.');
  }
  const deep = input['Recursive'] === true;
  const below = all(context)
    .filter(({ name }) => name.startsWith(`${path}/`))
    .filter(({ name }) => deep || !name.slice(path.length + 1).includes('/'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : MAX_PAGE;
  const after = optionalText(input, 'NextToken') ?? '';
  const left = below.filter(({ name }) => name > after);
  const page = left.slice(0, Math.min(Math.max(1, size), MAX_PAGE));
  const last = page.at(-1)?.name;
  return {
    Parameters: page.map((parameter) => shape(context, parameter, input)),
    ...(left.length > page.length && last !== undefined ? { NextToken: last } : {}),
  };
}

async function putParameter({ context, principal, input }: Call) {
  const name = nameOf(text(input, 'Name'));
  permit(context, principal, 'ssm:PutParameter', name);
  if (!/^[\w./-]{1,1011}$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError(
      400,
      'ValidationException',
      `"${name}" cannot be the name of a parameter: letters, digits and . _ - / only, and not beginning with aws or ssm.`,
    );
  }
  if (input['KeyId'] !== undefined && input['KeyId'] !== 'alias/aws/ssm') {
    throw new AwsError(400, 'InvalidKeyId', 'The lab has no KMS keys but alias/aws/ssm.');
  }
  const before = find(context, name);
  if (before !== undefined && input['Overwrite'] !== true) {
    throw new AwsError(
      400,
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = optionalText(input, 'Type') ?? before?.type;
  if (type !== 'String' && type !== 'StringList' && type !== 'SecureString') {
    throw new AwsError(
      400,
      'ValidationException',
      `Type is ${type === undefined ? 'missing' : `"${type}"`}: it must be String, StringList or SecureString.`,
    );
  }
  const version = (before?.version ?? 0) + 1;
  const value = text(input, 'Value');
  await context.parameters.put({ name, type, value, version, lastModified: context.now() });
  return { Version: version, Tier: 'Standard' };
}

function all({ region, parameters }: SsmContext): readonly KeptParameter[] {
  const names = new Map<string, KeptParameter>();
  for (const parameter of Object.values(region().parameters)) {
    names.set(parameter.name, { ...parameter, version: 1, lastModified: 0 });
  }
  for (const parameter of parameters.list()) names.set(parameter.name, parameter);
  return [...names.values()];
}

/** `asked`: a name or an ARN, perhaps with `:version`. Only the newest version is kept. */
function find(context: SsmContext, asked: string, quiet = false): KeptParameter | undefined {
  const name = nameOf(asked);
  const kept = context.parameters.get(name);
  const given = Object.values(context.region().parameters).find((each) => each.name === name);
  const found =
    kept ?? (given === undefined ? undefined : { ...given, version: 1, lastModified: 0 });
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

function nameOf(asked: string): string {
  return withoutArn(asked).replace(/:[^:]*$/, '');
}

function selectorOf(asked: string): string | undefined {
  return /:([^:]*)$/.exec(withoutArn(asked))?.[1];
}

function arnOf(context: SsmContext, name: string): string {
  const { name: region, account } = context.region();
  // Public parameters belong to no account.
  const owner = name.startsWith('/aws/service/') ? '' : account;
  return `arn:aws:ssm:${region}:${owner}:parameter/${name.replace(/^\//, '')}`;
}

function permit(context: SsmContext, principal: Principal, action: string, name: string): void {
  demand(context.region(), principal, action, arnOf(context, name));
}

function shape(context: SsmContext, parameter: KeptParameter, input: Input) {
  const { name, type, value, version, lastModified } = parameter;
  const sealed = type === 'SecureString' && input['WithDecryption'] !== true;
  return {
    ARN: arnOf(context, name),
    DataType: 'text',
    LastModifiedDate: lastModified / 1000,
    Name: name,
    Type: type,
    Value: sealed ? ciphertext(name, version) : value,
    Version: version,
  };
}

/** Looks like KMS's and says nothing of the value. */
function ciphertext(name: string, version: number): string {
  return `AQICAHi${createHash('sha512').update(`${name} ${version}`).digest('base64')}`;
}

function notFound(name: string): AwsError {
  return new AwsError(400, 'ParameterNotFound', `There is no parameter "${name}".`);
}

function parse(body: Buffer): Input {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new AwsError(400, 'SerializationException', 'The body is not a JSON object.');
}
