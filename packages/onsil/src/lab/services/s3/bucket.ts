/** What is asked of buckets as a whole. */
import { put, without } from '../../../region/region.ts';
import { readXml } from '../aws/protocol/read-xml.ts';
import { AwsError } from '../endpoints/error.ts';
import { demand, readAll, send } from '../endpoints/exchange.ts';
import { type Elements, xmlDocument } from '../endpoints/xml.ts';
import { allow, type Call, payloadOf, sendXml } from './call.ts';
import { S3_NAMESPACE } from './list.ts';

const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MAX_DELETED = 1_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets({ exchange, context, principal }: Call): void {
  const region = context.region();
  demand(region, principal, 's3:ListAllMyBuckets', '*');
  const CreationDate = new Date(context.control.startedAt).toISOString();
  const buckets = Object.values(region.buckets).map(({ name: Name }) => ({ Name, CreationDate }));
  const elements = {
    Owner: { ID: region.account, DisplayName: 'onsil' },
    Buckets: { Bucket: buckets.toSorted((a, b) => (a.Name < b.Name ? -1 : 1)) },
  };
  sendXml(exchange, xmlDocument('ListAllMyBucketsResult', elements, S3_NAMESPACE));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export async function createBucket(call: Call): Promise<void> {
  const { exchange, context, bucket } = call;
  allow(call, 's3:CreateBucket', '');
  const region = context.region();
  const body = (await readAll(payloadOf(call).body, MAX_DOCUMENT_BYTES)).toString();
  const asked = readXml(body)?.children.find(({ name }) => name === 'LocationConstraint')?.text;
  if (asked !== undefined && asked !== region.name) {
    const message = `The lab's buckets are in ${region.name}, not in ${asked}.`;
    throw new AwsError(400, 'InvalidLocationConstraint', message);
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  }
  await context.control.change((now) => {
    if (Object.values(now.buckets).some(({ name }) => name === bucket)) {
      const message =
        'Your previous request to create the named bucket succeeded and you already own it.';
      throw new AwsError(409, 'BucketAlreadyOwnedByYou', message);
    }
    return put(now, 'buckets', bucket, { name: bucket, versioning: false });
  });
  send(exchange, 200, { location: `/${bucket}` });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export async function deleteBucket(call: Call): Promise<void> {
  const { exchange, context, bucket } = call;
  allow(call, 's3:DeleteBucket', '');
  const objects = await context.objects.list(bucket);
  if (objects.length > 0) {
    const message = 'The bucket you tried to delete is not empty';
    throw new AwsError(409, 'BucketNotEmpty', message, { details: { BucketName: bucket } });
  }
  await context.control.change((now) => {
    const found = Object.entries(now.buckets).find(([, { name }]) => name === bucket);
    return found === undefined ? now : without(now, 'buckets', found[0]);
  });
  send(exchange, 204, {});
}

/** Every bucket is encrypted so; https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html */
export function bucketEncryption(call: Call): void {
  allow(call, 's3:GetEncryptionConfiguration', '');
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
    BucketKeyEnabled: false,
  };
  const elements = { Rule: rule };
  const root = 'ServerSideEncryptionConfiguration';
  sendXml(call.exchange, xmlDocument(root, elements, S3_NAMESPACE));
}

export function bucketVersioning(call: Call): void {
  allow(call, 's3:GetBucketVersioning', '');
  const { context, bucket } = call;
  const own = Object.values(context.region().buckets).find(({ name }) => name === bucket);
  const elements: Elements = own?.versioning === true ? { Status: 'Enabled' } : {};
  sendXml(call.exchange, xmlDocument('VersioningConfiguration', elements, S3_NAMESPACE));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(call: Call): Promise<void> {
  const { exchange, context, bucket } = call;
  const body = (await readAll(payloadOf(call).body, MAX_DOCUMENT_BYTES)).toString();
  const root = readXml(body);
  const keys = (root?.children ?? [])
    .filter(({ name }) => name === 'Object')
    .map(({ children }) => children.find(({ name }) => name === 'Key')?.text ?? '');
  if (
    root?.name !== 'Delete' ||
    keys.length < 1 ||
    keys.length > MAX_DELETED ||
    keys.includes('')
  ) {
    const message =
      'The XML you provided was not well-formed or did not validate against our published schema';
    throw new AwsError(400, 'MalformedXML', message);
  }
  const deleted: Elements[] = [];
  const errors: Elements[] = [];
  for (const key of keys) {
    try {
      allow(call, 's3:DeleteObject', key);
      await context.objects.delete(bucket, key);
      deleted.push({ Key: key });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      errors.push({ Key: key, Code: cause.code, Message: cause.message });
    }
  }
  const quiet = root.children.some(({ name, text }) => name === 'Quiet' && text === 'true');
  const elements = { ...(quiet ? {} : { Deleted: deleted }), Error: errors };
  sendXml(exchange, xmlDocument('DeleteResult', elements, S3_NAMESPACE));
}
