import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import type { ServiceDefinition } from './definition.ts';
import { FIELDS } from './fields.ts';
import { validate } from './validate.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJH3cUVFZGe2dVbG8Iv3NQZjPH4gZ5oYyKtWlT8cTkCk me@laptop';

const minimal = {
  name: 'shop',
  domain: 'shop.example',
  web: { source: './web' },
  api: { source: './api' },
} satisfies ServiceDefinition;

function issuesOf(definition: unknown) {
  try {
    validate(definition, 'onsil.config.ts');
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  throw new Error('the config was accepted');
}

test('what is left out is filled in', () => {
  expect(validate(minimal, 'onsil.config.ts')).toEqual({
    name: 'shop',
    domain: 'shop.example',
    region: 'ap-northeast-2',
    admin: { sshPublicKeys: [] },
    web: { source: './web', port: 3000, runtime: 'node' },
    api: { source: './api', port: 8080, instances: 2, health: '/api/health', runtime: 'node' },
    database: { engine: 'mariadb', volumeSize: 8 },
    network: {
      cidr: '10.0.0.0/16',
      subnets: { public: '10.0.0.0/24', app: '10.0.1.0/24', database: '10.0.2.0/24' },
    },
    architecture: 'arm64',
    sizes: {
      bastion: 't4g.nano',
      nat: 't4g.nano',
      edge: 't4g.micro',
      web: 't4g.micro',
      gateway: 't4g.micro',
      api: 't4g.micro',
      database: 't4g.micro',
    },
    policy: [],
    usage: {},
  });
});

test('values come out in one form', () => {
  const service = validate(
    {
      ...minimal,
      domain: '에브리대화.NET.',
      admin: { ip: '203.0.113.7', sshPublicKeys: [`${KEY}\n`] },
      network: { cidr: '192.168.0.0/26', subnets: { app: '192.168.0.48/28' } },
      architecture: 'x86_64',
      sizes: { api: 't3.small' },
    },
    'onsil.config.ts',
  );
  expect(service.domain).toBe('xn--vk1bn0k80dg3jdqv.net');
  expect(service.admin).toEqual({ cidr: '203.0.113.7/32', sshPublicKeys: [KEY] });
  expect(service.network.subnets).toEqual({
    public: '192.168.0.0/28',
    app: '192.168.0.48/28',
    database: '192.168.0.32/28',
  });
  expect(service.sizes).toMatchObject({ nat: 't3.nano', web: 't3.micro', api: 't3.small' });
});

test('everything that is wrong is said at once, in words', () => {
  const definition = {
    name: 'Shop!',
    web: { source: './web', port: '3000' },
    api: { source: './api', instances: 0, helth: '/api/health' },
  };
  expect(() => validate(definition, 'onsil.config.ts')).toThrowErrorMatchingInlineSnapshot(`
    [ConfigError: onsil.config.ts has 5 errors:

      name
        given:   "Shop!"
        allowed: 2 to 30 lower-case letters, digits and single hyphens, a letter first
        change:  choose a short name, e.g. 'everydaehwa'

      domain
        given:   nothing
        allowed: a domain name of two or more labels, without www, scheme, port or path
        change:  write the bare domain, e.g. 'everydaehwa.net'

      web.port
        given:   "3000"
        allowed: a whole number from 1024 to 65535: lower ones need root
        change:  give the port that your web server listens on, e.g. 3000

      api.instances
        given:   0
        allowed: a whole number from 1 to 50
        change:  write how many hosts are to run the API, e.g. 2

      api.helth
        given:   "/api/health"
        allowed: no such field; there are source, port, instances, health, runtime
        change:  remove it, or write health if you meant that]
  `);
});

describe.each<[string, unknown, string]>([
  ['name', 'a', 'lower-case'],
  ['name', 'two--hyphens', 'lower-case'],
  ['domain', 'https://shop.example', 'without www, scheme'],
  ['domain', 'www.shop.example', 'without www'],
  ['domain', 'localhost', 'two or more labels'],
  ['region', 'Seoul', 'AWS region'],
  ['region', 'cn-north-1', 'outside China'],
  ['admin.ip', '0.0.0.0/0', 'narrower than the whole Internet'],
  ['admin.ip', '203.0.113.7/24', 'IPv4 address or block'],
  ['admin.ip', '203.0.113.256', 'IPv4 address or block'],
  ['web.port', 80, '1024 to 65535'],
  ['web.runtime', 'java', "'node'"],
  ['api.port', 8080.5, 'whole number'],
  ['api.instances', 51, '1 to 50'],
  ['api.health', '/health', 'below /api'],
  ['api.health', '/api/x y', 'below /api'],
  ['api.runtime', 'deno', "'node' or 'java'"],
  ['database.engine', 'mysql', "'mariadb'"],
  ['database.volumeSize', 0, 'GiB'],
  ['network.cidr', '10.0.0.0/8', '/16 to /26'],
  ['network.cidr', '8.8.0.0/16', '10.0.0.0/8'],
  ['network.cidr', '10.0.0.1/16', '/16 to /26'],
  ['architecture', 'riscv', "'arm64'"],
  ['sizes.api', 'big', 'instance type'],
])('%s: %j', (path, value, allowed) => {
  test('is refused with what is allowed and what to change', () => {
    const [issue, ...others] = issuesOf(set(minimal, path.split('.'), value));
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ path, given: JSON.stringify(value) });
    expect(issue?.allowed).toContain(allowed);
    expect(issue?.change).toBe(FIELDS[path]?.change);
  });
});

describe('rules across fields', () => {
  test('a subnet outside the VPC', () => {
    const network = { cidr: '10.1.0.0/16', subnets: { app: '10.2.0.0/24' } };
    expect(issuesOf({ ...minimal, network })).toEqual([
      {
        path: 'network.subnets.app',
        given: '"10.2.0.0/24"',
        allowed: 'a block inside 10.1.0.0/16',
        change: 'choose a block inside 10.1.0.0/16, or widen network.cidr',
      },
    ]);
  });

  test('a subnet that overlaps another', () => {
    const network = { subnets: { database: '10.0.0.0/20' } };
    expect(issuesOf({ ...minimal, network })).toMatchObject([
      {
        path: 'network.subnets.database',
        allowed: 'a block apart from network.subnets.public (10.0.0.0/24)',
      },
    ]);
  });

  test('more hosts than the subnet has addresses', () => {
    const network = { cidr: '10.0.0.0/26' };
    expect(
      issuesOf({ ...minimal, network, api: { source: './api', instances: 10 } }),
    ).toMatchObject([
      { path: 'api.instances', given: '10', allowed: expect.stringContaining('at most 9') },
    ]);
  });

  test('a size of the other architecture', () => {
    expect(issuesOf({ ...minimal, sizes: { nat: 't3.nano' } })).toMatchObject([
      { path: 'sizes.nat', change: "write e.g. 't4g.nano', or set architecture to 'x86_64'" },
    ]);
    expect(
      issuesOf({ ...minimal, architecture: 'x86_64', sizes: { api: 'm7gd.large' } }),
    ).toHaveLength(1);
  });
});

test('a private key is refused and not repeated', () => {
  const secret = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA';
  const [issue] = issuesOf({ ...minimal, admin: { sshPublicKeys: [KEY, secret] } });
  expect(issue).toMatchObject({
    path: 'admin.sshPublicKeys[1]',
    given: 'a private key (not shown)',
    change: expect.stringContaining('never the private key'),
  });
});

test('a key whose data is of another type than it says is refused', () => {
  const keys = [KEY.replace('ssh-ed25519', 'ssh-rsa')];
  expect(issuesOf({ ...minimal, admin: { sshPublicKeys: keys } })).toHaveLength(1);
});

test.each([undefined, null, 'shop', []])('%j instead of a config', (definition) => {
  expect(issuesOf(definition)).toMatchObject([
    { path: '', change: expect.stringContaining('export default defineService') },
  ]);
});

function set(object: Readonly<Record<string, unknown>>, path: readonly string[], value: unknown) {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key];
  const nested: Record<string, unknown> = set(
    typeof inner === 'object' && inner !== null ? { ...inner } : {},
    rest,
    value,
  );
  return { ...object, [key]: nested };
}

describe('policies', () => {
  const withPolicy = (...policy: readonly unknown[]) => ({ ...minimal, policy });
  const all: NonNullable<ServiceDefinition['policy']> = [
    { only: ['web', 'group:app'], mayReach: 'database', on: 'tcp 3306', why: 'nobody else' },
    { from: 'internet', mayReachOnly: 'edge', on: 'tcp 80, 443' },
    { from: '203.0.113.0/24', mustNotReach: 'web' },
    { from: 'web', mustReach: 'gateway', on: 'tcp 80' },
    { from: 'private-hosts', mayReach: 'internet', onlyThrough: 'nat' },
    { sameExposureByIpv6: 'hosts' },
  ];
  test('come out as they are written', () => {
    expect(validate(withPolicy(...all), 'onsil.config.ts').policy).toEqual(all);
  });
  test.each<[unknown, string, string]>([
    [{ from: 'web', mustReach: 'gateway' }, 'policy[0].on', "'tcp 80, 443'"],
    [{ from: 'web', mustNotReach: 'database', on: 'tcp 99999' }, 'policy[0].on', "'tcp 80, 443'"],
    [{ only: 3, mayReach: 'database' }, 'policy[0].only', 'a list of names'],
    [{ only: [], mayReach: 'database' }, 'policy[0].only', 'a list of names'],
    [{ from: 'web', mayReach: 'database' }, 'policy[0].onlyThrough', 'a list of names'],
    [{ from: 'web', mustNotReach: 'edge', why: 'a\nb' }, 'policy[0].why', 'one line'],
    [{ from: 'web', mustRech: 'edge', on: 'tcp 80' }, 'policy[0]', '{ from, mustReach, on }'],
    ['nobody', 'policy[0]', '{ from, mustNotReach }'],
    [
      { only: 'app', mayReach: 'database', port: 3306 },
      'policy[0].port',
      'no such field; there are only, from, mayReach, ',
    ],
  ])('%j is refused where it is wrong', (policy, path, allowed) => {
    const [issue, ...others] = issuesOf(withPolicy(policy));
    expect(others).toEqual([]);
    expect(issue?.path).toBe(path);
    expect(issue?.allowed).toContain(allowed);
  });
});
