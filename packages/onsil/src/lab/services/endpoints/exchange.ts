import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize } from '../../../region/authorize.ts';
import type { Region } from '../../../region/region.ts';
import type { Credentials, Principal } from '../credentials.ts';
import type { SignedRequest } from '../signature/canonical.ts';
import type { Bytes } from '../signature/payload.ts';
import { AwsError } from './error.ts';

/** One request, as the endpoints see it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signed: SignedRequest;
  /** Lower case, without port. */
  readonly host: string;
  /** Undecoded. */
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
}

/** What every endpoint needs of the lab. */
export interface EndpointContext {
  readonly region: () => Region;
  readonly credentials: Credentials;
  /** Milliseconds. */
  readonly now: () => number;
}

export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const url = request.url ?? '/';
  const [path = '/', ...query] = url.split('?');
  return {
    request,
    response,
    signed: { method: request.method ?? 'GET', url, headers: request.headersDistinct },
    host: (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, ''),
    path,
    query: query.join('?'),
    requestId: randomUUID(),
  };
}

export function header(exchange: Exchange, name: string): string | undefined {
  return exchange.signed.headers[name]?.[0];
}

/** The body as it comes; leaving it early does not cut the connection before the answer. */
export function bodyOf(exchange: Exchange): Bytes {
  return exchange.request.iterator({ destroyOnReturn: false });
}

/** A small body as a whole. Throws AwsError beyond `limit` bytes. */
export async function readAll(body: Bytes, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) {
      throw new AwsError(413, 'RequestEntityTooLarge', `The body is larger than ${limit} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function send(
  exchange: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body = '',
): void {
  const { request, response } = exchange;
  if (response.headersSent) {
    // Too late for an error: a cut connection is the only sign that the client understands.
    response.destroy();
    return;
  }
  const length =
    status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Throws AccessDenied with the reason unless the role's policies allow it. */
export function demand(
  region: Region,
  principal: Principal,
  action: string,
  resource: string,
): void {
  const reason = judge(region, principal, action, resource);
  if (reason !== undefined) throw new AwsError(403, 'AccessDenied', reason);
}

/** Undefined where it is allowed. */
function judge(
  region: Region,
  principal: Principal,
  action: string,
  resource: string,
): string | undefined {
  if (principal.kind === 'administrator') return undefined;
  const who = `User: ${principalArn(region, principal)} is not authorized to perform: ${action} on resource: ${resource}`;
  if (principal.kind === 'instance') return `${who}: it has no role`;
  const role = Object.values(region.roles).find(({ name }) => name === principal.roleName);
  if (role === undefined) return `${who} because the role ${principal.roleName} does not exist`;
  const verdict = authorize(role, action, resource);
  switch (verdict.outcome) {
    case 'allowed':
      return undefined;
    case 'denied':
      return verdict.statement === undefined
        ? `${who} because no identity-based policy allows the ${action} action`
        : `${who} with an explicit deny in an identity-based policy`;
    case 'not-modelled':
      return `${who}: the lab cannot tell, because ${verdict.reason}`;
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
export function principalArn(region: Region, principal: Principal): string {
  if (principal.kind === 'administrator')
    return `arn:aws:iam::${region.account}:user/administrator`;
  const role = principal.kind === 'instance' ? 'aws:ec2-instance' : principal.roleName;
  return `arn:aws:sts::${region.account}:assumed-role/${role}/${principal.instanceId}`;
}
