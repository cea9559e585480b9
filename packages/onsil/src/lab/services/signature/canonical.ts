import { createHash, createHmac } from 'node:crypto';

/** The parts of a request that a signature covers, as they were on the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly url: string;
  /** By lower-case name, each value of a repeated header. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export type QueryPair = readonly [name: string, value: string];

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param service S3 encodes a path once and keeps it as it is; others normalise, and encode twice
 */
export function canonicalRequest(
  request: SignedRequest,
  service: string,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const [path = '', ...query] = request.url.split('?');
  const headers = signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`);
  return [
    request.method,
    service === 's3' ? encodePath(decodeURIComponent(path)) : encodePath(normalise(path)),
    canonicalQuery(parseQuery(query.join('?'))),
    ...headers,
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** Decoded pairs in their order. Throws URIError. */
export function parseQuery(query: string): readonly QueryPair[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeQuery(name), decodeQuery(value.join('='))] as const;
    });
}

/** RFC 3986: everything but the unreserved characters. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export function hmac(key: string | Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** `scope`: date, region and service. */
export function signingKey(secret: string, scope: readonly string[]): Buffer {
  return [...scope, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
}

function canonicalQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(values: readonly string[] | undefined): string {
  return (values ?? []).map((value) => value.trim().replaceAll(/[ \t]+/g, ' ')).join(',');
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const slash = path.endsWith('/') && parts.length > 0 ? '/' : '';
  return `/${parts.join('/')}${slash}`;
}

function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
