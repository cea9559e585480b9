import { AwsError } from './endpoints/error.ts';
import {
  bodyOf,
  type EndpointContext,
  type Exchange,
  principalArn,
  readAll,
  send,
} from './endpoints/exchange.ts';
import { xmlDocument } from './endpoints/xml.ts';
import { parseQuery, sha256 } from './signature/canonical.ts';
import { verifySignature } from './signature.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** Who am I; https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function handleSts(exchange: Exchange, context: EndpointContext): Promise<void> {
  const body = await readAll(bodyOf(exchange), MAX_BODY_BYTES);
  const region = context.region();
  const { credential } = verifySignature(exchange.signed, {
    credentials: context.credentials,
    now: context.now(),
    service: 'sts',
    regions: exchange.host === 'sts.amazonaws.com' ? ['us-east-1', region.name] : [region.name],
    payloadHash: sha256(body),
  });
  const action = new Map([...parseQuery(exchange.query), ...parseQuery(body.toString())]).get(
    'Action',
  );
  if (action !== 'GetCallerIdentity') {
    throw new AwsError(
      400,
      'InvalidAction',
      `Could not find operation ${action ?? '(none)'} for version 2011-06-15: the lab's STS has GetCallerIdentity only.`,
    );
  }
  // Needs no permission: the answer is what the signature proved.
  const { principal } = credential;
  const role = Object.values(region.roles).find(
    ({ name }) => principal.kind === 'role' && name === principal.roleName,
  );
  const user =
    principal.kind === 'administrator'
      ? credential.accessKeyId
      : `${role?.id ?? principal.roleName}:${principal.instanceId}`;
  const document = xmlDocument(
    'GetCallerIdentityResponse',
    {
      GetCallerIdentityResult: {
        Arn: principalArn(region, principal),
        UserId: user,
        Account: region.account,
      },
      ResponseMetadata: { RequestId: exchange.requestId },
    },
    'https://sts.amazonaws.com/doc/2011-06-15/',
  );
  send(exchange, 200, { 'content-type': 'text/xml' }, document);
}
