import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../../cloudformation/testing.ts';
import { databaseAddress } from './database-name.ts';

const member = (name: string, zone: string) =>
  `${name}: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: ${name.toLowerCase()}, DBInstanceClass: db.r5.large, Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: ${zone}}}`;
const make = (...more: readonly string[]) =>
  stackOf(
    inVpc(`
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}}
Open:
  Type: AWS::RDS::DBInstance
  Properties: {DBInstanceIdentifier: open, DBInstanceClass: db.t3.micro, Engine: mysql, DBSubnetGroupName: !Ref Place, MasterUsername: boss, MasterUserPassword: hunter22, PubliclyAccessible: true}
Cluster:
  Type: AWS::RDS::DBCluster
  Properties: {DBClusterIdentifier: many, Engine: aurora-mysql, DBSubnetGroupName: !Ref Place, MasterUsername: boss, MasterUserPassword: hunter22}
${more.join('\n')}`),
  ).region;
const region = make(member('One', 'ap-northeast-2a'), member('Two', 'ap-northeast-2c'));
const vpcId = region.dbInstances['open']?.vpcId;
const ipOf = (id: string) =>
  region.networkInterfaces[region.dbInstances[id]?.networkInterfaceId ?? ''];

describe('endpoints', () => {
  test('of an instance: its private address, for everybody', () => {
    const name = region.dbInstances['two']?.endpointAddress ?? '';
    const [address] = ipOf('two')?.privateIps ?? [];
    expect(address).toMatch(/^10\.0\.3\./);
    expect(databaseAddress(region, vpcId, name)).toBe(address);
    expect(databaseAddress(region, undefined, name)).toBe(address);
  });
  test('of one that is public: outside its VPC the public address', () => {
    const name = region.dbInstances['open']?.endpointAddress ?? '';
    expect(databaseAddress(region, vpcId, name)).toBe(ipOf('open')?.privateIps[0]);
    expect(databaseAddress(region, 'vpc-other', name)).toBe(ipOf('open')?.publicIp);
    expect(databaseAddress(region, undefined, name)).toBe(ipOf('open')?.publicIp);
  });
  test('of a cluster: its writer, and a reader where there is one', () => {
    const { endpointAddress = '', readerEndpointAddress = '' } = region.dbClusters['many'] ?? {};
    expect(databaseAddress(region, vpcId, endpointAddress)).toBe(ipOf('one')?.privateIps[0]);
    expect(databaseAddress(region, vpcId, readerEndpointAddress)).toBe(ipOf('two')?.privateIps[0]);
    const alone = make(member('One', 'ap-northeast-2a'));
    expect(databaseAddress(alone, vpcId, readerEndpointAddress)).toMatch(/^10\.0\.2\./);
    expect(databaseAddress(make(), vpcId, readerEndpointAddress)).toBeNull();
  });
  test('names of no database', () => {
    const name = region.dbInstances['one']?.endpointAddress ?? '';
    expect(databaseAddress(region, vpcId, `x${name}`)).toBeNull();
    expect(databaseAddress(region, vpcId, 'ec2.ap-northeast-2.amazonaws.com')).toBeUndefined();
    expect(databaseAddress(region, vpcId, 'rds.ap-northeast-2.amazonaws.com')).toBeUndefined();
  });
});
