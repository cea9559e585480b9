/** Long because signing, dating, presigning and three framings of bodies are each tried both ways. */
import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsError } from './endpoints/error.ts';
import { encode, type SignedRequest, sha256, signingKey } from './signature/canonical.ts';
import { openPayload } from './signature/payload.ts';
import { type SignatureOptions, verifySignature } from './signature.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const credential = {
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'secret',
  principal: { kind: 'administrator' as const },
};
const options = (more: Partial<SignatureOptions> = {}): SignatureOptions => ({
  credentials: { find: (id) => (id === credential.accessKeyId ? credential : undefined) },
  now: NOW,
  service: 's3',
  regions: ['ap-northeast-2'],
  payloadHash: 'UNSIGNED-PAYLOAD',
  ...more,
});

function signer(service: string, sessionToken?: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: 'ap-northeast-2',
    credentials: { ...credential, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
}

const request = (more: object = {}) => ({
  method: 'GET',
  protocol: 'https:',
  hostname: 'h.example',
  path: '/',
  query: {} as Record<string, string>,
  headers: { host: 'h.example', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } as Record<
    string,
    string
  >,
  ...more,
});

type Signed = ReturnType<typeof request>;

/** As it comes over the wire, the query in another order. */
function onWire(signed: Signed): SignedRequest {
  const query = Object.entries(signed.query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toReversed()
    .join('&');
  const headers = Object.entries(signed.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value],
  ]);
  return {
    method: signed.method,
    url: signed.path + (query === '' ? '' : `?${query}`),
    headers: Object.fromEntries(headers),
  };
}

async function sign(given: Signed, service = 's3', date = NOW): Promise<SignedRequest> {
  return onWire((await signer(service).sign(given, { signingDate: new Date(date) })) as Signed);
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (cause) {
    if (cause instanceof AwsError) return cause.code;
    throw cause;
  }
  return 'accepted';
};

const texts = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', ' ', '+', '/', '%', '=', '&', '~', '*', "'", '한', '.', '-'),
});
const requests = fc.record({
  parts: fc.array(
    texts.map((text) => text.replaceAll(/[/.]/g, '')).filter((text) => text !== ''),
    {
      maxLength: 3,
    },
  ),
  query: fc.dictionary(
    texts.filter((name) => name !== ''),
    texts,
    { maxKeys: 4 },
  ),
  header: texts.map((text) => text.trim()),
});

describe.each(['s3', 'ssm'])('what the SDK signs for %s', (service) => {
  test('is accepted, in the header and presigned', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ parts, query, header }) => {
        const plain = request();
        const path = `/${parts.map(encode).join('/')}`;
        const headers = {
          ...plain.headers,
          'x-amz-meta-note': Buffer.from(header).toString('hex'),
          'x-amz-a': header.replaceAll('한', ''),
        };
        const given = { ...plain, path, query, headers };
        const signed = await sign(given, service);
        expect(verifySignature(signed, options({ service })).credential).toBe(credential);
        if (service !== 's3') return;
        const presigned = await signer(service).presign(
          { ...given, headers: request().headers },
          {
            expiresIn: 60,
            signingDate: new Date(NOW),
          },
        );
        expect(verifySignature(onWire(presigned as Signed), options()).credential).toBe(credential);
      }),
      { numRuns: 100 },
    );
  });
});

test('any change of what was signed is refused', async () => {
  const signed = await sign(request({ path: '/key', query: { a: '1' } }));
  const refused = (change: Partial<SignedRequest>, more: Partial<SignatureOptions> = {}) =>
    codeOf(() => verifySignature({ ...signed, ...change }, options(more)));
  expect(refused({})).toBe('accepted');
  expect(refused({ method: 'PUT' })).toBe('SignatureDoesNotMatch');
  expect(refused({ url: '/other?a=1' })).toBe('SignatureDoesNotMatch');
  expect(refused({ url: '/key?a=2' })).toBe('SignatureDoesNotMatch');
  expect(refused({ headers: { ...signed.headers, host: ['x'] } })).toBe('SignatureDoesNotMatch');
  expect(refused({ headers: { ...signed.headers, 'x-amz-acl': ['public'] } })).toBe('AccessDenied');
  expect(refused({}, { payloadHash: sha256('other') })).toBe('SignatureDoesNotMatch');
  expect(refused({}, { regions: ['us-east-1'] })).toBe('AuthorizationHeaderMalformed');
  expect(refused({}, { service: 'ssm' })).toBe('AuthorizationHeaderMalformed');
  expect(refused({}, { credentials: { find: () => undefined } })).toBe('InvalidAccessKeyId');
  expect(refused({ headers: {} })).toBe('AccessDenied');
});

test('the clock may be wrong by 15 minutes', async () => {
  const at = async (minutes: number) => {
    const signed = await sign(request(), 's3', NOW + minutes * 60_000);
    return codeOf(() => verifySignature(signed, options()));
  };
  expect(await at(-15)).toBe('accepted');
  expect(await at(15)).toBe('accepted');
  expect(await at(-16)).toBe('RequestTimeTooSkewed');
  expect(await at(16)).toBe('RequestTimeTooSkewed');
});

test('a presigned URL ends when it says', async () => {
  const presigned = await signer('s3').presign(request(), {
    expiresIn: 60,
    signingDate: new Date(NOW),
  });
  const at = (seconds: number) =>
    codeOf(() =>
      verifySignature(onWire(presigned as Signed), options({ now: NOW + seconds * 1000 })),
    );
  expect(at(60)).toBe('accepted');
  expect(at(61)).toBe('AccessDenied');
});

test('temporary credentials need their token, until they expire', async () => {
  const temporary = { ...credential, sessionToken: 'token', expires: NOW + 1 };
  const given = async (token?: string) =>
    onWire((await signer('s3', token).sign(request(), { signingDate: new Date(NOW) })) as Signed);
  const check = (signed: SignedRequest, now = NOW) =>
    codeOf(() => verifySignature(signed, options({ now, credentials: { find: () => temporary } })));
  expect(check(await given('token'))).toBe('accepted');
  expect(check(await given('other'))).toBe('InvalidToken');
  expect(check(await given())).toBe('InvalidToken');
  expect(check(await given('token'), NOW + 1)).toBe('ExpiredToken');
});

test('garbage is refused as an error of the client', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (url, authorization, date) => {
      const headers = { authorization: [authorization], 'x-amz-date': [date], host: ['h'] };
      for (const each of [authorization, `AWS4-HMAC-SHA256 ${authorization}`]) {
        const signed = { method: 'GET', url, headers: { ...headers, authorization: [each] } };
        expect(codeOf(() => verifySignature(signed, options()))).not.toBe('accepted');
      }
      const query = `/?X-Amz-Credential=${url}&X-Amz-Signature=${authorization}`;
      expect(
        codeOf(() => verifySignature({ method: 'GET', url: query, headers: {} }, options())),
      ).not.toBe('accepted');
    }),
  );
});

describe('bodies', () => {
  const key = signingKey('secret', ['20261122', 'ap-northeast-2', 's3']);
  const seed = {
    credential,
    signature: 'a'.repeat(64),
    key,
    date: '20261122T120000Z',
    scope: '20261122/ap-northeast-2/s3/aws4_request',
  };
  const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  const chain = (algorithm: string, previous: string, ...hashes: string[]) =>
    createHmac('sha256', key)
      .update([algorithm, seed.date, seed.scope, previous, ...hashes].join('\n'))
      .digest('hex');

  /** An aws-chunked body as the documentation describes it. */
  function frame(chunks: readonly Uint8Array[], signed: boolean, trailer?: string): Buffer {
    const out: Uint8Array[] = [];
    let previous = seed.signature;
    for (const chunk of [...chunks, new Uint8Array()]) {
      let head = chunk.length.toString(16);
      if (signed) {
        previous = chain('AWS4-HMAC-SHA256-PAYLOAD', previous, hash(''), hash(chunk));
        head += `;chunk-signature=${previous}`;
      }
      out.push(Buffer.from(`${head}\r\n`), chunk, Buffer.from(chunk.length > 0 ? '\r\n' : ''));
    }
    if (trailer !== undefined) {
      out.push(Buffer.from(`${trailer}\r\n`));
      if (signed) {
        const signature = chain('AWS4-HMAC-SHA256-TRAILER', previous, hash(`${trailer}\n`));
        out.push(Buffer.from(`x-amz-trailer-signature:${signature}\r\n`));
      }
    }
    return Buffer.concat([...out, Buffer.from('\r\n')]);
  }

  async function* inPieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
  }

  async function read(whole: Uint8Array, size: number, kind: string, length: number) {
    const payload = openPayload(inPieces(whole, size), kind, String(length), seed);
    const parts: Uint8Array[] = [];
    for await (const part of payload.body) parts.push(part);
    return { body: Buffer.concat(parts), trailers: Object.fromEntries(payload.trailers) };
  }

  const forms = [
    ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', false, 'x-amz-checksum-crc32:AAAAAA=='],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', true, undefined],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', true, 'x-amz-checksum-crc32:AAAAAA=='],
  ] as const;

  test.each(forms)(
    '%s: the framing is taken off, however it is cut',
    async (kind, signed, trailer) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 4 }),
          fc.integer({ min: 1, max: 50 }),
          async (chunks, size) => {
            const plain = Buffer.concat(chunks);
            const found = await read(frame(chunks, signed, trailer), size, kind, plain.length);
            expect(found.body.equals(plain)).toBe(true);
            expect(found.trailers).toEqual(
              trailer === undefined ? {} : { 'x-amz-checksum-crc32': 'AAAAAA==' },
            );
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test.each(forms)(
    '%s: a body that is cut, longer or shorter is refused',
    async (kind, signed, trailer) => {
      const whole = frame([Buffer.from('hello')], signed, trailer);
      for (const cut of [0, 1, 3, whole.indexOf('hello') + 3]) {
        await expect(read(whole.subarray(0, cut), 7, kind, 5)).rejects.toThrow('aws-chunked');
      }
      await expect(read(whole, 7, kind, 4)).rejects.toThrow('longer');
      await expect(read(whole, 7, kind, 6)).rejects.toThrow('shorter');
    },
  );

  test('a changed chunk or trailer breaks its signature', async () => {
    for (const [kind, signed, trailer] of forms.slice(1)) {
      const whole = frame([Buffer.from('hello')], signed, trailer);
      const changed = Buffer.from(whole);
      changed[whole.indexOf('hello')] = 0x48;
      await expect(read(changed, 7, kind, 5)).rejects.toThrow('signature of a chunk');
    }
    const kind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
    const whole = frame([Buffer.from('hello')], true, 'x-amz-checksum-crc32:AAAAAA==').toString();
    const changed = Buffer.from(whole.replace('AAAAAA==', 'BAAAAA=='));
    await expect(read(changed, 7, kind, 5)).rejects.toThrow('signature of a chunk');
  });

  test('a plain body must have its hash', async () => {
    const body = Buffer.from('hello');
    expect((await read(body, 2, hash(body), 5)).body.toString()).toBe('hello');
    await expect(read(body, 2, hash('other'), 5)).rejects.toThrow('x-amz-content-sha256');
    await expect(read(body, 2, 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 5)).rejects.toThrow(
      'must be',
    );
  });
});
