/** What is decided without a machine; test/e2e/databases.test.ts has the machines. */
import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { planFabric } from '../fabric/plan.ts';
import { ManagedMachines } from '../managed/machines.ts';
import { AwsError } from '../services/endpoints/error.ts';
import { DbInstances } from './db-instance.ts';
import { DbServers } from './db-server.ts';
import { EventLog } from './events.ts';
import { type Ground, planBoot } from './provision.ts';

const PLACE = `
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}}
Box: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Private}}`;
const db = (name: string, properties: string) =>
  `${name}: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: ${name.toLowerCase()}, DBInstanceClass: db.t3.micro, DBSubnetGroupName: !Ref Place, ${properties}}}`;
const MASTER = 'MasterUsername: boss, MasterUserPassword: "{{resolve:secretsmanager:db}}"';

function made(password: string, ...resources: readonly string[]) {
  const { region, stack } = stackOf(inVpc([PLACE, ...resources].join('\n')));
  const log = new EventLog(0, () => 0);
  const managed = new ManagedMachines({
    lab: 'no-such-lab',
    world: { region, fabric: planFabric('no-such-lab', region) },
    image: () => Promise.reject(new Error('no image')),
    ...{ onChange: () => {}, onError: () => {} },
  });
  const databases = new DbInstances({
    ...{ log, region: () => region },
    servers: new DbServers({
      ...{ managed, log, authority: { leaf: async () => ({ certificate: '', key: '' }) } },
      resolved: (text) => text.replace('{{resolve:secretsmanager:db}}', password),
    }),
    begin: () => {},
  });
  const runners = databases.runners();
  const runnerOf = (type: string) => {
    const runner = runners.get(type);
    if (runner === undefined) throw new Error(`no runner of ${type}`);
    return runner;
  };
  const work = (logicalId: string) => {
    const resource = stack.resources[logicalId];
    if (resource === undefined) throw new Error(`no ${logicalId}`);
    return { stackName: 'shop', resource, signal: new AbortController().signal };
  };
  const told: string[] = [];
  log.subscribe((event) => void ('message' in event && told.push(event.message)));
  return {
    databases,
    runner: runnerOf('AWS::RDS::DBInstance'),
    runnerOf,
    region,
    work,
    told,
    managed,
  };
}

describe('a password that RDS does not take fails the instance', () => {
  test.each([
    ['short', /it is shorter than 8 characters/],
    ['a"quotation', /Only printable ASCII characters/],
  ])('%s', async (password, message) => {
    const { runner, work, managed } = made(password, db('Db', `Engine: mysql, ${MASTER}`));
    await expect(runner.create(work('Db'))).rejects.toThrow(message);
    expect(managed.list()).toEqual([]);
  });
});

test('why its machine does not start is told; then it has failed', async () => {
  const { runner, work, databases } = made('hunter22', db('Db', `Engine: mysql, ${MASTER}`));
  expect(databases.status('db')).toBe('creating');
  await expect(runner.create(work('Db'))).rejects.toThrow(
    'The RDS DB instance db does not run: no image',
  );
  expect(databases.status('db')).toBe('failed');
  expect(() => databases.power('db', 'reboot')).toThrow('Instance db is not in available state.');
  expect(() => databases.power('db', 'start')).toThrow(/cannot be started as it is not in one of/);
});

test('an engine that the lab does not have is recorded, and cannot be switched', async () => {
  const { runner, work, databases } = made('hunter22', db('Db', `Engine: oracle-se2, ${MASTER}`));
  await runner.create(work('Db'));
  expect(databases.status('db')).toBe('available');
  expect(() => databases.power('db', 'stop')).toThrow(AwsError);
});

describe('deletion', () => {
  test('is refused for what is protected', async () => {
    const { runner, work } = made(
      'hunter22',
      db('Db', `Engine: mysql, ${MASTER}, DeletionProtection: true`),
    );
    await expect(runner.remove(work('Db'))).rejects.toThrow(/^Cannot delete protected DB Instance/);
  });
  test('is refused for a protected cluster', async () => {
    const cluster = (more: string) =>
      `Many: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, DBSubnetGroupName: !Ref Place, ${MASTER}${more}}}`;
    const { runnerOf, work } = made('hunter22', cluster(', DeletionProtection: true'));
    await expect(runnerOf('AWS::RDS::DBCluster').remove(work('Many'))).rejects.toThrow(
      /^Cannot delete protected Cluster/,
    );
    const open = made('hunter22', cluster(''));
    await open.runnerOf('AWS::RDS::DBCluster').remove(open.work('Many'));
  });
  test('ends the server with its last instance, and makes no snapshot', async () => {
    const { runner, work, told } = made(
      'hunter22',
      db('Db', `Engine: mysql, ${MASTER}`),
      db('Copy', 'SourceDBInstanceIdentifier: !Ref Db'),
    );
    await runner.remove(work('Copy'));
    expect(told).toEqual([]);
    await runner.remove(work('Db'));
    expect(told).toEqual([
      'db: the lab makes no final snapshot; the data of the database is gone.',
    ]);
  });
});

test('what a client of a database sets up is not kept: the database begins empty', async () => {
  const key = async (...resources: readonly string[]) => {
    const { region } = made('', ...resources);
    const [box] = Object.values(region.instances);
    if (box === undefined) throw new Error('no instance');
    const ground: Pick<Ground, 'fresh' | 'imageOf' | 'region' | 'values'> = {
      ...{ fresh: true, region: () => region, imageOf: () => ({ key: 'image', folder: '' }) },
      values: {
        parameters: { list: () => [] } as never,
        ...{ secrets: { list: () => [] } as never, secretValue: () => undefined },
      },
    };
    return (await planBoot(ground as Ground, box)).key;
  };
  expect(await key()).toMatch(/^[0-9a-f]{24}$/);
  expect(await key(db('Db', `Engine: mysql, ${MASTER}`))).toBeUndefined();
  expect(await key(db('Db', `Engine: oracle-se2, ${MASTER}`))).toMatch(/^[0-9a-f]{24}$/);
});
