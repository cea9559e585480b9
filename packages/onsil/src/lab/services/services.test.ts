import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Agent } from 'node:https';
import { createServer as createPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crypto as acmeCrypto, axios, Client } from 'acme-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryGroups } from '../auto-scaling/testing.ts';
import { testEngine } from '../stacks/testing.ts';
import { type Authority, ensureAuthority } from './authority.ts';
import { memorySecretStore } from './aws/secretsmanager/secret-store.ts';
import { closeHttp } from './http-server.ts';
import { listen } from './listen.ts';
import { createObjectStore } from './object-store.ts';
import { type Services, type ServicesOptions, startServices } from './services.ts';
import { memoryParameterStore } from './ssm.ts';
import { sampleRegion } from './testing.ts';

const { engine, applier } = testEngine();
const POWER = {
  startedAt: 0,
  state: () => 'running' as const,
  terminated: () => [],
  power: async () => {},
  databases: { status: () => 'available' as const, power: () => {} },
  targetHealth: () => [],
};
const LOOPBACK = { address: '127.0.0.1', port: 0 };
const DIRECTORY = 'acme-v02.api.letsencrypt.org';

let folder: string;
let authority: Authority;
let options: ServicesOptions;
let services: Services | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'services-'));
  authority = await ensureAuthority(join(folder, 'authority'));
  const region = sampleRegion({
    hostedZones: {
      Z1: {
        id: 'Z1',
        name: 'everydaehwa.net.',
        vpcIds: [],
        nameServers: [],
        records: [{ name: 'everydaehwa.net.', type: 'A', ttl: 60, values: ['127.0.0.1'] }],
      },
    },
  });
  options = {
    region: () => region,
    whoIs: () => 'eni-1',
    authority,
    objects: createObjectStore(join(folder, 'objects')),
    folder: join(folder, 'run'),
    listen: {
      vpcResolver: LOOPBACK,
      publicResolver: LOOPBACK,
      metadata: LOOPBACK,
      time: LOOPBACK,
      endpoints: LOOPBACK,
      s3: LOOPBACK,
      acme: LOOPBACK,
    },
    upstream: undefined,
    parameters: memoryParameterStore(),
    secrets: memorySecretStore(),
    secretValue: () => undefined,
    control: { ...POWER, change: applier.change, scaling: memoryGroups(applier) },
    stacks: engine,
    onSignal: () => {},
    onError: (cause) => expect.unreachable(String(cause)),
  };
});
afterEach(async () => {
  await services?.close();
  services = undefined;
  await rm(folder, { recursive: true });
});

test('everything answers on the address it was given', async () => {
  services = await startServices(options);
  const { listening } = services;
  const resolver = new Resolver({ tries: 1 });
  resolver.setServers([`127.0.0.1:${listening.vpcResolver.port}`]);
  expect(await resolver.resolve4('everydaehwa.net')).toEqual(['127.0.0.1']);
  expect(await resolver.resolve4(DIRECTORY)).toEqual(['127.0.0.1']);
  expect((await fetch(`http://127.0.0.1:${listening.metadata.port}/`)).status).toBe(401);
});

test('an address that is taken is named, and nothing else stays open', async () => {
  services = await startServices(options);
  const { listening } = services;
  await services.close();
  services = undefined;
  const other = createPlain();
  await listen(other, listening.endpoints, 'the test');
  await expect(startServices({ ...options, listen: listening })).rejects.toThrow(
    `the AWS endpoints cannot listen on 127.0.0.1 port ${listening.endpoints.port}: another program holds it`,
  );
  await new Promise((closed) => other.close(closed));
  services = await startServices({ ...options, listen: listening });
});

test('a certificate is issued by a real ACME exchange, and its root is kept for outside hosts', async () => {
  const challenges = new Map<string, string>();
  const web = createServer((request, response) => {
    response.end(challenges.get(request.url ?? ''));
  });
  const { port: httpPort } = await listen(web, LOOPBACK, 'the test');
  services = await startServices({ ...options, acmePorts: { httpPort } });
  const { port } = services.listening.acme;
  axios.defaults.httpsAgent = new Agent({
    ca: authority.rootPem,
    lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const client = new Client({
    directoryUrl: `https://${DIRECTORY}:${port}/directory`,
    accountKey: await acmeCrypto.createPrivateEcdsaKey(),
  });
  const [, csr] = await acmeCrypto.createCsr({ altNames: ['everydaehwa.net'] });
  const chain = await client.auto({
    csr,
    termsOfServiceAgreed: true,
    challengePriority: ['http-01'],
    skipChallengeVerification: true,
    challengeCreateFn: async (_authorization, { token }, key) => {
      challenges.set(`/.well-known/acme-challenge/${token}`, key);
    },
    challengeRemoveFn: async () => {},
  });
  const [leaf = '', intermediate = ''] = acmeCrypto.splitPemChain(chain);
  const certificate = new X509Certificate(leaf);
  expect(certificate.checkHost('everydaehwa.net')).toBe('everydaehwa.net');
  const days =
    (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  const issuer = new X509Certificate(intermediate);
  const root = new X509Certificate(await readFile(authority.publicRootsFile));
  expect(certificate.verify(issuer.publicKey) && issuer.verify(root.publicKey)).toBe(true);

  // Pebble is there once, ends with the services, and has another root when it comes back.
  const pid = await services.acme.start();
  expect(await services.acme.start()).toBe(pid);
  await services.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  services = await startServices({ ...options, acmePorts: { httpPort } });
  await services.acme.start();
  const roots = await readFile(authority.publicRootsFile, 'utf8');
  expect(roots.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  await closeHttp(web);
});

test('certbot and its like find the directory where Let’s Encrypt has it', async () => {
  services = await startServices(options);
  const { port } = services.listening.acme;
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--cacert',
    authority.rootFile,
    '--resolve',
    `${DIRECTORY}:${port}:127.0.0.1`,
    `https://${DIRECTORY}:${port}/directory`,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    newNonce: expect.stringContaining(`https://${DIRECTORY}:${port}/`),
  });
});
