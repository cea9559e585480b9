import { createHash } from 'node:crypto';
import { AwsError } from '../endpoints/error.ts';
import { isEqual, type VerifiedSignature } from '../signature.ts';
import { hmac, sha256 } from './canonical.ts';
import type { Bytes } from './payload.ts';
import { ByteReader, incomplete } from './reader.ts';

export interface ChunkOptions {
  /** Bytes of the object. */
  readonly length: number;
  /** Filled with the trailing headers, by lower-case name. */
  readonly trailers: Map<string, string>;
  /** Whether a signature of the trailing headers must follow them. */
  readonly signedTrailer: boolean;
  /** Of the request: absent where chunks are not signed. */
  readonly signature?: VerifiedSignature;
}

const EMPTY = sha256('');

/**
 * Takes the framing of `Content-Encoding: aws-chunked` off a body: stored as it came, it would
 * corrupt the object. Each chunk's signature continues the one before it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeChunks(
  source: Bytes,
  options: ChunkOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source);
  const { signature } = options;
  let previous = signature?.signature ?? '';
  let length = 0;
  const check = (algorithm: string, given: string | undefined, ...hashes: string[]) => {
    if (signature === undefined) return;
    const text = [algorithm, signature.date, signature.scope, previous, ...hashes].join('\n');
    const expected = hmac(signature.key, text).toString('hex');
    if (!isEqual(expected, given ?? '')) {
      throw new AwsError(
        403,
        'SignatureDoesNotMatch',
        'The signature of a chunk does not match what was received.',
      );
    }
    previous = expected;
  };
  try {
    for (;;) {
      const { size, chunkSignature } = parseHead(await reader.line());
      length += size;
      if (length > options.length) throw incomplete('it is longer than announced');
      const hash = createHash('sha256');
      for await (const piece of reader.take(size)) {
        hash.update(piece);
        yield piece;
      }
      check('AWS4-HMAC-SHA256-PAYLOAD', chunkSignature, EMPTY, hash.digest('hex'));
      if (size === 0) break;
      if ((await reader.line()) !== '') throw incomplete('a chunk is longer than it says');
    }
    if (length !== options.length) throw incomplete('it is shorter than announced');
    await readTrailers(reader, options.trailers);
    if (options.signedTrailer) {
      const given = options.trailers.get('x-amz-trailer-signature');
      options.trailers.delete('x-amz-trailer-signature');
      const text = [...options.trailers].map(([name, value]) => `${name}:${value}\n`).join('');
      check('AWS4-HMAC-SHA256-TRAILER', given, sha256(text));
    }
  } finally {
    await reader.close();
  }
}

function parseHead(line: string | undefined) {
  const head = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line ?? '');
  if (head?.[1] === undefined) throw incomplete('a chunk without its length');
  return { size: Number.parseInt(head[1], 16), chunkSignature: head[2] };
}

async function readTrailers(reader: ByteReader, trailers: Map<string, string>): Promise<void> {
  for (;;) {
    const line = await reader.line();
    // The empty line at the end is sometimes left out.
    if (line === undefined) return;
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1 || trailers.size >= 16) throw incomplete('a trailing header without a name');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
