/** Long because one front serves every endpoint, and each needs its real client: curl, then the SDK. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { promisify } from 'node:util';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { memoryGroups } from '../auto-scaling/testing.ts';
import { testEngine } from '../stacks/testing.ts';
import { type Authority, ensureAuthority } from './authority.ts';
import { memorySecretStore } from './aws/secretsmanager/secret-store.ts';
import { createCredentials } from './credentials.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { memoryParameterStore, type ParameterStore } from './ssm.ts';
import { sampleRegion } from './testing.ts';
import type { Signal } from './wait-condition.ts';

const { engine, applier } = testEngine();
const POWER = {
  startedAt: 0,
  state: () => 'running' as const,
  terminated: () => [],
  power: async () => {},
  databases: { status: () => 'available' as const, power: () => {} },
  targetHealth: () => [],
};
const S3 = 's3.ap-northeast-2.amazonaws.com';
const SSM = 'ssm.ap-northeast-2.amazonaws.com';
const STS = 'sts.ap-northeast-2.amazonaws.com';
const WAIT = 'cloudformation-waitcondition-ap-northeast-2.s3.ap-northeast-2.amazonaws.com';
const ID = 'i-0123456789abcdef0';

let folder: string;
let authority: Authority;
let endpoints: Endpoints;
let objects: ObjectStore;
let parameters: ParameterStore;
let region: Region;
let signals: [string, Signal][];
let errors: unknown[] = [];
let now: () => number;
const credentials = createCredentials();
const role = () => credentials.forInstance(ID, 'web-role');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'endpoints-'));
  authority = await ensureAuthority(folder);
  endpoints = await startEndpoints(
    {
      region: () => region,
      credentials,
      now: () => now(),
      get objects() {
        return objects;
      },
      get parameters() {
        return parameters;
      },
      secrets: memorySecretStore(),
      secretValue: () => undefined,
      control: { ...POWER, change: applier.change, scaling: memoryGroups(applier) },
      stacks: engine,
      onSignal: (handleId, signal) => {
        if (signal.reason === 'fail here') throw new Error('no room');
        signals.push([handleId, signal]);
      },
      acme: (_request, response) => response.end('acme'),
      onError: (cause) => errors.push(cause),
    },
    authority,
    { address: '127.0.0.1', port: 0 },
  );
});
afterAll(async () => {
  await endpoints.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  now = Date.now;
  signals = [];
  errors = [];
  objects = createObjectStore(join(folder, randomBytes(8).toString('hex')));
  parameters = memoryParameterStore([
    { name: '/web/secret', type: 'SecureString', value: 'hush' },
    { name: '/api/secret', type: 'SecureString', value: 'other' },
  ]);
  region = sampleRegion({
    parameters: {
      '/web/name': { name: '/web/name', type: 'String', value: 'everydaehwa' },
      '/web/deep/er': { name: '/web/deep/er', type: 'String', value: 'deep' },
    },
    waitConditionHandles: {
      'handle-1': {
        id: 'handle-1',
        logicalId: 'WebHandle',
        url: `https://${WAIT}/arn%3Aaws%3Acloudformation%3Aap-northeast-2%3A1%3Astack/x/WebHandle?Signature=abc`,
      },
    },
  });
});

/** Debian's own curl, with names resolved to the test's server. */
async function curl(host: string, path: string, ...args: string[]) {
  const { port } = endpoints.endpoint;
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--cacert',
    authority.rootFile,
    '--resolve',
    `${host}:${port}:127.0.0.1`,
    '--write-out',
    '\n%{http_code}',
    ...args,
    `https://${host}:${port}${path}`,
  ]);
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

/** As user data of an instance signs: temporary credentials in the environment's place. */
function signed(
  service: string,
  credential: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) {
  return [
    '--aws-sigv4',
    `aws:amz:ap-northeast-2:${service}`,
    '--user',
    `${credential.accessKeyId}:${credential.secretAccessKey}`,
    ...(credential.sessionToken === undefined
      ? []
      : ['--header', `x-amz-security-token: ${credential.sessionToken}`]),
  ];
}

const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('curl', () => {
  const hash = ['--header', `x-amz-content-sha256: ${EMPTY_HASH}`];

  test('reads an object with the role of the instance, and what is not its is refused', async () => {
    await objects.put('releases', 'web/1.tar', 'hello');
    await objects.put('releases', 'api/1.tar', 'secret');
    for (const [host, path] of [
      [S3, '/releases/web/1.tar'],
      [`releases.${S3}`, '/web/1.tar'],
    ] as const) {
      expect(await curl(host, path, ...hash, ...signed('s3', role()))).toEqual({
        status: 200,
        body: 'hello',
      });
    }
    const other = await curl(S3, '/releases/api/1.tar', ...hash, ...signed('s3', role()));
    expect(other.status).toBe(403);
    expect(other.body).toContain('<Code>AccessDenied</Code>');
    expect(other.body).toContain('not authorized to perform: s3:GetObject');
    // Without s3:ListBucket one is not even told that it is missing.
    expect((await curl(S3, '/releases/web/none', ...hash, ...signed('s3', role()))).status).toBe(
      403,
    );
  });

  test('must say the hash of the payload, as real S3 demands', async () => {
    const { status, body } = await curl(S3, '/releases/web/1.tar', ...signed('s3', role()));
    expect(status).toBe(400);
    expect(body).toContain('Missing required header for this request: x-amz-content-sha256');
  });

  test('uploads a file as a stream, with UNSIGNED-PAYLOAD', async () => {
    const file = join(folder, 'release');
    const bytes = randomBytes(20_000_000);
    await writeFile(file, bytes);
    const unsigned = ['--header', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'];
    const good = [...unsigned, ...signed('s3', credentials.administrator)];
    expect((await curl(S3, '/releases/key', ...good, '--upload-file', file)).status).toBe(200);
    expect(await objects.head('releases', 'key')).toMatchObject({
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const copy = join(folder, 'copy');
    await curl(S3, '/releases/key', ...good, '--output', copy);
    expect((await readFile(copy)).equals(bytes)).toBe(true);
  });

  test('a wrong key, no signature and an unknown bucket', async () => {
    const wrong = { ...credentials.administrator, secretAccessKey: 'wrong' };
    const code = async (path: string, ...args: string[]) =>
      /<Code>(\w+)/.exec((await curl(S3, path, ...args)).body)?.[1];
    expect(await code('/releases/x', ...hash, ...signed('s3', wrong))).toBe(
      'SignatureDoesNotMatch',
    );
    expect(await code('/releases/x')).toBe('AccessDenied');
    const good = [...hash, ...signed('s3', credentials.administrator)];
    expect(await code('/nothing/x', ...good)).toBe('NoSuchBucket');
    expect(await code('/releases/x', ...good)).toBe('NoSuchKey');
    now = () => Date.now() + 16 * 60_000;
    expect(await code('/releases/x', ...good)).toBe('RequestTimeTooSkewed');
  });

  test('reads a parameter', async () => {
    const call = (operation: string, input: object, credential = role()) =>
      curl(
        SSM,
        '/',
        ...signed('ssm', credential),
        '--header',
        `x-amz-target: AmazonSSM.${operation}`,
        '--header',
        'content-type: application/x-amz-json-1.1',
        '--data',
        JSON.stringify(input),
      );
    const plain = await call('GetParameter', { Name: '/web/secret', WithDecryption: true });
    expect(plain.status).toBe(200);
    expect(JSON.parse(plain.body)).toMatchObject({
      Parameter: { Name: '/web/secret', Type: 'SecureString', Value: 'hush', Version: 1 },
    });
    const sealed = await call('GetParameter', { Name: '/web/secret' });
    expect(JSON.parse(sealed.body).Parameter.Value).toMatch(/^AQICAHi/);
    const denied = await call('GetParameter', { Name: '/api/secret', WithDecryption: true });
    expect([denied.status, JSON.parse(denied.body).__type]).toEqual([400, 'AccessDeniedException']);
    const many = await call('GetParameters', { Names: ['/web/name', '/web/none'] });
    expect(JSON.parse(many.body)).toMatchObject({
      Parameters: [{ Value: 'everydaehwa' }],
      InvalidParameters: ['/web/none'],
    });
  });

  test('asks who it is', async () => {
    const args = ['--data', 'Action=GetCallerIdentity&Version=2011-06-15'];
    const { status, body } = await curl(STS, '/', ...signed('sts', role()), ...args);
    expect(status).toBe(200);
    expect(body).toContain(`<Arn>arn:aws:sts::123456789012:assumed-role/web-role/${ID}</Arn>`);
    expect(body).toContain(`<UserId>AROA1:${ID}</UserId>`);
    const other = await curl(STS, '/', ...signed('sts', role()), '--data', 'Action=AssumeRole');
    expect([other.status, other.body]).toEqual([400, expect.stringContaining("'roleArn'")]);
  });

  test('signals', async () => {
    const path =
      '/arn%3Aaws%3Acloudformation%3Aap-northeast-2%3A1%3Astack/x/WebHandle?Signature=abc';
    const put = (signal: object | string) =>
      curl(
        WAIT,
        path,
        '--request',
        'PUT',
        '--header',
        'Content-Type:',
        '--data-binary',
        typeof signal === 'string' ? signal : JSON.stringify(signal),
      );
    const good = { Status: 'SUCCESS', Reason: 'done', UniqueId: 'one', Data: 'x' };
    expect((await put({ ...good, Reason: 'fail here' })).status).toBe(500);
    expect((await put(good)).status).toBe(200);
    expect((await put(good)).status).toBe(200);
    expect((await put({ ...good, Status: 'FAILURE', UniqueId: 'two' })).status).toBe(200);
    expect(signals).toEqual([
      ['handle-1', { status: 'SUCCESS', reason: 'done', uniqueId: 'one', data: 'x' }],
      ['handle-1', { status: 'FAILURE', reason: 'done', uniqueId: 'two', data: 'x' }],
    ]);
    for (const bad of [
      '',
      '{}',
      '[]',
      'null',
      { ...good, Status: 'MAYBE' },
      { ...good, Data: 1 },
    ]) {
      expect((await put(bad)).status).toBe(400);
    }
    expect((await put('x'.repeat(100_000))).status).toBe(413);
    expect(signals).toHaveLength(2);
  });

  test('a service that is not here is named', async () => {
    const kms = 'kms.ap-northeast-2.amazonaws.com';
    const json = await curl(kms, '/', '--header', 'x-amz-target: TrentService.Decrypt');
    expect(json.status).toBe(501);
    expect(JSON.parse(json.body).message).toContain('"kms" (operation TrentService.Decrypt)');
    const query = await curl('sqs.ap-northeast-2.amazonaws.com', '/?Action=SendMessage');
    expect(query.body).toContain('operation SendMessage');
    const s3 = await curl(
      S3,
      '/releases?versioning',
      '--header',
      `x-amz-content-sha256: ${EMPTY_HASH}`,
      ...signed('s3', credentials.administrator),
    );
    // This curl signs "versioning" without its "=", which S3 does not accept.
    expect(s3.body).toMatch(/NotImplemented|SignatureDoesNotMatch/);
    expect((await curl('acme-v02.api.letsencrypt.org', '/directory')).body).toBe('acme');
  });
});

describe('the AWS SDK', () => {
  let client: S3Client;
  const make = (credential = credentials.administrator, more = {}) => {
    const { port } = endpoints.endpoint;
    return new S3Client({
      region: 'ap-northeast-2',
      endpoint: `https://${S3}:${port}`,
      credentials: credential,
      maxAttempts: 1,
      // With it, the SDK takes an agent of its own, which knows neither our names nor our root.
      expectContinueHeader: false,
      requestHandler: {
        httpsAgent: {
          ca: authority.rootPem,
          lookup: (_name: string, _options: object, done: (...found: unknown[]) => void) =>
            done(null, [{ address: '127.0.0.1', family: 4 }]),
        },
      },
      ...more,
    });
  };
  beforeEach(() => {
    client?.destroy();
    client = make();
  });
  afterAll(() => client.destroy());
  const at = { Bucket: 'releases' };
  const read = async (input: object, options: { readonly abortSignal?: AbortSignal } = {}) =>
    (
      await client.send(new GetObjectCommand({ ...at, Key: 'key', ...input }), options)
    ).Body?.transformToString();

  test('puts, reads, looks at and deletes', async () => {
    const put = await client.send(
      new PutObjectCommand({
        ...at,
        Key: 'a b/한글+%.txt',
        Body: 'hello',
        ContentType: 'text/plain',
        Metadata: { release: '1' },
      }),
    );
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const got = await client.send(new GetObjectCommand({ ...at, Key: 'a b/한글+%.txt' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { release: '1' } });
    const head = await client.send(new HeadObjectCommand({ ...at, Key: 'a b/한글+%.txt' }));
    expect(head.ContentLength).toBe(5);
    await client.send(new DeleteObjectCommand({ ...at, Key: 'a b/한글+%.txt' }));
    await expect(
      client.send(new GetObjectCommand({ ...at, Key: 'a b/한글+%.txt' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
    await client.send(new HeadBucketCommand(at));
    await expect(client.send(new HeadBucketCommand({ Bucket: 'nothing' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('a stream is stored without its framing, byte for byte', async () => {
    const bytes = randomBytes(3_000_001);
    const pieces = Array.from({ length: 31 }, (_, index) =>
      bytes.subarray(index * 100_000, (index + 1) * 100_000),
    );
    await client.send(
      new PutObjectCommand({
        ...at,
        Key: 'key',
        Body: Readable.from(pieces),
        ContentLength: bytes.length,
      }),
    );
    const got = await client.send(new GetObjectCommand({ ...at, Key: 'key' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(got.ContentEncoding).toBeUndefined();
    expect(got.ChecksumCRC32).toBeDefined();
  });

  test('path style and temporary credentials', async () => {
    await objects.put('releases', 'web/1', 'hello');
    const asRole = make(role(), { forcePathStyle: true });
    const got = await asRole.send(new GetObjectCommand({ ...at, Key: 'web/1' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    await expect(
      asRole.send(new PutObjectCommand({ ...at, Key: 'web/1', Body: 'mine' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await read({ Key: 'web/1' })).toBe('hello');
    asRole.destroy();
  });

  test('ranges and conditions', async () => {
    await objects.put('releases', 'key', '0123456789');
    expect(await read({ Range: 'bytes=2-4' })).toBe('234');
    expect(await read({ Range: 'bytes=7-' })).toBe('789');
    expect(await read({ Range: 'bytes=-3' })).toBe('789');
    expect(await read({ Range: 'bytes=8-99' })).toBe('89');
    await expect(read({ Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    const etag = (await objects.head('releases', 'key'))?.etag;
    await expect(read({ IfNoneMatch: `"${etag}"` })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(read({ IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(
      client.send(new PutObjectCommand({ ...at, Key: 'key', Body: 'x', IfNoneMatch: '*' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await objects.put('releases', 'key', '');
    expect(await read({})).toBe('');
  });

  test('lists page by page, folders once', async () => {
    const keys = ['a/1', 'a/2', 'b/1', 'c', 'd<&>"', 'a-1'];
    for (const key of keys) await objects.put('releases', key, key);
    const pages: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          ...at,
          Delimiter: '/',
          MaxKeys: 2,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      for (const { Prefix } of page.CommonPrefixes ?? []) pages.push(Prefix);
      for (const { Key } of page.Contents ?? []) pages.push(Key);
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(new Set(pages)).toEqual(new Set(['a-1', 'a/', 'b/', 'c', 'd<&>"']));
    expect(pages).toHaveLength(5);
    const whole = await client.send(new ListObjectsV2Command({ ...at, Delimiter: '/' }));
    expect(whole.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'b/' }]);
    expect(whole).toMatchObject({ KeyCount: 5, IsTruncated: false });
    const under = await client.send(new ListObjectsV2Command({ ...at, Prefix: 'a/' }));
    expect(under.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
    const after = await client.send(new ListObjectsV2Command({ ...at, StartAfter: 'b/1' }));
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['c', 'd<&>"']);
  });

  test('uploads in parts', async () => {
    const input = { ...at, Key: 'key' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(input));
    const big = randomBytes(5 * 1024 * 1024);
    const parts = [];
    for (const [index, Body] of [big, Buffer.from('end')].entries()) {
      const PartNumber = index + 1;
      const { ETag } = await client.send(
        new UploadPartCommand({ ...input, UploadId, PartNumber, Body }),
      );
      parts.push({ ETag, PartNumber });
    }
    const complete = (Parts: object[]) =>
      client.send(
        new CompleteMultipartUploadCommand({ ...input, UploadId, MultipartUpload: { Parts } }),
      );
    await expect(complete(parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(
      complete([{ ETag: '"00000000000000000000000000000000"', PartNumber: 1 }]),
    ).rejects.toMatchObject({ name: 'InvalidPart' });
    expect((await complete(parts)).ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect((await objects.head('releases', 'key'))?.size).toBe(big.length + 3);
    await expect(complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    const again = await client.send(new CreateMultipartUploadCommand(input));
    await client.send(new AbortMultipartUploadCommand({ ...input, UploadId: again.UploadId }));
  });

  test('copies whole objects and parts of them', async () => {
    const Bucket = 'releases';
    const put = { Bucket, Key: 'web/one two+', Body: 'hello', Metadata: { who: 'me' } };
    await client.send(new PutObjectCommand({ ...put, ContentType: 'text/plain' }));
    const CopySource = `${Bucket}/${encodeURIComponent('web/one two+')}`;
    const copy = (Key: string, more = {}) =>
      client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
    const { CopyObjectResult } = await copy('web/copy');
    const read = await client.send(new GetObjectCommand({ Bucket, Key: 'web/copy' }));
    expect(await read.Body?.transformToString()).toBe('hello');
    expect([read.ContentType, read.Metadata, read.ETag]).toEqual([
      ...['text/plain', { who: 'me' }, CopyObjectResult?.ETag],
    ]);
    const given = { MetadataDirective: 'REPLACE', ContentType: 'text/html' } as const;
    await copy('web/other', given);
    const other = await client.send(new HeadObjectCommand({ Bucket, Key: 'web/other' }));
    expect([other.ContentType, other.Metadata]).toEqual(['text/html', {}]);
    await expect(copy('web/one two+')).rejects.toThrow('copy an object to itself');
    await copy('web/one two+', given);
    await expect(copy('x', { CopySourceIfMatch: '"no"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(copy('x', { CopySource: `${Bucket}/none` })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    await expect(copy('x', { CopySource: 'nowhere/none' })).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    const target = { Bucket, Key: 'web/parts' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, CopySource };
    const first = await client.send(
      new UploadPartCopyCommand({ ...part, PartNumber: 1, CopySourceRange: 'bytes=1-3' }),
    );
    await expect(
      client.send(
        new UploadPartCopyCommand({ ...part, PartNumber: 2, CopySourceRange: 'bytes=1-9' }),
      ),
    ).rejects.toThrow('not valid for source object of size: 5');
    const { Parts, IsTruncated } = await client.send(new ListPartsCommand({ ...target, UploadId }));
    expect(Parts).toMatchObject([{ PartNumber: 1, Size: 3, ETag: first.CopyPartResult?.ETag }]);
    expect(IsTruncated).toBe(false);
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
    );
    const whole = await client.send(new GetObjectCommand(target));
    expect(await whole.Body?.transformToString()).toBe('ell');
  });

  test('who may not read an object may not copy it', async () => {
    await objects.put('releases', 'api/secret', 'hush');
    const own = make(role());
    const copy = { Bucket: 'releases', Key: 'web/mine', CopySource: 'releases/api/secret' };
    const statements = region.roles['AROA1'] ?? expect.fail();
    const put = { effect: 'Allow', actions: ['s3:PutObject'], resources: ['*'] } as const;
    region = {
      ...region,
      roles: { AROA1: { ...statements, statements: [...statements.statements, put] } },
    };
    await expect(own.send(new CopyObjectCommand(copy))).rejects.toThrow(
      's3:GetObject on resource: arn:aws:s3:::releases/api/secret',
    );
    own.destroy();
  });

  test('what goes wrong is told also when the client is not there any more', async () => {
    const [asked, broken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const fault = new Error('the disk is full');
    objects = {
      ...objects,
      get: async () => {
        asked.resolve();
        await broken.promise;
        throw fault;
      },
    };
    const stop = new AbortController();
    const got = read({ Key: 'key' }, { abortSignal: stop.signal });
    await asked.promise;
    stop.abort();
    await expect(got).rejects.toThrow();
    // The server has seen the end of the connection when it has answered another one.
    await curl(S3, '/%zz');
    broken.resolve();
    await expect.poll(() => errors).toEqual([fault]);
  });

  test('a corrupted body is not stored', async () => {
    await expect(
      client.send(
        new PutObjectCommand({ ...at, Key: 'key', Body: 'hello', ChecksumCRC32: 'AAAAAA==' }),
      ),
    ).rejects.toMatchObject({ name: 'BadDigest' });
    expect(await objects.head('releases', 'key')).toBeUndefined();
    await expect(
      client.send(new PutObjectAclCommand({ ...at, Key: 'key', ACL: 'public-read' })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('the front', () => {
  test('a name that is none of ours gets no certificate', async () => {
    const { port } = endpoints.endpoint;
    const socket = tlsConnect({ port, host: '127.0.0.1', servername: 'evil.example' });
    await expect(
      new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject)),
    ).rejects.toThrow();
  });

  test('garbage and a client that goes away in the middle leave it standing', async () => {
    const { port } = endpoints.endpoint;
    const garbage = connect(port, '127.0.0.1', () => garbage.end(randomBytes(500)));
    await new Promise((done) =>
      garbage
        .on('close', done)
        .on('error', () => {})
        .resume(),
    );
    await objects.put('releases', 'key', 'before');
    const host = `releases.${S3}`;
    const socket = tlsConnect({ port, host: '127.0.0.1', servername: host, ca: authority.rootPem });
    const gone = new Promise((done) => socket.on('close', done).on('error', () => {}));
    await new Promise((done) => socket.on('secureConnect', done));
    socket.write(`PUT /key HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\nhalf`, () =>
      socket.destroy(),
    );
    await gone;
    expect((await curl(host, '/key')).body).toContain('AccessDenied');
    expect((await curl(host, '/%zz')).body).toContain('InvalidURI');
    expect((await curl(host, '/key?a=%zz')).body).toContain('InvalidURI');
    expect(await (await objects.get('releases', 'key'))?.close()).toBeUndefined();
  });

  test('an upload whose hash is wrong leaves the object as it was', async () => {
    await objects.put('releases', 'key', 'before');
    const file = join(folder, 'upload');
    await writeFile(file, 'after');
    const { status, body } = await curl(
      S3,
      '/releases/key',
      '--upload-file',
      file,
      '--header',
      `x-amz-content-sha256: ${EMPTY_HASH}`,
      ...signed('s3', credentials.administrator),
    );
    expect(status).toBe(400);
    expect(body).toContain('XAmzContentSHA256Mismatch');
    expect((await objects.head('releases', 'key'))?.size).toBe(6);
  });
});
