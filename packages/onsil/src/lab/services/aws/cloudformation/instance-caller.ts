/**
 * The scheme by which AWS's helper scripts are known without a role: the identity document of
 * the instance and its signature. https://github.com/aws-cloudformation/cloudformation-helper-scripts
 */
import type { Credential } from '../../credentials.ts';
import { AwsError } from '../../endpoints/error.ts';
import { type Exchange, header } from '../../endpoints/exchange.ts';
import type { AwsContext, Call } from '../operation.ts';
import { type Structure, text } from '../value.ts';
import { stackOf } from './input.ts';

const SCHEME = /^CFN_V1 ([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;
/** What an instance may ask of the stack that made it. */
const OWN = ['DescribeStackResource', 'SignalResource'];

/** Undefined where the request is not of that scheme. Throws InvalidClientTokenId on a forgery. */
export function identified(
  exchange: Exchange,
  service: string,
  context: AwsContext,
): { readonly credential: Credential } | undefined {
  const given = header(exchange, 'authorization') ?? '';
  if (service !== 'cloudformation' || !given.startsWith('CFN_V1 ')) return undefined;
  const [, encoded = '', signature = ''] = SCHEME.exec(given) ?? [];
  const document = Buffer.from(encoded, 'base64').toString();
  if (!context.credentials.isIdentity(document, signature)) {
    const message = 'The signature of the instance identity document is not valid.';
    throw new AwsError(403, 'InvalidClientTokenId', message);
  }
  const { instanceId } = JSON.parse(document) as { instanceId: string };
  const principal = { kind: 'instance', instanceId } as const;
  return { credential: { accessKeyId: instanceId, secretAccessKey: '', principal } };
}

/** Throws AccessDenied unless the operation is one of an instance's own, for its own stack. */
export function demandOwnStack(
  operation: string,
  input: Structure,
  call: Call,
  instanceId: string,
): void {
  const name = text(input, 'StackName') ?? '';
  if (!OWN.includes(operation)) {
    const message = `Instance ${instanceId} is not authorized to perform: cloudformation:${operation}`;
    throw new AwsError(403, 'AccessDenied', message);
  }
  const { stack, id } = stackOf(call, name);
  // An instance of a group is of the stack that made the group.
  const groupName = call.region.instances[instanceId]?.autoScalingGroupName;
  const made = Object.values(stack?.resources ?? {}).some(({ entries }) =>
    entries.some(
      ({ table, id: own }) =>
        (table === 'instances' && own === instanceId) ||
        (table === 'autoScalingGroups' && own === groupName),
    ),
  );
  if (made) return;
  const message = `Instance ${instanceId} is not authorized to perform: cloudformation:${operation} on resource: ${id}, which did not make it`;
  throw new AwsError(403, 'AccessDenied', message);
}
