import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../endpoints/error.ts';
import type { Bytes, Payload } from '../signature/payload.ts';

interface Running {
  update(chunk: Uint8Array): void;
  /** Base64. */
  digest(): string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
const ALGORITHMS: Readonly<Record<string, () => Running>> = {
  'content-md5': () => hash('md5'),
  'x-amz-checksum-sha1': () => hash('sha1'),
  'x-amz-checksum-sha256': () => hash('sha256'),
  'x-amz-checksum-crc32': () => {
    let value = 0;
    return {
      update: (chunk) => {
        value = crc32(chunk, value);
      },
      digest: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value >>> 0);
        return bytes.toString('base64');
      },
    };
  },
};

export interface Checked {
  readonly body: Bytes;
  /** The checksums to keep with the object, once the body is at its end. */
  readonly checksums: Record<string, string>;
}

/** Compares every checksum that the client sent, before or after the body, with the bytes. */
export function checkPayload(
  { body, trailers }: Payload,
  headers: Readonly<Record<string, readonly string[] | undefined>>,
): Checked {
  const announced = (headers['x-amz-trailer'] ?? []).flatMap((value) => value.split(','));
  const names = [...Object.keys(headers), ...announced.map((name) => name.trim().toLowerCase())];
  const wanted = new Map<string, Running>();
  for (const name of names) {
    const make = ALGORITHMS[name];
    if (make !== undefined) wanted.set(name, make());
    else if (/^x-amz-checksum-(?!mode$|algorithm$|type$)/.test(name)) {
      throw new AwsError(
        501,
        'NotImplemented',
        `The lab does not compute ${name}: use CRC32 or SHA256.`,
      );
    }
  }
  const checksums: Record<string, string> = {};
  return { body: run(), checksums };

  async function* run(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      for (const running of wanted.values()) running.update(chunk);
      yield chunk;
    }
    for (const [name, running] of wanted) {
      const expected = headers[name]?.[0] ?? trailers.get(name);
      const computed = running.digest();
      if (computed !== expected) {
        throw new AwsError(
          400,
          'BadDigest',
          `The ${name} you specified (${expected ?? 'none'}) did not match what we received (${computed}).`,
        );
      }
      if (name !== 'content-md5') checksums[name] = computed;
    }
  }
}

function hash(algorithm: string): Running {
  const running: Hash = createHash(algorithm);
  return {
    update: (chunk) => {
      running.update(chunk);
    },
    digest: () => running.digest('base64'),
  };
}
