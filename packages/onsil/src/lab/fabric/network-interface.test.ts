import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { planInterfaces } from './network-interface.ts';

const { region } = stackOf(`
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: ap-northeast-2a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: ap-northeast-2b}}
  Box: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref A, PrivateIpAddress: 10.0.1.7}}
  Web:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internal, Subnets: [!Ref A, !Ref B]}
`);

test('a machine of a service has each interface once, and answers from the address of each', () => {
  const [balancer] = Object.values(region.loadBalancers);
  const planned = planInterfaces('lab', region);
  const ends = (balancer?.zones ?? []).map(({ networkInterfaceId }) => {
    const found = planned.find(({ id }) => id === networkInterfaceId);
    return { ip: found?.privateIps[0], ...found?.guest };
  });
  expect(ends.map(({ name }) => name)).toEqual(['ens5', 'ens6']);
  const words = ends.map(({ settings }) => settings?.map((each) => each.arguments));
  expect(words[0]).toEqual([
    `${ends[0]?.ip}/24 broadcast + dev %`,
    'default via 10.0.1.1 dev %',
    'default via 10.0.1.1 dev % table 10000',
    `from ${ends[0]?.ip} lookup 10000`,
  ]);
  expect(words[1]).toEqual([
    `${ends[1]?.ip}/24 broadcast + dev %`,
    'default via 10.0.2.1 dev % metric 513',
    'default via 10.0.2.1 dev % table 10001',
    `from ${ends[1]?.ip} lookup 10001`,
  ]);
});

test('an instance with one interface needs no table for it', () => {
  const box = planInterfaces('lab', region).find(({ privateIps }) => privateIps[0] === '10.0.1.7');
  expect(box?.guest.settings.map((each) => each.arguments)).toEqual([
    '10.0.1.7/24 broadcast + dev %',
    'default via 10.0.1.1 dev %',
  ]);
});

test('instances with the same data are one machine with an interface for each', () => {
  const db = (name: string, properties: string) =>
    `${name}: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: ${name.toLowerCase()}, DBInstanceClass: db.t3.micro, DBSubnetGroupName: !Ref Place, ${properties}}}`;
  const { region: databases } = stackOf(
    inVpc(`
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}}
${db('Db', 'Engine: mysql, MasterUsername: boss, MasterUserPassword: hunter22')}
${db('Lone', 'Engine: mysql, MasterUsername: boss, MasterUserPassword: hunter22')}
${db('Copy', 'SourceDBInstanceIdentifier: !Ref Db')}`),
  );
  const planned = planInterfaces('lab', databases);
  const nameOf = (id: string) =>
    planned.find((each) => each.id === databases.dbInstances[id]?.networkInterfaceId)?.guest.name;
  expect(['db', 'lone', 'copy'].map(nameOf)).toEqual(['ens5', 'ens5', 'ens6']);
});
