import { timingSafeEqual } from 'node:crypto';
import type { Credential, Credentials } from './credentials.ts';
import { AwsError } from './endpoints/error.ts';
import {
  canonicalRequest,
  hmac,
  parseQuery,
  type SignedRequest,
  sha256,
  signingKey,
} from './signature/canonical.ts';

export interface SignatureOptions {
  readonly credentials: Pick<Credentials, 'find'>;
  /** Milliseconds. */
  readonly now: number;
  readonly service: string;
  /** Regions that the scope may name: the endpoint's own, and us-east-1 for global names. */
  readonly regions: readonly string[];
  /** The hash of the body, or what S3 takes in its place. */
  readonly payloadHash: string;
}

export interface VerifiedSignature {
  readonly credential: Credential;
  /** For the signatures of chunks, which continue this one. */
  readonly signature: string;
  readonly key: Buffer;
  readonly date: string;
  readonly scope: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MILLISECONDS = 15 * 60_000;
const MAX_EXPIRES_SECONDS = 604_800;

/**
 * Verifies Signature Version 4, in the Authorization header or in a presigned query.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 * Throws AwsError with S3's codes.
 */
export function verifySignature(
  request: SignedRequest,
  options: SignatureOptions,
): VerifiedSignature {
  const claim = claimOf(request);
  const [accessKeyId = '', day = '', region = '', service = '', end] = claim.credential.split('/');
  if (end !== 'aws4_request' || claim.credential.split('/').length !== 5) {
    throw malformed(
      `the credential "${claim.credential}" is not KEY/DATE/REGION/SERVICE/aws4_request`,
    );
  }
  if (!options.regions.includes(region)) {
    throw malformed(`the region '${region}' is wrong; expecting '${options.regions[0]}'`);
  }
  if (service !== options.service) {
    throw malformed(`the service '${service}' is wrong; expecting '${options.service}'`);
  }
  checkTime(claim, day, options.now);
  checkCoverage(request, claim);
  const credential = options.credentials.find(accessKeyId);
  if (credential === undefined) {
    throw new AwsError(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      { details: { AWSAccessKeyId: accessKeyId } },
    );
  }
  const scope = [day, region, service];
  const key = signingKey(credential.secretAccessKey, scope);
  const canonical = canonicalOf(request, options, claim);
  const scoped = `${scope.join('/')}/aws4_request`;
  const toSign = [ALGORITHM, claim.date, scoped, sha256(canonical)].join('\n');
  const expected = hmac(key, toSign).toString('hex');
  if (!isEqual(expected, claim.signature)) {
    throw new AwsError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { details: { StringToSign: toSign, CanonicalRequest: canonical } },
    );
  }
  checkToken(credential, claim.token, options.now);
  return { credential, signature: expected, key, date: claim.date, scope: scoped };
}

/** What the client says about its signature. */
interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261122T120000Z` */
  readonly date: string;
  readonly token: string | undefined;
  /** Seconds; of a presigned URL. */
  readonly expires?: number;
}

function claimOf(request: SignedRequest): Claim {
  const header = one(request, 'authorization');
  return header === undefined ? queryClaim(request) : headerClaim(request, header);
}

function headerClaim(request: SignedRequest, header: string): Claim {
  const [, algorithm = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(header.trim()) ?? [];
  if (algorithm !== ALGORITHM) {
    throw new AwsError(
      400,
      'InvalidRequest',
      `The authorization mechanism "${algorithm}" is not supported. Please use ${ALGORITHM}.`,
    );
  }
  const fields = new Map(
    rest.split(',').map((field) => {
      const [name = '', ...value] = field.trim().split('=');
      return [name, value.join('=')] as const;
    }),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined || value === '') throw malformed(`${name} is missing`);
    return value;
  };
  return {
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders').split(';'),
    signature: field('Signature'),
    date: one(request, 'x-amz-date') ?? httpDate(one(request, 'date')),
    token: one(request, 'x-amz-security-token'),
  };
}

function queryClaim(request: SignedRequest): Claim {
  const query = new Map(queryOf(request));
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Credential')) {
    throw new AwsError(403, 'AccessDenied', 'Access Denied: the request is not signed');
  }
  const field = (name: string): string => {
    const value = query.get(name);
    if (value === undefined || value === '') {
      throw new AwsError(
        400,
        'AuthorizationQueryParametersError',
        `Query-string authentication version 4 requires ${name}`,
      );
    }
    return value;
  };
  if (field('X-Amz-Algorithm') !== ALGORITHM) throw malformed('X-Amz-Algorithm is not supported');
  const expires = Number(field('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 1 || expires > MAX_EXPIRES_SECONDS) {
    throw new AwsError(
      400,
      'AuthorizationQueryParametersError',
      `X-Amz-Expires must be between 1 and ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  return {
    credential: field('X-Amz-Credential'),
    signedHeaders: field('X-Amz-SignedHeaders').split(';'),
    signature: field('X-Amz-Signature'),
    date: field('X-Amz-Date'),
    token: query.get('X-Amz-Security-Token'),
    expires,
  };
}

function queryOf(request: SignedRequest) {
  try {
    return parseQuery(request.url.split('?').slice(1).join('?'));
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function canonicalOf(request: SignedRequest, options: SignatureOptions, claim: Claim): string {
  try {
    return canonicalRequest(request, options.service, claim.signedHeaders, options.payloadHash);
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function checkTime(claim: Claim, day: string, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.date);
  if (parts === null || !claim.date.startsWith(day)) {
    throw malformed(`the date "${claim.date}" is not of the form YYYYMMDDTHHMMSSZ, or not ${day}`);
  }
  const [year = 0, month = 0, date = 0, hour, minute, second] = parts.slice(1).map(Number);
  const signed = Date.UTC(year, month - 1, date, hour, minute, second);
  const ahead = signed - now;
  const tooOld =
    claim.expires === undefined ? -ahead > SKEW_MILLISECONDS : now > signed + claim.expires * 1000;
  if (claim.expires !== undefined && tooOld) {
    throw new AwsError(403, 'AccessDenied', 'Request has expired');
  }
  if (tooOld || ahead > SKEW_MILLISECONDS) {
    throw new AwsError(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      { details: { RequestTime: claim.date, ServerTime: new Date(now).toISOString() } },
    );
  }
}

/** A header that steers the request must be signed, or anybody on the way could change it. */
function checkCoverage(request: SignedRequest, claim: Claim): void {
  const left = Object.keys(request.headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !claim.signedHeaders.includes(name),
  );
  if (left.length === 0 && claim.signedHeaders.includes('host')) return;
  throw new AwsError(
    403,
    'AccessDenied',
    'There were headers present in the request which were not signed',
    { details: { HeadersNotSigned: left.join(', ') } },
  );
}

function checkToken(credential: Credential, token: string | undefined, now: number): void {
  if (!isEqual(credential.sessionToken ?? '', token ?? '')) {
    throw new AwsError(
      400,
      'InvalidToken',
      'The provided token is malformed or otherwise invalid.',
    );
  }
  if (credential.expires !== undefined && credential.expires <= now) {
    throw new AwsError(400, 'ExpiredToken', 'The provided token has expired.');
  }
}

/** In a time that tells nothing about where two texts differ. */
export function isEqual(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(expected)), Buffer.from(sha256(given)));
}

function one(request: SignedRequest, name: string): string | undefined {
  return request.headers[name]?.[0];
}

function httpDate(text: string | undefined): string {
  const time = Date.parse(text ?? '');
  if (Number.isNaN(time)) throw malformed('the request has neither X-Amz-Date nor Date');
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function malformed(message: string): AwsError {
  return new AwsError(
    400,
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; ${message}`,
  );
}
