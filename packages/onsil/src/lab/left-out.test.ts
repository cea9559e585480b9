import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../cloudformation/testing.ts';
import { put } from '../region/region.ts';
import { RegionBuilder, rule } from '../region/testing.ts';
import { planFabric } from './fabric/plan.ts';
import { printFabric } from './fabric/print.ts';
import { leftOut } from './left-out.ts';

const whole = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .vpc('vpc-2', '10.2.0.0/16')
  .peering('pcx-1', 'vpc-1', 'vpc-2')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .natGateway('nat-1', { subnet: 'subnet-1', ip: '10.0.1.5', publicIp: '198.18.0.5' })
  .gatewayEndpoint('vpce-s3', 'vpc-1', 'rtb-1')
  .prefixList('pl-own', '10.9.0.0/16')
  .prefixList('pl-unused')
  .routeTable('rtb-1', 'vpc-1', { '10.2.0.0/16': 'pcx-1', 'pl-own': 'pcx-1', '0.0.0.0/0': 'nat-1' })
  .group('sg-1', 'vpc-1', [rule('tcp 80', '0.0.0.0/0')]);

test('nothing is named where the lab runs everything', () => {
  expect(leftOut(whole.region)).toEqual([]);
});

test('whatever the lab does not run is named, by its logical id where it has one', () => {
  const some = whole
    .ipv6('vpc-2', '2001:db8:2::/56')
    .subnet('subnet-2', 'vpc-2', '10.2.1.0/24', { ipv6Cidr: '2001:db8:2::/64' })
    .instance('six', { subnet: 'subnet-2', ip: '10.2.1.4', groups: [], ipv6: ['2001:db8:2::4'] })
    .egressOnlyInternetGateway('eigw-2', 'vpc-2')
    .peering('pcx-1', 'vpc-1', 'vpc-2', false)
    .peering('pcx-9', 'vpc-1', 'vpc-abroad')
    .routeTable('rtb-1', 'vpc-1', { '10.8.0.0/16': 'tgw-1', 'pl-unused': 'nat-1' });
  const made = { serviceName: 'com.amazonaws.ap-northeast-2.dynamodb', vpcId: 'vpc-1', tags: {} };
  const shared = { ...made, routeTableIds: [] };
  const gateway = put(some.region, 'vpcEndpoints', 'vpce-db', {
    ...{ ...shared, id: 'vpce-db', type: 'gateway', networkInterfaceIds: [] },
  });
  const region = put(gateway, 'vpcEndpoints', 'vpce-ssm', {
    ...{ ...shared, id: 'vpce-ssm', type: 'interface', networkInterfaceIds: ['eni-six'] },
  });
  const problems = leftOut(region, { Transit: { physicalId: 'rtb-1' } });
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'vpc-2: IPv6 is off in the lab: 2001:db8:2::/56 and the addresses 2001:db8:2::4 are not ' +
      'used, and its IPv6 routes and rules do nothing.',
    'eigw-2: an egress-only Internet gateway is for IPv6, which is off in the lab.',
    'vpce-db: the lab has no com.amazonaws.ap-northeast-2.dynamodb: routes to its endpoint drop.',
    'vpce-ssm: the lab has no interface endpoints: nothing answers at 10.2.1.4 for ' +
      'com.amazonaws.ap-northeast-2.dynamodb.',
    "pl-unused: the entries of AWS's prefix list pl-unused are not known: it matches nothing.",
    'pcx-1: it is not active: routes to it drop.',
    'pcx-9: vpc-abroad is not in the lab: routes to it drop.',
    'Resources.Transit: the lab has no tgw-1: its route for 10.8.0.0/16 drops.',
  ]);
  expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
});

test('a route to what the lab does not run is a blackhole', () => {
  const targets = ['tgw-1', 'eigw-2', 'vpce-db', 'pcx-off', 'nat-gone', 'vgw-1'];
  const routes = targets.map((target, index) => [`10.${100 + index}.0.0/16`, target] as const);
  const { region } = whole
    .peering('pcx-off', 'vpc-1', 'vpc-2', false)
    .egressOnlyInternetGateway('eigw-2', 'vpc-1')
    .routeTable('rtb-1', 'vpc-1', Object.fromEntries([...routes, ['::/0', 'eigw-2']]));
  const text = printFabric(planFabric('lab', region));
  for (const [block] of routes) {
    const lines = text.split('\n').filter((line) => line.includes(`route ${block}`));
    expect(lines).toEqual([expect.stringMatching(/ dev lo /)]);
  }
});

test('of databases that run, what is not as on AWS', () => {
  const db = (name: string, properties: string) =>
    `${name}: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: ${name.toLowerCase()}, DBInstanceClass: db.t3.micro, DBSubnetGroupName: !Ref Place, ${properties}}}`;
  const { region, stack } = stackOf(
    inVpc(`
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
Place: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [!Ref Private, !Ref Other]}}
${db('Whole', 'Engine: mysql, MasterUsername: boss, MasterUserPassword: hunter22')}
${db('Copy', 'SourceDBInstanceIdentifier: !Ref Whole, Port: 3310')}
${db('Old', 'Engine: postgres, DBSnapshotIdentifier: snap')}
${db('Dear', 'Engine: oracle-se2, MasterUsername: boss, MasterUserPassword: hunter22')}`),
  );
  const address = Object.values(region.networkInterfaces).find(
    ({ managedBy }) => managedBy?.of?.key === 'dear',
  )?.privateIps[0];
  expect(
    leftOut(region, stack.resources).map(({ path, message }) => `${path}: ${message}`),
  ).toEqual([
    `Resources.Dear: the lab does not run it: nothing answers at ${address}.`,
    'Resources.Copy: its server is that of whole (rds-whole): always in step, and it takes writes, too.',
    'Resources.Copy: it answers at port 3306, as whole does, not at 3310.',
    'Resources.Old: the lab has no snapshots: snap is not restored, the database begins empty.',
  ]);
});
