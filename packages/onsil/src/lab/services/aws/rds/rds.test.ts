/** By a real client: AWS's older one for JavaScript, which has waiters for RDS. */
import type RDS from 'aws-sdk/clients/rds.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../../../cloudformation/testing.ts';
import { startTestLab, type TestLab } from '../testing.ts';

const { region } = stackOf(
  inVpc(`
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}}
Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: who, SecretString: '{"name":"boss"}'}}
Db:
  Type: AWS::RDS::DBInstance
  DependsOn: Secret
  Properties: {DBInstanceIdentifier: db, DBInstanceClass: db.t3.micro, Engine: mysql, DBSubnetGroupName: !Ref Place, MasterUsername: '{{resolve:secretsmanager:who:SecretString:name}}', MasterUserPassword: hunter22, DeletionProtection: true}
Cluster:
  Type: AWS::RDS::DBCluster
  Properties: {DBClusterIdentifier: many, Engine: aurora-mysql, DBSubnetGroupName: !Ref Place, MasterUsername: boss, MasterUserPassword: hunter22}
Member:
  Type: AWS::RDS::DBInstance
  Properties: {DBInstanceIdentifier: one, DBInstanceClass: db.r5.large, Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster}`),
);
let lab: TestLab;
let rds: RDS;

beforeAll(async () => {
  lab = await startTestLab(region);
  process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1';
  const { default: Rds } = await import('aws-sdk/clients/rds.js');
  const { endpoint, credentials } = lab.client;
  rds = new Rds({ endpoint, region: lab.client.region, credentials, maxRetries: 0 });
});
afterAll(() => lab.close());

const DBInstanceIdentifier = 'DB';
const statusOf = async (id: string) =>
  (await rds.describeDBInstances({ DBInstanceIdentifier: id }).promise()).DBInstances?.[0]
    ?.DBInstanceStatus;

test('an instance is described with its user, also where a secret has the name', async () => {
  const { DBInstances } = await rds.describeDBInstances({ DBInstanceIdentifier }).promise();
  expect(DBInstances).toMatchObject([
    { DBInstanceIdentifier: 'db', MasterUsername: 'boss', DeletionProtection: true },
  ]);
});

test('it is stopped, started and rebooted', async () => {
  await rds.stopDBInstance({ DBInstanceIdentifier }).promise();
  expect(await statusOf('db')).toBe('stopped');
  await rds.startDBInstance({ DBInstanceIdentifier }).promise();
  await rds.waitFor('dBInstanceAvailable', { DBInstanceIdentifier: 'db' }).promise();
  await rds.rebootDBInstance({ DBInstanceIdentifier }).promise();
  expect(lab.databases).toEqual(['stop db', 'start db', 'reboot db']);
});

test('the instances of a cluster are switched together', async () => {
  await expect(rds.stopDBInstance({ DBInstanceIdentifier: 'one' }).promise()).rejects.toMatchObject(
    {
      code: 'InvalidDBInstanceState',
      message: 'one is an instance of the cluster many: use StopDBCluster.',
    },
  );
  const { DBCluster } = await rds.stopDBCluster({ DBClusterIdentifier: 'Many' }).promise();
  expect(DBCluster?.Status).toBe('stopped');
  expect(await statusOf('one')).toBe('stopped');
  await rds.startDBCluster({ DBClusterIdentifier: 'many' }).promise();
  expect(await statusOf('one')).toBe('available');
});

test.each([
  ['stopDBInstance', { DBInstanceIdentifier: 'no' }, 'DBInstanceNotFound'],
  ['stopDBCluster', { DBClusterIdentifier: 'no' }, 'DBClusterNotFoundFault'],
  [
    'stopDBInstance',
    { DBInstanceIdentifier: 'db', DBSnapshotIdentifier: 's' },
    'InvalidParameterValue',
  ],
] as const)('%s of %j is %s', async (operation, input, code) => {
  await expect(rds.makeRequest(operation, input).promise()).rejects.toMatchObject({ code });
});
