import { createHash } from 'node:crypto';
import { AwsError } from '../endpoints/error.ts';
import type { VerifiedSignature } from '../signature.ts';
import { decodeChunks } from './chunked.ts';

export type Bytes = AsyncIterable<Uint8Array>;

export interface Payload {
  /** The object's own bytes. Throws AwsError at the end where they are not what was signed. */
  readonly body: Bytes;
  /** Filled when the body is at its end. */
  readonly trailers: Map<string, string>;
}

/**
 * The bytes inside a body, by what `x-amz-content-sha256` says of it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @param decodedLength `x-amz-decoded-content-length`, in bytes
 */
export function openPayload(
  source: Bytes,
  contentSha256: string,
  decodedLength: string | undefined,
  signature: VerifiedSignature,
): Payload {
  const trailers = new Map<string, string>();
  if (contentSha256 === 'UNSIGNED-PAYLOAD') return { body: source, trailers };
  if (/^[0-9a-f]{64}$/.test(contentSha256)) {
    return { body: hashed(source, contentSha256), trailers };
  }
  const form = /^STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/.exec(
    contentSha256,
  );
  if (form === null) {
    throw new AwsError(
      400,
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING-* value that the lab has, or a valid sha256 value.',
      { details: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: contentSha256 } },
    );
  }
  if (!/^\d{1,15}$/.test(decodedLength ?? '')) {
    throw new AwsError(
      411,
      'MissingContentLength',
      'You must provide the x-amz-decoded-content-length HTTP header.',
    );
  }
  const signed = form[1] !== 'UNSIGNED-PAYLOAD-TRAILER';
  const body = decodeChunks(source, {
    length: Number(decodedLength),
    trailers,
    signedTrailer: signed && form[2] !== undefined,
    ...(signed ? { signature } : {}),
  });
  return { body, trailers };
}

async function* hashed(source: Bytes, expected: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  const computed = hash.digest('hex');
  if (computed === expected) return;
  throw new AwsError(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      details: {
        ClientComputedContentSHA256: expected,
        S3ComputedContentSHA256: computed,
      },
    },
  );
}
