/** The bucket of releases in S3. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ReleaseStore } from '../release/publish.ts';
import { codeOf } from './aws-error.ts';
import type { Environment } from './environment.ts';

/** Runs `work` with the bucket's store, and closes its connections. */
export async function withReleaseStore<T>(
  { region }: Environment,
  bucket: string,
  work: (store: ReleaseStore) => Promise<T>,
): Promise<T> {
  const { S3Client, HeadObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region });
  try {
    return await work({
      has: async (Key) => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
          return true;
        } catch (error) {
          if (codeOf(error) === 'NotFound' || codeOf(error) === 'NoSuchKey') return false;
          throw error;
        }
      },
      put: async (Key, body) =>
        client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key,
            ...('path' in body
              ? { Body: createReadStream(body.path), ContentLength: (await stat(body.path)).size }
              : { Body: body }),
          }),
        ),
    });
  } finally {
    client.destroy();
  }
}
