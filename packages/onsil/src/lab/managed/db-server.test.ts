import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { dbServerOf, dbServers, standInText } from './db-server.ts';

const PLACE = `
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place:
  Type: AWS::RDS::DBSubnetGroup
  Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}`;
const db = (name: string, properties: string) =>
  `${name}: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: ${name.toLowerCase()}, DBInstanceClass: db.t3.micro, DBSubnetGroupName: !Ref Place, ${properties}}}`;
const master = (name = 'boss') => `MasterUsername: ${name}, MasterUserPassword: hunter22`;
const regionOf = (...resources: readonly string[]) =>
  stackOf(inVpc([PLACE, ...resources].join('\n'))).region;
const only = (...resources: readonly string[]) => {
  const servers = dbServers(regionOf(...resources));
  expect(servers).toHaveLength(1);
  return servers[0];
};

describe('what runs', () => {
  test.each([
    ['mysql', '8.0.35', 'MariaDB 10.11 runs for mysql 8.0.35'],
    ['MariaDB', undefined, 'MariaDB 10.11 runs for mariadb'],
    ['aurora-mysql', undefined, 'MariaDB 10.11 runs for aurora-mysql'],
    ['postgres', '16.3', 'PostgreSQL 15 runs for postgres 16.3'],
    ['aurora-postgresql', undefined, 'PostgreSQL 15 runs for aurora-postgresql'],
  ])('for %s %s', (engine, version, text) => {
    const more = version === undefined ? '' : `, EngineVersion: '${version}'`;
    const server = only(db('Db', `Engine: ${engine}, ${master()}${more}`));
    expect(server === undefined ? undefined : standInText(server)).toBe(text);
    expect(server?.machineId).toBe('rds-db');
  });
  test('nothing for an engine that is not free', () => {
    expect(dbServers(regionOf(db('Db', `Engine: oracle-se2, ${master()}`)))).toEqual([]);
  });
  test('a long name stays a name of a machine', () => {
    const id = `a${'b'.repeat(62)}`;
    const [server] = dbServers(
      regionOf(
        db('Db', `Engine: mysql, ${master()}`).replace('Identifier: db', `Identifier: ${id}`),
      ),
    );
    expect(server?.machineId).toMatch(/^rds-ab{46}-\w{12}$/);
    expect(server?.machineId).toHaveLength(64);
  });
});

describe('one server', () => {
  const CLUSTER = `
Settings: {Type: AWS::RDS::DBClusterParameterGroup, Properties: {Family: f, Description: d, Parameters: {a: 1, b: 1}}}
Own: {Type: AWS::RDS::DBParameterGroup, Properties: {Family: f, Description: d, Parameters: {b: 2}}}
Cluster:
  Type: AWS::RDS::DBCluster
  Properties: {DBClusterIdentifier: shop, Engine: aurora-postgresql, DBSubnetGroupName: !Ref Place, DatabaseName: shop, ${master()}, DBClusterParameterGroupName: !Ref Settings}`;
  const member = (name: string, more = '') =>
    db(name, `Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster${more}`);

  test('for all instances of a cluster, with the settings of both groups', () => {
    const region = regionOf(
      CLUSTER,
      member('One', ', DBParameterGroupName: !Ref Own'),
      member('Two'),
    );
    const [server, ...others] = dbServers(region);
    expect(others).toEqual([]);
    expect(server).toMatchObject({
      ...{ machineId: 'rds-shop', name: 'shop', databaseName: 'shop', masterUsername: 'boss' },
      ...{ instances: [{ id: 'one' }, { id: 'two' }], parameters: { a: '1', b: '2' } },
    });
    const cluster = region.dbClusters['shop'];
    expect(server?.names.slice(2)).toEqual([
      cluster?.endpointAddress,
      cluster?.readerEndpointAddress,
    ]);
    expect(dbServerOf(region, 'two')).toBe(server);
    expect(dbServerOf(region, 'three')).toBeUndefined();
  });
  test('has what its group says now', () => {
    const region = regionOf(CLUSTER, member('One', ', DBParameterGroupName: !Ref Own'));
    expect(dbServers(region)[0]?.parameters).toEqual({ a: '1', b: '2' });
    const groups = Object.values(region.dbParameterGroups).map((group) => [
      group.name,
      { ...group, parameters: { c: '3' } },
    ]);
    const changed = { ...region, dbParameterGroups: Object.fromEntries(groups) };
    expect(dbServers(changed)[0]?.parameters).toEqual({ c: '3' });
  });
  test('for a source and its replicas, also of one another', () => {
    const server = only(
      db('One', `Engine: mysql, ${master()}`),
      db('Two', 'SourceDBInstanceIdentifier: !Ref One'),
      db('Three', 'SourceDBInstanceIdentifier: !Ref Two'),
    );
    expect(server?.instances.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
  });
});

describe('TLS is required', () => {
  const group = (parameters: string) =>
    `Own: {Type: AWS::RDS::DBParameterGroup, Properties: {Family: f, Description: d, Parameters: ${parameters}}}`;
  test.each([
    ['postgres', undefined, true],
    ['postgres', '14.9', false],
    ['postgres', '15.2', true],
    ['aurora-postgresql', undefined, false],
    ['aurora-postgresql', '16.1', false],
    ['aurora-postgresql', '17.4', true],
    ['mysql', undefined, false],
    ['mysql', '8.4.3', false],
    ['mysql', '9.7.0', true],
    ['mariadb', '11.4.2', false],
    ['mariadb', '11.8.3', true],
  ])('by default of %s %s: %s', (engine, version, expected) => {
    const more = version === undefined ? '' : `, EngineVersion: '${version}'`;
    expect(only(db('Db', `Engine: ${engine}, ${master()}${more}`))?.requiresTls).toBe(expected);
  });
  test.each([
    ['postgres', "{rds.force_ssl: '0'}", false],
    ['mysql', "{require_secure_transport: 'ON'}", true],
    ['mysql', '{require_secure_transport: 1}', true],
  ])('as the parameter group of %s says: %s', (engine, parameters, expected) => {
    const server = only(
      group(parameters),
      db('Db', `Engine: ${engine}, ${master()}, DBParameterGroupName: !Ref Own`),
    );
    expect(server?.requiresTls).toBe(expected);
  });
});
