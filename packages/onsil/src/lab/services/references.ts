/**
 * Dynamic references to secrets, resolved where their values are used. What CloudFormation says
 * where there is no such value comes first in each error.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
import { replaceReferences, type SecretReference } from '../../region/dynamic-reference.ts';
import { isList, isMap, type Json } from '../../region/json.ts';
import { list } from '../../region/problem.ts';
import type { Region } from '../../region/region.ts';
import { jsonObject, secretOf } from '../../region/secret-value.ts';
import type { AwsContext } from './aws/operation.ts';
import type { SecretVersion } from './aws/secretsmanager/secret-store.ts';

/** Where values are kept: the region's secrets, and what calls put. */
export interface ReferencePlace {
  readonly region: Region;
  readonly context: Pick<AwsContext, 'parameters' | 'secrets' | 'secretValue'>;
}

/**
 * The text with every reference to a secret replaced by its value. Throws for one that is not
 * there, or that has no such field.
 */
export function resolveSecrets(text: string, place: ReferencePlace): string {
  return resolve(text, place, []);
}

/** Whether everything that a resource's properties refer to is there. Throws for the first that is not. */
export function demandSecrets(properties: Json, place: ReferencePlace): void {
  if (typeof properties === 'string') resolveSecrets(properties, place);
  else if (isList(properties)) for (const each of properties) demandSecrets(each, place);
  else if (isMap(properties)) {
    for (const each of Object.values(properties)) demandSecrets(each, place);
  }
}

/** @param within secrets whose values are being resolved: one may refer to another */
function resolve(text: string, place: ReferencePlace, within: readonly string[]): string {
  return replaceReferences(text, (reference, whole) => {
    switch (reference.service) {
      case 'secretsmanager':
        return secretField(reference, whole, place, within);
      case 'ssm-secure':
        return secureString(reference, whole, place);
      // CloudFormation resolved it when it planned; what is left was written so by a value.
      case 'ssm':
      case 'unknown':
        return whole;
    }
  });
}

function secretField(
  reference: Extract<SecretReference, { readonly service: 'secretsmanager' }>,
  whole: string,
  place: ReferencePlace,
  within: readonly string[],
): string {
  const { id, key, stage, versionId } = reference;
  if (within.includes(id)) throw new Error(`The secret ${id} refers to itself: ${whole}.`);
  const value = secretText(place, id, { stage, versionId }, [...within, id]);
  if (value === undefined) {
    const isThere = findKept(place, id) !== undefined || secretOf(place.region, id) !== undefined;
    const which = versionId ?? stage ?? 'AWSCURRENT';
    const what = isThere
      ? `Secrets Manager can't find the specified secret value for ${versionId === undefined ? 'staging label' : 'VersionId'}: ${which}`
      : "Secrets Manager can't find the specified secret.";
    throw new Error(
      `${what} (Service: AWSSecretsManager; Status Code: 400; Error Code: ResourceNotFoundException) It is asked for by ${whole}.`,
    );
  }
  if (key === undefined) return value;
  const fields = jsonObject(value);
  if (fields === undefined) {
    throw new Error(`Could not parse SecretString JSON. It is asked for by ${whole}.`);
  }
  const field = fields[key];
  if (field === undefined) {
    throw new Error(
      `Could not find a value associated with JSONKey in SecretString. ${whole} asks for "${key}"; the secret has ${list(Object.keys(fields))}.`,
    );
  }
  return typeof field === 'string' ? field : JSON.stringify(field);
}

/** A secret's text: the version that was put, or else what the stack made. */
function secretText(
  place: ReferencePlace,
  id: string,
  {
    stage = 'AWSCURRENT',
    versionId,
  }: { stage?: string | undefined; versionId?: string | undefined },
  within: readonly string[],
): string | undefined {
  const kept = findKept(place, id);
  if (kept !== undefined) {
    const isAsked = ({ id: own }: SecretVersion, index: number) =>
      versionId === undefined
        ? index === ['AWSCURRENT', 'AWSPREVIOUS'].indexOf(stage)
        : own === versionId;
    return kept.versions.find(isAsked)?.text;
  }
  const own = secretOf(place.region, id);
  if (own === undefined || versionId !== undefined || stage !== 'AWSCURRENT') return undefined;
  const text = place.context.secretValue(own);
  return text === undefined ? undefined : resolve(text, place, within);
}

function findKept({ context }: ReferencePlace, id: string) {
  return [...context.secrets.list()].find(({ name, arn }) => name === id || arn === id);
}

function secureString(
  { name, version }: Extract<SecretReference, { readonly service: 'ssm-secure' }>,
  whole: string,
  { context }: ReferencePlace,
): string {
  const found = context.parameters.get(name);
  if (found === undefined || (version !== undefined && version !== String(found.version))) {
    const kept = found === undefined ? '' : ` Version ${found.version} is the one that is kept.`;
    throw new Error(
      `Parameters: [ssm-secure:${version === undefined ? name : `${name}:${version}`}] cannot be found. It is asked for by ${whole}.${kept}`,
    );
  }
  if (found.type !== 'SecureString') {
    throw new Error(
      `"${name}" is a ${found.type}, no SecureString: write {{resolve:ssm:${name}}}.`,
    );
  }
  return found.value;
}
