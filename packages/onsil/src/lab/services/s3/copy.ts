/**
 * CopyObject and UploadPartCopy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
import { AwsError } from '../endpoints/error.ts';
import { header } from '../endpoints/exchange.ts';
import { xmlDocument } from '../endpoints/xml.ts';
import type { OpenObject, StoredObject } from '../object-store.ts';
import { allow, type Call, keptHeaders, notImplemented, sendXml } from './call.ts';
import { S3_NAMESPACE } from './list.ts';
import { putPart, type UploadPlace } from './multipart.ts';
import { hasTag, preconditionFailed } from './read.ts';

/** Attributes that a copy can be given and that the lab does not keep. */
const REFUSED = ['x-amz-copy-source-server-side-encryption-customer-algorithm', 'x-amz-tagging'];

export async function copyObject(call: Call): Promise<void> {
  const { exchange, context, bucket, key } = call;
  const refused = REFUSED.find((name) => header(exchange, name) !== undefined);
  if (refused !== undefined) throw notImplemented(call, `CopyObject with ${refused}`);
  allow(call, 's3:PutObject', key);
  const directive = header(exchange, 'x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new AwsError(400, 'InvalidArgument', 'Unknown metadata directive.');
  }
  const { source, place } = await open(call);
  const isSame = place.bucket === bucket && place.key === key;
  try {
    if (isSame && directive === 'COPY') {
      const message =
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
      throw new AwsError(400, 'InvalidRequest', message);
    }
    const { headers } = source.object;
    const checksums = Object.entries(headers).filter(([name]) =>
      name.startsWith('x-amz-checksum-'),
    );
    const stored = await context.objects.put(bucket, key, source.stream(), {
      headers:
        directive === 'COPY'
          ? headers
          : { ...keptHeaders(exchange), ...Object.fromEntries(checksums) },
    });
    sendXml(exchange, result('CopyObjectResult', stored.etag, stored.lastModified));
  } finally {
    await source.close();
  }
}

export async function copyPart(call: Call, upload: UploadPlace): Promise<void> {
  const { exchange, context, key, query } = call;
  allow(call, 's3:PutObject', key);
  const { source } = await open(call);
  try {
    const range = rangeOf(header(exchange, 'x-amz-copy-source-range'), source.object.size);
    const number = Number(query.get('partNumber'));
    const etag = await putPart(context.objects, upload, number, source.stream(range));
    sendXml(exchange, result('CopyPartResult', etag, Math.floor(context.now() / 1000) * 1000));
  } finally {
    await source.close();
  }
}

const result = (name: string, etag: string, lastModified: number): string =>
  xmlDocument(
    name,
    { LastModified: new Date(lastModified).toISOString(), ETag: `"${etag}"` },
    S3_NAMESPACE,
  );

/** The object that x-amz-copy-source names, as `BUCKET/KEY`; whoever copies must be allowed to read it. */
async function open(call: Call): Promise<{
  readonly source: OpenObject;
  readonly place: { readonly bucket: string; readonly key: string };
}> {
  const { exchange, context } = call;
  const [, bucket = '', written = '', version] =
    /^\/?([^/]+)\/([^?]+)(\?.*)?$/.exec(header(exchange, 'x-amz-copy-source') ?? '') ?? [];
  if (version !== undefined) throw notImplemented(call, 'a copy of one version');
  const key = decoded(written);
  if (bucket === '' || key === undefined) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    throw new AwsError(400, 'InvalidArgument', message);
  }
  allow({ ...call, bucket }, 's3:GetObject', key);
  const isThere = Object.values(context.region().buckets).some(({ name }) => name === bucket);
  const source = isThere ? await context.objects.get(bucket, key) : undefined;
  if (source === undefined) {
    throw isThere
      ? new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', {
          details: { Key: key },
        })
      : new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', {
          details: { BucketName: bucket },
        });
  }
  try {
    checkConditions(call, source.object);
  } catch (cause) {
    await source.close();
    throw cause;
  }
  return { source, place: { bucket, key } };
}

function checkConditions({ exchange }: Call, { etag, lastModified }: StoredObject): void {
  const name = (condition: string): string => `x-amz-copy-source-${condition}`;
  const given = (condition: string): string | undefined => header(exchange, name(condition));
  const match = given('if-match');
  const noneMatch = given('if-none-match');
  const unmodified = Date.parse(given('if-unmodified-since') ?? '');
  const modified = Date.parse(given('if-modified-since') ?? '');
  if (match !== undefined && !hasTag(match, etag)) throw preconditionFailed(name('If-Match'));
  if (noneMatch !== undefined && hasTag(noneMatch, etag)) {
    throw preconditionFailed(name('If-None-Match'));
  }
  if (match === undefined && lastModified > unmodified) {
    throw preconditionFailed(name('If-Unmodified-Since'));
  }
  if (noneMatch === undefined && lastModified <= modified) {
    throw preconditionFailed(name('If-Modified-Since'));
  }
}

function rangeOf(text: string | undefined, size: number) {
  if (text === undefined) return undefined;
  const [, first = '', last = ''] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (first !== '' && start <= end && end < size) return { start, end };
  const message = `Range specified is not valid for source object of size: ${size}`;
  throw new AwsError(400, 'InvalidArgument', message);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
}
