import { pipeline } from 'node:stream/promises';
import { AwsError } from './endpoints/error.ts';
import { type Exchange, header, readAll, send } from './endpoints/exchange.ts';
import { xmlDocument } from './endpoints/xml.ts';
import type { StoredObject } from './object-store.ts';
import {
  bucketEncryption,
  bucketVersioning,
  createBucket,
  deleteBucket,
  deleteObjects,
  listBuckets,
} from './s3/bucket.ts';
import {
  allow,
  authenticate,
  type Call,
  keptHeaders,
  notImplemented,
  payloadOf,
  type S3Context,
  sendXml,
} from './s3/call.ts';
import { copyObject, copyPart } from './s3/copy.ts';
import { listDocument, listDocument1, S3_NAMESPACE } from './s3/list.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  partsDocument,
  putPart,
} from './s3/multipart.ts';
import { hasTag, isNotModified, parseRange, preconditionFailed } from './s3/read.ts';
import { parseQuery } from './signature/canonical.ts';

const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = 1_024;

/** Parameters that do not change what is done. */
const PASSIVE =
  /^(x-id|X-Amz-.*|list-type|marker|encryption|versioning|delete|prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner|uploadId|partNumber|max-parts|part-number-marker|uploads|location)$/;

/**
 * S3, as far as releases and backups need it. Every bucket is private, and keeps one version
 * of an object also where the region says that versioning is on.
 * @param virtualBucket the bucket in the host name; undefined: the first part of the path
 */
export async function handleS3(
  exchange: Exchange,
  context: S3Context,
  virtualBucket: string | undefined,
): Promise<void> {
  const { bucket, key } = addressOf(exchange, virtualBucket);
  const signature = authenticate(exchange, context);
  const query = new Map(parseQuery(exchange.query));
  const call: Call = {
    exchange,
    context,
    signature,
    principal: signature.credential.principal,
    bucket,
    key,
    query,
  };
  const { method } = exchange.signed;
  if (bucket === '') {
    if (method === 'GET') return listBuckets(call);
    throw notImplemented(call, `${method} without a bucket`);
  }
  const other = [...query.keys()].find((name) => !PASSIVE.test(name));
  if (other !== undefined) throw notImplemented(call, `?${other}`);
  if (key === '' && method === 'PUT' && query.size === 0) return createBucket(call);
  const buckets = Object.values(context.region().buckets);
  if (!buckets.some(({ name }) => name === bucket)) {
    throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', {
      details: { BucketName: bucket },
    });
  }
  await (key === '' ? bucketOperation(call) : objectOperation(call));
}

async function bucketOperation(call: Call): Promise<void> {
  const { exchange, context, bucket, query } = call;
  const { method } = exchange.signed;
  if (method === 'GET' && query.has('location')) {
    allow(call, 's3:GetBucketLocation', '');
    const region = context.region().name;
    return sendXml(
      exchange,
      xmlDocument('LocationConstraint', {}, S3_NAMESPACE).replace('></', `>${region}</`),
    );
  }
  if (method === 'GET' && query.has('encryption')) return bucketEncryption(call);
  if (method === 'GET' && query.has('versioning')) return bucketVersioning(call);
  if (method === 'POST' && query.has('delete')) return deleteObjects(call);
  if (method === 'DELETE' && query.size === 0) return deleteBucket(call);
  if (method !== 'HEAD' && method !== 'GET') throw notImplemented(call, `${method} bucket`);
  allow(call, 's3:ListBucket', '');
  if (method === 'HEAD')
    return send(exchange, 200, { 'x-amz-bucket-region': context.region().name });
  const objects = await context.objects.list(bucket, query.get('prefix') ?? '');
  const document = query.get('list-type') === '2' ? listDocument : listDocument1;
  sendXml(exchange, document(bucket, query, objects));
}

async function objectOperation(call: Call): Promise<void> {
  const { exchange, context, bucket, key, query } = call;
  const { method } = exchange.signed;
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  }
  const place = { bucket, key, id: query.get('uploadId') ?? '' };
  if (query.has('uploadId')) {
    switch (method) {
      case 'PUT':
        return uploadPart(call, place);
      case 'POST':
        return completeParts(call, place);
      case 'DELETE':
        allow(call, 's3:AbortMultipartUpload', key);
        await abortUpload(context.objects, place);
        return send(exchange, 204, {});
      case 'GET':
        allow(call, 's3:ListMultipartUploadParts', key);
        return sendXml(exchange, await partsDocument(context.objects, place, query));
      default:
        throw notImplemented(call, `${method} upload`);
    }
  }
  switch (method) {
    case 'GET':
    case 'HEAD':
      return readObject(call);
    case 'PUT':
      return putObject(call);
    case 'DELETE':
      allow(call, 's3:DeleteObject', key);
      await context.objects.delete(bucket, key);
      return send(exchange, 204, {});
    case 'POST':
      if (query.has('uploads')) return startParts(call);
      throw notImplemented(call, 'POST object');
    default:
      throw notImplemented(call, `${method} object`);
  }
}

async function readObject(call: Call): Promise<void> {
  const { exchange, context, bucket, key } = call;
  allow(call, 's3:GetObject', key);
  const found = await context.objects.get(bucket, key);
  if (found === undefined) {
    // Who may not list a bucket is not told what is missing from it.
    allow(call, 's3:ListBucket', '');
    throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', {
      details: { Key: key },
    });
  }
  try {
    const { object } = found;
    const shown = headersOf(object, header(exchange, 'x-amz-checksum-mode') === 'ENABLED');
    if (isNotModified(object, (name) => header(exchange, name))) return send(exchange, 304, shown);
    const range = parseRange(header(exchange, 'range'), object.size);
    const length = range === undefined ? object.size : range.end - range.start + 1;
    exchange.response.writeHead(range === undefined ? 200 : 206, {
      ...shown,
      'content-length': length,
      ...(range === undefined
        ? {}
        : { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
    });
    if (exchange.signed.method === 'HEAD' || length === 0) {
      exchange.response.end();
      return;
    }
    await pipeline(found.stream(range), exchange.response);
  } finally {
    await found.close();
  }
}

async function putObject(call: Call): Promise<void> {
  const { exchange, context, bucket, key } = call;
  if (header(exchange, 'x-amz-copy-source') !== undefined) return copyObject(call);
  allow(call, 's3:PutObject', key);
  const { body, checksums } = payloadOf(call);
  const headers = keptHeaders(exchange);
  const ifNoneMatch = header(exchange, 'if-none-match');
  const ifMatch = header(exchange, 'if-match');
  const stored = await context.objects.put(bucket, key, body, {
    // The getter is read after the body, when the checksums are known.
    get headers() {
      return { ...headers, ...checksums };
    },
    check: (existing) => {
      if (
        existing !== undefined &&
        ifNoneMatch !== undefined &&
        hasTag(ifNoneMatch, existing.etag)
      ) {
        throw preconditionFailed('If-None-Match');
      }
      if (ifMatch !== undefined && !hasTag(ifMatch, existing?.etag ?? 'no object')) {
        throw preconditionFailed('If-Match');
      }
    },
  });
  send(exchange, 200, { etag: `"${stored.etag}"`, ...checksums });
}

async function startParts(call: Call): Promise<void> {
  const { exchange, context, bucket, key } = call;
  allow(call, 's3:PutObject', key);
  const id = await createUpload(context.objects, bucket, { key, headers: keptHeaders(exchange) });
  const elements = { Bucket: bucket, Key: key, UploadId: id };
  sendXml(exchange, xmlDocument('InitiateMultipartUploadResult', elements, S3_NAMESPACE));
}

async function uploadPart(call: Call, place: Parameters<typeof putPart>[1]): Promise<void> {
  const { exchange, context, key, query } = call;
  if (header(exchange, 'x-amz-copy-source') !== undefined) return copyPart(call, place);
  allow(call, 's3:PutObject', key);
  const { body, checksums } = payloadOf(call);
  const etag = await putPart(context.objects, place, Number(query.get('partNumber')), body);
  send(exchange, 200, { etag: `"${etag}"`, ...checksums });
}

async function completeParts(call: Call, place: Parameters<typeof putPart>[1]): Promise<void> {
  const { exchange, context, bucket, key } = call;
  allow(call, 's3:PutObject', key);
  const document = (await readAll(payloadOf(call).body, MAX_DOCUMENT_BYTES)).toString();
  const stored = await completeUpload(context.objects, place, document);
  const elements = {
    Location: `https://${exchange.host}${exchange.path}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${stored.etag}"`,
  };
  sendXml(exchange, xmlDocument('CompleteMultipartUploadResult', elements, S3_NAMESPACE));
}

function addressOf(exchange: Exchange, virtualBucket: string | undefined) {
  try {
    parseQuery(exchange.query);
    const path = decodeURIComponent(exchange.path).replace(/^\//, '');
    if (virtualBucket !== undefined) return { bucket: virtualBucket, key: path };
    const slash = path.indexOf('/');
    if (slash < 0) return { bucket: path, key: '' };
    return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function headersOf(object: StoredObject, withChecksums: boolean): Record<string, string> {
  const headers = Object.entries(object.headers).filter(
    ([name]) => withChecksums || !name.startsWith('x-amz-checksum-'),
  );
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(headers),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
}
