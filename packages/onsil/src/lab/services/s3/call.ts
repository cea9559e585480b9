import type { LabControl } from '../aws/operation.ts';
import type { Principal } from '../credentials.ts';
import { AwsError } from '../endpoints/error.ts';
import {
  bodyOf,
  demand,
  type EndpointContext,
  type Exchange,
  header,
  send,
} from '../endpoints/exchange.ts';
import type { ObjectStore } from '../object-store.ts';
import { parseQuery } from '../signature/canonical.ts';
import { openPayload } from '../signature/payload.ts';
import { type VerifiedSignature, verifySignature } from '../signature.ts';
import { checkPayload } from './checksum.ts';

export interface S3Context extends EndpointContext {
  readonly objects: ObjectStore;
  readonly control: Pick<LabControl, 'change' | 'startedAt'>;
}

/** One request of S3, its signature verified. */
export interface Call {
  readonly exchange: Exchange;
  readonly context: S3Context;
  readonly signature: VerifiedSignature;
  readonly principal: Principal;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/** Of the request, kept with the object and given back. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
export function authenticate(exchange: Exchange, context: S3Context): VerifiedSignature {
  const payloadHash = contentSha256(exchange);
  if (payloadHash === undefined) {
    // S3 insists, and so do we: curl of Debian 12 leaves it out unless told.
    throw new AwsError(
      400,
      'InvalidRequest',
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  const region = context.region().name;
  const isGlobal = exchange.host.endsWith('s3.amazonaws.com');
  return verifySignature(exchange.signed, {
    credentials: context.credentials,
    now: context.now(),
    service: 's3',
    regions: isGlobal ? [region, 'us-east-1'] : [region],
    payloadHash,
  });
}

/** A presigned URL says it in its query, or means UNSIGNED-PAYLOAD. */
function contentSha256(exchange: Exchange): string | undefined {
  const given = header(exchange, 'x-amz-content-sha256');
  if (given !== undefined || header(exchange, 'authorization') !== undefined) return given;
  return new Map(parseQuery(exchange.query)).get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
}

export function payloadOf({ exchange, signature }: Call) {
  const payload = openPayload(
    bodyOf(exchange),
    contentSha256(exchange) ?? '',
    header(exchange, 'x-amz-decoded-content-length'),
    signature,
  );
  return checkPayload(payload, exchange.signed.headers);
}

/** `key` empty: the bucket itself. */
export function allow({ context, principal, bucket }: Call, action: string, key: string): void {
  const arn = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  demand(context.region(), principal, action, arn);
}

export function keptHeaders(exchange: Exchange): Record<string, string> {
  const kept = Object.entries(exchange.signed.headers).flatMap(([name, values]) => {
    if (!KEPT_HEADERS.includes(name) && !name.startsWith('x-amz-meta-')) return [];
    const value = values?.join(',') ?? '';
    if (name !== 'content-encoding') return [[name, value] as const];
    // The framing of the upload is no encoding of the object.
    const left = value.split(',').filter((each) => each.trim() !== 'aws-chunked');
    return left.length === 0 ? [] : [[name, left.join(',')] as const];
  });
  return Object.fromEntries(kept);
}

export function notImplemented(call: Call, operation: string): AwsError {
  return new AwsError(
    501,
    'NotImplemented',
    `The lab's S3 does not have ${operation} (${call.exchange.signed.method} ${call.exchange.path}).`,
  );
}

export function sendXml(exchange: Exchange, document: string): void {
  send(exchange, 200, { 'content-type': 'application/xml' }, document);
}
