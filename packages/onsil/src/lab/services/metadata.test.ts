import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { createCredentials } from './credentials.ts';
import { type Metadata, startMetadata } from './metadata.ts';
import { sampleRegion } from './testing.ts';

const ID = 'i-0123456789abcdef0';
const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
let region: Region;
let now: number;
let caller: string | undefined;
let metadata: Metadata;
let base: string;
let errors: unknown[];

beforeEach(async () => {
  region = sampleRegion();
  errors = [];
  now = Date.UTC(2026, 10, 22);
  caller = 'eni-1';
  metadata = await startMetadata({
    region: () => region,
    whoIs: () => caller,
    listen: { address: '127.0.0.1', port: 0 },
    credentials: createCredentials({ now: () => now }),
    now: () => now,
    architecture: 'x86_64',
    resolved: (userData) => {
      if (userData.includes('{{lost}}')) throw new Error('lost');
      return userData.replace('{{secret}}', 'hidden');
    },
    onError: (cause) => errors.push(cause),
  });
  base = `http://127.0.0.1:${metadata.endpoint.port}`;
});
afterEach(() => metadata.close());

async function takeToken(seconds = 60): Promise<string> {
  const response = await fetch(`${base}/latest/api/token`, {
    method: 'PUT',
    headers: { [TTL]: String(seconds) },
  });
  expect(response.headers.get(TTL)).toBe(String(seconds));
  return response.text();
}

async function get(path: string, token?: string): Promise<string> {
  const headers = { 'x-aws-ec2-metadata-token': token ?? (await takeToken()) };
  const response = await fetch(base + path, { headers });
  return response.ok ? response.text() : String(response.status);
}

function change(options: Partial<Instance>): void {
  const instance = region.instances[ID];
  if (instance === undefined) throw new Error('no instance');
  region = { ...region, instances: { [ID]: { ...instance, ...options } } };
}

test('values and listings, with and without a final slash', async () => {
  expect(await get('/latest/meta-data/instance-id')).toBe(ID);
  expect(await get('/latest/meta-data/public-ipv4')).toBe('198.18.0.5');
  expect(await get('/latest/meta-data/security-groups')).toBe('sg-1-name\nsg-2-name');
  expect(await get('/latest/meta-data/placement/availability-zone')).toBe('ap-northeast-2a');
  expect(await get('/latest/meta-data/placement')).toBe('availability-zone\nregion');
  expect(await get('/latest/')).toBe('dynamic/\nmeta-data/\nuser-data');
  expect(await get('/latest/meta-data/public-keys/')).toBe('0=administrator');
  expect(await get('/latest/meta-data/public-keys/0/')).toBe('openssh-key');
  expect(await get('/latest/meta-data/public-keys/0/openssh-key')).toBe('ssh-ed25519 AAAA me');
  const macs = '/2018-09-24/meta-data/network/interfaces/macs/';
  expect(await get(macs)).toBe('02:00:00:00:00:05/');
  expect(await get(`${macs}02:00:00:00:00:05/subnet-ipv4-cidr-block`)).toBe('10.0.1.0/24');
  expect(await get(`${macs}02:00:00:00:00:05/ipv4-associations/198.18.0.5`)).toBe('10.0.1.5');
  expect(await get('/latest/user-data')).toBe('#!/bin/sh\necho hello\n');
  expect(await get('/')).toContain('2009-04-04\n');
});

test('what is not there is 404', async () => {
  for (const path of [
    '/1999-01-01/meta-data/',
    '/latest/meta-data/tags/',
    '/latest/meta-data/instance-id/deeper',
    '/latest/meta-data/constructor',
    '/latest/dynamic/instance-identity/pkcs7',
  ]) {
    expect(await get(path)).toBe('404');
  }
  const { userData: _gone, instanceProfileName: _too, ...bare } = region.instances[ID] ?? {};
  region = { ...region, instances: { [ID]: bare as Instance } };
  expect(await get('/latest/user-data')).toBe('404');
  expect(await get('/latest/meta-data/iam/info')).toBe('404');
});

test('credentials of the role, with the time of their end', async () => {
  const path = '/latest/meta-data/iam/security-credentials/';
  expect(await get(path)).toBe('web-role');
  expect(JSON.parse(await get(`${path}web-role`))).toMatchObject({
    Code: 'Success',
    Type: 'AWS-HMAC',
    LastUpdated: '2026-11-22T00:00:00Z',
    Expiration: '2026-11-22T06:00:00Z',
    AccessKeyId: expect.stringMatching(/^ASIA/),
  });
  expect(JSON.parse(await get('/latest/meta-data/iam/info'))).toMatchObject({
    InstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web-profile',
  });
});

test('the identity document', async () => {
  expect(JSON.parse(await get('/latest/dynamic/instance-identity/document'))).toMatchObject({
    instanceId: ID,
    region: 'ap-northeast-2',
    accountId: '123456789012',
    architecture: 'x86_64',
    privateIp: '10.0.1.5',
  });
});

test('version 2 is required, and its tokens end and belong to one instance', async () => {
  const url = `${base}/latest/meta-data/instance-id`;
  expect((await fetch(url)).status).toBe(401);
  const token = await takeToken(60);
  expect(await get('/latest/meta-data/instance-id', token)).toBe(ID);
  expect(await get('/latest/meta-data/instance-id', `${token.slice(0, -4)}AAA=`)).toBe('401');
  now += 60_000;
  expect(await get('/latest/meta-data/instance-id', token)).toBe('401');
  const fresh = await takeToken();
  const other = region.instances[ID];
  if (other === undefined) throw new Error('no instance');
  const eni = region.networkInterfaces['eni-2'];
  if (eni === undefined) throw new Error('no interface');
  region = {
    ...region,
    instances: { ...region.instances, 'i-2': { ...other, id: 'i-2' } },
    networkInterfaces: {
      ...region.networkInterfaces,
      'eni-2': { ...eni, attachment: { instanceId: 'i-2', deviceIndex: 0 } },
    },
  };
  caller = 'eni-2';
  expect(await get('/latest/meta-data/instance-id', fresh)).toBe('401');
});

test('version 1 works where it is allowed, a bad token does not', async () => {
  change({ metadataOptions: { enabled: true, httpTokens: 'optional', hopLimit: 1 } });
  expect(await (await fetch(`${base}/latest/meta-data/instance-id`)).text()).toBe(ID);
  expect(await get('/latest/meta-data/instance-id', 'wrong')).toBe('401');
});

test('who may not have a token', async () => {
  const put = async (headers: Record<string, string>, method = 'PUT') =>
    (await fetch(`${base}/latest/api/token`, { method, headers })).status;
  expect(await put({ [TTL]: '21600' })).toBe(200);
  expect(await put({ [TTL]: '21601' })).toBe(400);
  expect(await put({ [TTL]: '0' })).toBe(400);
  expect(await put({})).toBe(400);
  expect(await put({ [TTL]: '60', 'x-forwarded-for': '1.2.3.4' })).toBe(403);
  expect(await put({ [TTL]: '60' }, 'GET')).toBe(405);
  expect(await put({ [TTL]: '60' }, 'POST')).toBe(405);
  caller = undefined;
  expect(await put({ [TTL]: '60' })).toBe(403);
  caller = 'eni-1';
  change({ metadataOptions: { enabled: false, httpTokens: 'required', hopLimit: 1 } });
  expect(await put({ [TTL]: '60' })).toBe(403);
});

test('any path has an answer', async () => {
  const token = await takeToken();
  await fc.assert(
    fc.asyncProperty(fc.webPath(), async (path) => {
      const response = await fetch(`${base}/latest/${path}`, {
        headers: { 'x-aws-ec2-metadata-token': token },
      });
      expect([200, 400, 404]).toContain(response.status);
      await response.arrayBuffer();
    }),
    { numRuns: 50 },
  );
});

test('user data has the secrets that it refers to; one that is lost is nobody’s silence', async () => {
  change({ userData: 'x{{secret}}y' });
  expect(await get('/latest/user-data')).toBe('xhiddeny');
  change({ userData: '{{lost}}' });
  expect(await get('/latest/user-data')).toBe('500');
  expect(errors).toEqual([new Error('lost')]);
  expect(await get('/latest/meta-data/instance-id')).toBe(ID);
});
