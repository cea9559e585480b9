/** What requests for stacks and change sets have in common. */

import type { NestedTemplate } from '../../../../cloudformation/nested-stack.ts';
import type { StackInput, StackRecord } from '../../../stacks/stack-service.ts';
import { AwsError } from '../../endpoints/error.ts';
import { endpointHost } from '../../endpoints/host.ts';
import type { Call } from '../operation.ts';
import {
  flag,
  number,
  type Structure,
  structure,
  structures,
  text,
  textOf,
  texts,
} from '../value.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_TEMPLATE_BYTES = 1024 * 1024;
const MAX_INLINE_BYTES = 51_200;

export function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}

/** Throws ValidationError in AWS's words, which `aws cloudformation deploy` and CDK look for. */
export function stackOf({ context }: Pick<Call, 'context'>, nameOrId: string): StackRecord {
  const stack = context.stacks.find(nameOrId);
  if (stack === undefined) throw invalid(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** The ARN that policies name, also of a stack that is not there yet. */
export function stackArns(input: Structure, { context, region }: Pick<Call, 'context' | 'region'>) {
  const name = text(input, 'StackName');
  if (name === undefined) return ['*'];
  if (name.startsWith('arn:')) return [name];
  const arn = `arn:aws:cloudformation:${region.name}:${region.account}:stack/${name}/*`;
  return [context.stacks.find(name)?.id ?? arn];
}

/** TemplateBody, an object of the lab that TemplateURL names, or what the stack has. */
export async function templateOf(
  input: Structure,
  call: Call,
  previous?: StackRecord,
): Promise<string> {
  const body = text(input, 'TemplateBody');
  const url = text(input, 'TemplateURL');
  const usePrevious = flag(input, 'UsePreviousTemplate') === true;
  if ([body !== undefined, url !== undefined, usePrevious].filter(Boolean).length !== 1) {
    throw invalid('Either Template URL or Template Body must be specified.');
  }
  if (usePrevious) {
    if (previous === undefined || previous.templateBody === '')
      throw invalid('There is no previous template to use.');
    return previous.templateBody;
  }
  if (url !== undefined) return fetched(url, call);
  const bytes = Buffer.byteLength(body ?? '');
  if (bytes < 1 || bytes > MAX_INLINE_BYTES) {
    const rule = `length less than or equal to ${MAX_INLINE_BYTES}`;
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have ${rule}: it has ${bytes}. Upload a longer one to a bucket and give its TemplateURL.`,
    );
  }
  return body ?? '';
}

/** With the templates of the stacks that it nests, as far as they are objects of the lab. */
export async function withNested<T extends StackInput>(
  input: T,
  call: Call,
  isUpdate: boolean,
): Promise<T> {
  const { stacks } = call.context;
  const nestedTemplates: Record<string, NestedTemplate> = {};
  const given = { ...input, nestedTemplates };
  const tried = new Set<string>();
  // The address of one may be made of the outputs of another: it is known one round later.
  for (;;) {
    const urls = stacks.missingTemplates(given, isUpdate).filter((url) => !tried.has(url));
    if (urls.length === 0) return given;
    for (const url of urls) {
      tried.add(url);
      nestedTemplates[url] = { body: await fetched(url, call), fileName: url };
    }
  }
}

async function fetched(url: string, { context, region, demand }: Call): Promise<string> {
  const place = placeOf(url, region.name, (bucket) =>
    Object.values(region.buckets).some(({ name }) => name === bucket),
  );
  if (place === undefined) {
    throw invalid(`TemplateURL must be of an object of S3: ${url} is not of a bucket of the lab.`);
  }
  const { bucket, key } = place;
  demand('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`);
  const found = await context.objects.get(bucket, key);
  if (found === undefined)
    throw invalid(`S3 error: The specified key does not exist: ${bucket}/${key}`);
  try {
    if (found.object.size > MAX_TEMPLATE_BYTES) {
      throw invalid(`Template may not exceed ${MAX_TEMPLATE_BYTES} bytes in size.`);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of found.stream()) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } finally {
    await found.close();
  }
}

/** In the path style, or with the bucket in the name; also of the lab's own endpoint. */
function placeOf(url: string, region: string, hasBucket: (name: string) => boolean) {
  if (!URL.canParse(url)) return undefined;
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname).slice(1);
  const host = endpointHost(hostname, region, hasBucket);
  if (host?.service === 's3' && host.bucket !== undefined)
    return { bucket: host.bucket, key: path };
  if (host?.service !== 's3' && !['127.0.0.1', 'localhost'].includes(hostname)) return undefined;
  const [bucket = '', ...key] = path.split('/');
  return hasBucket(bucket) ? { bucket, key: key.join('/') } : undefined;
}

/** All but the template. Values that the caller leaves as they are, are named apart. */
export function stackInput(input: Structure, templateBody: string): StackInput {
  const parameters = structures(input, 'Parameters');
  const kept = parameters.filter((each) => flag(each, 'UsePreviousValue') === true);
  const given = parameters.filter((each) => !kept.includes(each));
  for (const each of given) {
    if (each['ParameterValue'] === undefined)
      throw invalid(
        `Invalid input for parameter key ${textOf(each, 'ParameterKey')}. Cannot specify usePreviousValue as false without a value`,
      );
  }
  refuseOthers(input);
  const minutes = number(input, 'TimeoutInMinutes');
  if (minutes !== undefined && minutes < 1) {
    throw invalid(`TimeoutInMinutes is ${minutes}: it must be 1 or more.`);
  }
  const roleArn = text(input, 'RoleARN');
  const token = text(input, 'ClientRequestToken') ?? text(input, 'ClientToken');
  const onFailure = onFailureOf(input);
  const protection = flag(input, 'EnableTerminationProtection');
  return {
    stackName: textOf(input, 'StackName'),
    templateBody,
    parameters: Object.fromEntries(
      given.map((each) => [textOf(each, 'ParameterKey'), textOf(each, 'ParameterValue')]),
    ),
    usePreviousValue: kept.map((each) => textOf(each, 'ParameterKey')),
    ...(input['Tags'] === undefined ? {} : { tags: tagsOf(input) }),
    capabilities: texts(input, 'Capabilities'),
    resourceTypes: texts(input, 'ResourceTypes'),
    retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') === true,
    ...(minutes === undefined ? {} : { timeoutInMinutes: minutes }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(token === undefined ? {} : { clientRequestToken: token }),
    ...(protection === undefined ? {} : { terminationProtection: protection }),
  };
}

const STACK_POLICIES = [
  ...['StackPolicyBody', 'StackPolicyURL'],
  ...['StackPolicyDuringUpdateBody', 'StackPolicyDuringUpdateURL'],
];

/** What would be done otherwise than asked is not done. */
function refuseOthers(input: Structure): void {
  refuseExpress(input);
  const policy = STACK_POLICIES.find((name) => input[name] !== undefined);
  if (policy !== undefined) throw invalid(`The lab has no stack policies: leave out ${policy}.`);
  if (input['DeploymentMode'] !== undefined) {
    throw invalid('The lab finds no drift: leave out DeploymentMode.');
  }
  if (texts(input, 'NotificationARNs').length > 0) {
    throw invalid('The lab has no topics to tell of events: leave out NotificationARNs.');
  }
  const watched = structure(input, 'RollbackConfiguration') ?? {};
  const isWatched = (number(watched, 'MonitoringTimeInMinutes') ?? 0) > 0;
  if (isWatched || structures(watched, 'RollbackTriggers').length > 0) {
    throw invalid('The lab has no alarms to roll back by: leave out RollbackConfiguration.');
  }
  // `ImportExistingResources` is taken: what has the name already fails to be made, and says so.
  // `DisableValidation` is about checks that only AWS makes before a deployment.
  if (structures(input, 'ResourcesToImport').length > 0) {
    throw invalid('The lab does not import resources into a stack: leave out ResourcesToImport.');
  }
}

export function refuseExpress(input: Structure): void {
  const mode = text(structure(input, 'DeploymentConfig') ?? {}, 'Mode') ?? 'STANDARD';
  if (mode === 'STANDARD') return;
  throw invalid(
    `The lab deploys in STANDARD mode only, which waits for what it makes; not in ${mode}.`,
  );
}

function onFailureOf(input: Structure): StackInput['onFailure'] {
  const given = text(input, 'OnFailure') ?? text(input, 'OnStackFailure');
  const deployment = structure(input, 'DeploymentConfig') ?? {};
  const keeps = flag(input, 'DisableRollback') ?? flag(deployment, 'DisableRollback');
  if (keeps !== undefined && given !== undefined) {
    throw invalid('Give either DisableRollback or OnFailure, not both.');
  }
  if (keeps === true) return 'DO_NOTHING';
  if (given === undefined || given === 'ROLLBACK') return given;
  if (given === 'DELETE' || given === 'DO_NOTHING') return given;
  throw invalid(`"${given}" is no OnFailure: it is ROLLBACK, DELETE or DO_NOTHING.`);
}

function tagsOf(input: Structure): Readonly<Record<string, string>> {
  return Object.fromEntries(
    structures(input, 'Tags').map((each) => [textOf(each, 'Key'), textOf(each, 'Value')]),
  );
}

export function tagList(tags: Readonly<Record<string, string>>): readonly Structure[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
