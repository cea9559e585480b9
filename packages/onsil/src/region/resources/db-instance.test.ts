import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';
import { secretValue } from '../secret-value.ts';

const PLACE = `
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place:
  Type: AWS::RDS::DBSubnetGroup
  Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}
`;
const db = (properties: string) => `${PLACE}
Db:
  Type: AWS::RDS::DBInstance
  Properties: {DBInstanceClass: db.t3.micro, AllocatedStorage: '20', DBSubnetGroupName: !Ref Place, VPCSecurityGroups: [!Ref Group], ${properties}}
`;
const MYSQL = 'Engine: MySQL, DBName: shop, MasterUsername: admin, MasterUserPassword: hunter22';

describe('AWS::RDS::DBInstance', () => {
  test('answers at an interface in its subnet group, by a name of RDS', () => {
    const result = stackOf(inVpc(db(MYSQL)));
    expect(warningsOf(result)).toEqual([]);
    const { region, stack } = result;
    const [made] = Object.values(region.dbInstances);
    expect(made).toMatchObject({
      ...{ engine: 'mysql', port: 3306, databaseName: 'shop', publiclyAccessible: false },
      zone: 'ap-northeast-2a',
    });
    expect(region.networkInterfaces[made?.networkInterfaceId ?? '']).toMatchObject({
      subnetId: stack.resources['Private']?.physicalId,
      securityGroupIds: [stack.resources['Group']?.physicalId],
      managedBy: { kind: 'service', id: 'Db', of: { table: 'dbInstances', key: made?.id } },
    });
    expect(stack.resources['Db']?.attributes).toMatchObject({
      'Endpoint.Address': expect.stringMatching(
        /^shop-db-\w+\.\w{12}\.ap-northeast-2\.rds\.amazonaws\.com$/,
      ),
      'Endpoint.Port': '3306',
    });
  });
  test.each([
    ['postgres', 5432],
    ['mariadb', 3306],
    ['sqlserver-ex', 1433],
  ])('the port of %s is %d', (engine, port) => {
    const { region } = stackOf(
      inVpc(db(MYSQL.replace('MySQL', engine).replace('admin', 'master'))),
    );
    expect(Object.values(region.dbInstances)[0]?.port).toBe(port);
  });
  test.each([
    [MYSQL.replace('hunter22', 'short'), /MasterUserPassword: .* it is shorter than 8 characters/],
    [MYSQL.replace('hunter22', 'x'.repeat(42)), /it is longer than 41 characters/],
    [MYSQL.replace('hunter22', '"with space"'), /Only printable ASCII characters besides/],
    [MYSQL.replace('hunter22', 'hunter@22'), /Only printable ASCII characters besides/],
    [
      MYSQL.replace('admin', 'rdsadmin'),
      /MasterUsername rdsadmin cannot be used as it is a reserved/,
    ],
    [MYSQL.replace('MySQL', 'postgres'), /MasterUsername admin cannot be used as it is a reserved/],
    [
      MYSQL.replace('MySQL', 'postgres').replace('admin', 'pg_boss'),
      /names starting with "pg_" are reserved by the PostgreSQL engine/,
    ],
    [MYSQL.replace('admin', '9lives'), /"9lives" is no name of a master user/],
    [MYSQL.replace('Engine: MySQL, ', ''), /Db\.Properties\.Engine: This property is required/],
    [`${MYSQL}, AvailabilityZone: ap-northeast-2b`, /has no subnet in "ap-northeast-2b"/],
    [`${MYSQL}, DBInstanceIdentifier: 9lives`, /"9lives" is not an identifier of a database/],
  ])('refuses %s', (properties, message) => {
    expect(refusal(inVpc(db(properties))).join('\n')).toMatch(message);
  });
  test('a subnet group covers two zones', () => {
    const text = inVpc(db(MYSQL)).replace(', !Ref Other]', ']');
    expect(refusal(text)).toEqual([
      "Resources.Place.Properties.SubnetIds: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ap-northeast-2a. Add subnets to cover at least 2 AZs.",
    ]);
  });
  test('an instance of a cluster has its engine, place, groups and users', () => {
    const { region, stack } = stackOf(
      inVpc(`${PLACE}
Cluster:
  Type: AWS::RDS::DBCluster
  Properties: {Engine: aurora-postgresql, DBSubnetGroupName: !Ref Place, VpcSecurityGroupIds: [!Ref Group], MasterUsername: master, MasterUserPassword: hunter22}
Writer:
  Type: AWS::RDS::DBInstance
  Properties: {DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.r5.large, Engine: aurora-postgresql}`),
    );
    expect(Object.values(region.dbInstances)[0]).toMatchObject({
      ...{
        port: 5432,
        masterUsername: 'master',
        clusterId: stack.resources['Cluster']?.physicalId,
      },
    });
    expect(Object.values(region.networkInterfaces)[0]?.securityGroupIds).toEqual([
      stack.resources['Group']?.physicalId,
    ]);
  });
});

describe('secrets', () => {
  const SECRET = `
Secret:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: {SecretStringTemplate: '{"username":"admin"}', GenerateStringKey: password, PasswordLength: 30, ExcludeCharacters: '"@/\\'}
`;
  const PASSWORD = `"{{resolve:secretsmanager:\${Secret}:SecretString:password}}"`;
  const text = inVpc(
    `${SECRET}${db(MYSQL.replace('hunter22', `!Sub ${PASSWORD}`))}
Told:
  Type: AWS::SecretsManager::SecretTargetAttachment
  Properties: {SecretId: !Ref Secret, TargetId: !Ref Db, TargetType: AWS::RDS::DBInstance}`,
  );

  test('a generated value is nowhere in the region, the same each time, and another elsewhere', () => {
    const result = stackOf(text);
    expect(warningsOf(result)).toEqual([]);
    const [secret] = Object.values(result.region.secrets);
    if (secret === undefined) throw new Error('no secret');
    const value = secretValue(secret, 'salt') ?? '';
    const { password, ...rest } = JSON.parse(value) as Record<string, string>;
    expect(rest).toMatchObject({ username: 'admin', engine: 'mysql', port: 3306, dbname: 'shop' });
    expect(password).toHaveLength(30);
    expect(password).not.toMatch(/["@/\\]/);
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    expect(JSON.stringify(result)).not.toContain(password);
    expect(secretValue(secret, 'salt')).toBe(value);
    expect(secretValue(secret, 'other')).not.toBe(value);
  });
  test.each([
    ['{GenerateSecretString: {SecretStringTemplate: "{}"}}', /GenerateStringKey: .* go together/],
    [
      '{GenerateSecretString: {SecretStringTemplate: x, GenerateStringKey: k}}',
      /is not a JSON object/,
    ],
    ['{GenerateSecretString: {}, SecretString: x}', /already\. Give one of the two/],
  ])('refuses %s', (properties, message) => {
    const secret = `S: {Type: AWS::SecretsManager::Secret, Properties: ${properties}}`;
    expect(refusal(inVpc(secret)).join('\n')).toMatch(message);
  });
  test('a password that RDS manages is a secret of its own', () => {
    const { region, stack } = stackOf(
      inVpc(db('Engine: postgres, MasterUsername: master, ManageMasterUserPassword: true')),
    );
    const arn = String(stack.resources['Db']?.attributes['MasterUserSecret.SecretArn']);
    expect(region.secrets[arn]?.name).toMatch(/^rds!db-shop-db-/);
  });
});

test('a file system has a mount target in each zone at most', () => {
  const mount = (name: string, subnet: string) =>
    `${name}: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref ${subnet}, SecurityGroups: [!Ref Group]}}`;
  const files = `Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}\n${mount('M', 'Private')}`;
  const { region, stack } = stackOf(inVpc(files));
  const [target] = Object.values(region.mountTargets);
  expect(region.networkInterfaces[target?.networkInterfaceId ?? '']).toMatchObject({
    privateIps: [stack.resources['M']?.attributes['IpAddress']],
    description: `EFS mount target for ${stack.resources['Files']?.physicalId} (${target?.id})`,
  });
  expect(refusal(inVpc(`${files}\n${mount('N', 'Public')}`)).join('\n')).toMatch(
    /already has the mount target fsmt-\w+ in ap-northeast-2a/,
  );
});

test('DHCP options are of their VPC; name servers of others are named', () => {
  const result = stackOf(
    inVpc(`Options: {Type: AWS::EC2::DHCPOptions, Properties: {DomainName: corp, DomainNameServers: [10.0.0.9]}}
Of: {Type: AWS::EC2::VPCDHCPOptionsAssociation, Properties: {VpcId: !Ref Vpc, DhcpOptionsId: !Ref Options}}`),
  );
  const [vpc] = Object.values(result.region.vpcs);
  expect(vpc?.dhcpOptionsId).toBe(result.stack.resources['Options']?.physicalId);
  expect(warningsOf(result)).toEqual([
    'Resources.Of.Properties.DhcpOptionsId: The name servers 10.0.0.9 are not handed out: instances ask the resolver of the VPC.',
  ]);
});
