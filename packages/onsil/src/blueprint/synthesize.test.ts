import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { statedPolicies } from './policy.ts';
import { synthesize } from './synthesize.ts';
import { nameOf, property, resourcesOf, serviceOf, templateOf } from './test-support.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJH3cUVFZGe2dVbG8Iv3NQZjPH4gZ5oYyKtWlT8cTkCk me@laptop';

test('equal services give equal templates, and nothing stays on the disk', () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('onsil-synth-'));
  const before = left();
  const first = JSON.stringify(templateOf());
  expect(JSON.stringify(templateOf())).toBe(first);
  expect(left()).toEqual(before);
});

test('there is no mark of the CDK and no unresolved token', () => {
  const template = templateOf();
  expect(Object.keys(template).toSorted()).toEqual([
    'Description',
    'Metadata',
    'Outputs',
    'Parameters',
    'Resources',
  ]);
  expect(Object.keys(template.Parameters ?? {})).toEqual([
    'AdministratorCidr',
    'AdministratorPublicKey',
    'ImageId',
  ]);
  expect(JSON.stringify(template)).not.toMatch(/aws:cdk|CDKMetadata|Token\[/);
});

test('later stages find what they need in the metadata', () => {
  expect(templateOf().Metadata).toEqual({
    Onsil: {
      service: 'everydaehwa',
      domain: 'everydaehwa.net',
      region: 'ap-northeast-2',
      site: 'https://everydaehwa.net',
      health: 'https://everydaehwa.net/api/health',
      secrets: ['/everydaehwa/database/password'],
      releases: {
        web: {
          bucket: 'ReleasesBucket',
          prefix: 'releases/web/',
          runtime: 'node',
          port: 3000,
          health: '/',
        },
        api: {
          bucket: 'ReleasesBucket',
          prefix: 'releases/api/',
          runtime: 'node',
          port: 8080,
          health: '/api/health',
        },
      },
      administrator: { cidrParameter: 'AdministratorCidr', keyParameter: 'AdministratorPublicKey' },
      policy: statedPolicies(serviceOf()),
    },
  });
});

describe('parameters', () => {
  test('the administrator is asked for, unless the config says who it is', () => {
    expect(templateOf().Parameters?.AdministratorCidr).not.toHaveProperty('Default');
    const { Parameters } = templateOf({ admin: { ip: '203.0.113.7', sshPublicKeys: [KEY] } });
    expect(Parameters?.AdministratorCidr).toHaveProperty('Default', '203.0.113.7/32');
    expect(Parameters?.AdministratorPublicKey).toHaveProperty('Default', KEY);
  });

  test('the whole Internet is no administrator', () => {
    const pattern = Reflect.get(
      Object(templateOf().Parameters?.AdministratorCidr),
      'AllowedPattern',
    );
    expect('203.0.113.7/32').toMatch(new RegExp(pattern));
    expect('0.0.0.0/0').not.toMatch(new RegExp(pattern));
  });

  test('the image is the newest Debian 12 of the architecture', () => {
    expect(templateOf().Parameters?.ImageId).toMatchObject({
      Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      Default: '/aws/service/debian/release/12/latest/arm64',
    });
    expect(templateOf({ architecture: 'x86_64' }).Parameters?.ImageId).toHaveProperty(
      'Default',
      '/aws/service/debian/release/12/latest/amd64',
    );
  });
});

describe('instances', () => {
  test.each([1, 2, 5])('an API of %i hosts', (instances) => {
    const template = templateOf({ api: { source: './api', instances } });
    const names = resourcesOf(template, 'EC2::Instance').map(([, instance]) => nameOf(instance));
    const apis = Array.from({ length: instances }, (_, index) => `api-${index + 1}`);
    expect(names).toEqual(['bastion', 'nat', 'edge', 'web', 'gateway', ...apis, 'database']);
    const records = resourcesOf(template, 'Route53::RecordSet').map(([, record]) =>
      property(record, 'Name'),
    );
    expect(records).toEqual(
      ['everydaehwa.net', 'www.everydaehwa.net'].concat(
        ['bastion', 'nat', 'edge', 'web', 'gateway', ...apis, 'database'].map(
          (name) => `${name}.everydaehwa.internal`,
        ),
      ),
    );
  });

  test('each one takes version 2 of the metadata service only, one hop away, and is encrypted', () => {
    const instances = resourcesOf(templateOf(), 'EC2::Instance');
    expect(instances).toHaveLength(8);
    for (const [, { Properties }] of instances) {
      expect(Properties).toMatchObject({
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
        KeyName: { Ref: 'AdministratorKeyPair' },
      });
    }
  });

  test('only what asks something of AWS has a role', () => {
    const profiles = resourcesOf(templateOf(), 'EC2::Instance').flatMap(([id, instance]) => {
      const profile = property(instance, 'IamInstanceProfile', 'Ref');
      return typeof profile === 'string' ? [`${id}: ${profile}`] : [];
    });
    expect(profiles).toEqual([
      'WebInstance: RolesWebInstanceProfile',
      'Api1Instance: RolesApiInstanceProfile',
      'Api2Instance: RolesApiInstanceProfile',
      'DatabaseInstance: RolesDatabaseInstanceProfile',
    ]);
  });

  test('only the bastion has an automatic public address', () => {
    const automatic = resourcesOf(templateOf(), 'EC2::Instance').filter(([, instance]) =>
      JSON.stringify(instance).includes('"AssociatePublicIpAddress":true'),
    );
    expect(automatic.map(([id]) => id)).toEqual(['BastionInstance']);
  });
});

describe('order', () => {
  const { Resources } = templateOf();
  const dependsOn = (id: string) => Resources[id]?.DependsOn;
  const only = (pattern: RegExp) => {
    const [id = '', ...others] = Object.keys(Resources).filter((key) => pattern.test(key));
    expect(others).toEqual([]);
    return id;
  };
  const natReady = only(/^NatReady(?!Handle)/);

  test('nat and edge have their Elastic IP before they start', () => {
    for (const host of ['Nat', 'Edge']) {
      expect(dependsOn(`${host}Instance`)).toEqual([
        `${host}ElasticIpAssociation`,
        'NetworkPublicDefaultRoute',
      ]);
    }
  });

  test.each(['Web', 'Gateway', 'Api1', 'Api2', 'Database'])(
    '%s starts when the NAT instance is set up and the routes lead to it',
    (host) => {
      expect(dependsOn(`${host}Instance`)).toEqual([
        natReady,
        'NetworkAppDefaultRoute',
        'NetworkDatabaseDefaultRoute',
      ]);
    },
  );

  test('the database is set up only with its volume', () => {
    expect(dependsOn(only(/^DatabaseReady(?!Handle)/))).toEqual([
      'DatabaseInstance',
      'DatabaseVolumeAttachment',
    ]);
  });

  test("a wait condition is renamed exactly when its host's script changes", () => {
    const conditions = (instances: number) =>
      resourcesOf(
        templateOf({ api: { source: './api', instances } }),
        'CloudFormation::WaitCondition',
      ).map(([id]) => id);
    const changed = conditions(3).filter((id) => !conditions(2).includes(id));
    expect(changed.map((id) => id.replace(/Ready.*/, ''))).toEqual(['Gateway', 'Api3']);
  });
});

test('the NAT instance forwards: private routes lead to its interface, unchecked', () => {
  const { Resources } = templateOf();
  expect(Resources.NatNetworkInterface?.Properties?.SourceDestCheck).toBe(false);
  for (const tier of ['App', 'Database']) {
    expect(Resources[`Network${tier}DefaultRoute`]?.Properties).toEqual({
      DestinationCidrBlock: '0.0.0.0/0',
      NetworkInterfaceId: { Ref: 'NatNetworkInterface' },
      RouteTableId: { Ref: `Network${tier}RouteTable` },
    });
  }
  expect(Resources.NetworkPublicDefaultRoute?.Properties).toHaveProperty('GatewayId');
});

test('the data volume is encrypted and leaves a snapshot behind', () => {
  expect(templateOf({ database: { volumeSize: 20 } }).Resources.DatabaseVolume).toMatchObject({
    DeletionPolicy: 'Snapshot',
    UpdateReplacePolicy: 'Snapshot',
    Properties: { Encrypted: true, Size: 20, VolumeType: 'gp3' },
  });
});

test('roles may read their releases and their one secret', () => {
  const statements = resourcesOf(templateOf(), 'IAM::Role').map(([id, role]) => {
    const text = JSON.stringify(property(role, 'Policies'));
    const allowed = [
      ...text.matchAll(
        /"([a-z0-9]+:[A-Z]\w+)"|"[^"]*?(\/(?:releases|runtimes)\/[^"]*|parameter\/[^"]*)"/g,
      ),
    ];
    return [id, ...allowed.map((match) => match[1] ?? match[2])];
  });
  const secret = 'parameter/everydaehwa/database/password';
  expect(statements).toEqual([
    ['RolesWebRole', 's3:GetObject', '/releases/web/*', '/runtimes/*'],
    ['RolesApiRole', 's3:GetObject', '/releases/api/*', '/runtimes/*', 'ssm:GetParameter', secret],
    ['RolesDatabaseRole', 'ssm:GetParameter', secret],
  ]);
});

test("the CDK's own check against the resource schemas passes", () => {
  expect(() => synthesize(serviceOf(), { validate: true })).not.toThrow();
});
