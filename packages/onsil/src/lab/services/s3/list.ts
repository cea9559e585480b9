import { AwsError } from '../endpoints/error.ts';
import { type Elements, xmlDocument } from '../endpoints/xml.ts';
import type { StoredObject } from '../object-store.ts';
import { encode } from '../signature/canonical.ts';

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MAX_KEYS = 1_000;

/**
 * The answer of ListObjectsV2.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @param objects all objects of the bucket under the prefix, in order
 */
export function listDocument(
  bucket: string,
  query: ReadonlyMap<string, string>,
  objects: readonly StoredObject[],
): string {
  const token = query.get('continuation-token');
  const after = token === undefined ? (query.get('start-after') ?? '') : fromToken(token);
  const listing = listed(bucket, query, objects, after);
  return xmlDocument(
    'ListBucketResult',
    {
      ...listing.head,
      KeyCount: listing.contents.length + listing.prefixes.length,
      IsTruncated: listing.truncated,
      ContinuationToken: token,
      NextContinuationToken: listing.truncated ? toToken(listing.last) : undefined,
      StartAfter: query.get('start-after'),
      ...{ Contents: listing.contents, CommonPrefixes: listing.prefixes },
    },
    S3_NAMESPACE,
  );
}

/** The older form; https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listDocument1(
  bucket: string,
  query: ReadonlyMap<string, string>,
  objects: readonly StoredObject[],
): string {
  const marker = query.get('marker') ?? '';
  const listing = listed(bucket, query, objects, marker);
  return xmlDocument(
    'ListBucketResult',
    {
      ...{ ...listing.head, Marker: listing.written(marker), IsTruncated: listing.truncated },
      NextMarker: listing.truncated ? listing.written(listing.last) : undefined,
      ...{ Contents: listing.contents, CommonPrefixes: listing.prefixes },
    },
    S3_NAMESPACE,
  );
}

function listed(
  bucket: string,
  query: ReadonlyMap<string, string>,
  objects: readonly StoredObject[],
  after: string,
) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = Math.min(MAX_KEYS, parseMaxKeys(query.get('max-keys')));
  const written = query.get('encoding-type') === 'url' ? encode : (text: string) => text;

  const contents: Elements[] = [];
  const prefixes: string[] = [];
  let last = '';
  let truncated = false;
  for (const object of objects) {
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    // A common prefix stands for all its keys: passed once, passed wholly.
    if (!isAfter(entry, after) || (end >= 0 && prefixes.at(-1) === entry)) continue;
    if (contents.length + prefixes.length >= maxKeys) {
      truncated = maxKeys > 0;
      break;
    }
    last = entry;
    if (end >= 0) prefixes.push(entry);
    else contents.push(element(object, written));
  }
  const head = {
    ...{ Name: bucket, Prefix: written(prefix), MaxKeys: maxKeys },
    Delimiter: delimiter === '' ? undefined : written(delimiter),
    EncodingType: query.get('encoding-type'),
  };
  const common = prefixes.map((each) => ({ Prefix: written(each) }));
  return { head, contents, prefixes: common, truncated, last, written };
}

function element(object: StoredObject, written: (text: string) => string): Elements {
  return {
    Key: written(object.key),
    LastModified: new Date(object.lastModified).toISOString(),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: 'STANDARD',
  };
}

function isAfter(key: string, after: string): boolean {
  return after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
}

function parseMaxKeys(text: string | undefined): number {
  if (text === undefined) return MAX_KEYS;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AwsError(
    400,
    'InvalidArgument',
    'Provided max-keys not an integer or within integer range',
  );
}

function toToken(key: string): string {
  return Buffer.from(`1 ${key}`).toString('base64url');
}

function fromToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('1 ')) return text.slice(2);
  throw new AwsError(400, 'InvalidArgument', 'The continuation token provided is incorrect');
}
