import { describe, expect, test } from 'vitest';
import { refusal, stackOf, warningsOf } from '../cloudformation/testing.ts';
import { planFabric } from '../lab/fabric/plan.ts';
import { compile } from '../reach/model.ts';
import { baseRegion } from './base-region.ts';
import { withoutUnusedDefaultVpc } from './default-vpc.ts';
import { emptyRegion } from './region.ts';

const region = baseRegion('us-east-1', { publicKey: 'ssh-ed25519 A own' });
const [vpc] = Object.values(region.vpcs);
const subnets = Object.values(region.subnets);

test('the default VPC as AWS documents it', () => {
  expect(vpc).toMatchObject({ cidrs: ['172.31.0.0/16'], isDefault: true, dnsHostnames: true });
  expect(
    subnets.map(({ zone, cidr, mapPublicIpOnLaunch }) => [zone, cidr, mapPublicIpOnLaunch]),
  ).toEqual([
    ['us-east-1a', '172.31.0.0/20', true],
    ['us-east-1b', '172.31.16.0/20', true],
    ['us-east-1c', '172.31.32.0/20', true],
  ]);
  const [gateway] = Object.values(region.internetGateways);
  expect(region.routeTables[vpc?.mainRouteTableId ?? '']?.routes).toEqual([
    { destination: '172.31.0.0/16', target: { kind: 'local' } },
    { destination: '0.0.0.0/0', target: { kind: 'internet-gateway', id: gateway?.id } },
  ]);
  const groupId = vpc?.defaultSecurityGroupId ?? '';
  expect(region.securityGroups[groupId]?.ingress).toMatchObject([
    { protocol: -1, peer: { kind: 'group', groupId } },
  ]);
  expect(region.networkAcls[vpc?.defaultNetworkAclId ?? '']?.entries).toHaveLength(2);
});

test('each region and account has one of its own', () => {
  const ids = [
    region,
    baseRegion('us-west-2'),
    baseRegion('us-east-1', { account: '000000000001' }),
  ];
  expect(new Set(ids.flatMap((each) => Object.keys(each.vpcs))).size).toBe(3);
});

const INSTANCE = 'W: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0123456789abcdef0';

describe('what goes there', () => {
  test('an instance, a group and their rules, with a public address', () => {
    const { region: next } = stackOf(
      `Resources:
  G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d, SecurityGroupIngress: {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}}
  ${INSTANCE}, SecurityGroups: [!Ref G], AvailabilityZone: us-east-1b}}`,
      {},
      region,
    );
    const [instance] = Object.values(next.instances);
    expect(instance).toMatchObject({
      vpcId: vpc?.id,
      subnetId: subnets[1]?.id,
      zone: 'us-east-1b',
    });
    expect(Object.values(next.networkInterfaces)[0]?.publicIp).toMatch(/^198\.18\./);
  });
  test('a load balancer, a database and an Auto Scaling group without subnets', () => {
    const { region: next } = stackOf(
      `Resources:
  L: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  D: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.t3.micro, MasterUsername: a, MasterUserPassword: hunter22}}
  C: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro}}
  A: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 1, LaunchConfigurationName: !Ref C, AvailabilityZones: [us-east-1c]}}`,
      {},
      region,
    );
    expect(Object.values(next.loadBalancers)[0]?.zones).toHaveLength(3);
    expect(Object.values(next.dbInstances)[0]).toMatchObject({
      vpcId: vpc?.id,
      publiclyAccessible: true,
    });
    expect(Object.values(next.instances)[0]?.subnetId).toBe(subnets[2]?.id);
  });
  test('a region whose default VPC was deleted says so', () => {
    expect(refusal(`Resources:\n  ${INSTANCE}}}`)).toEqual([
      'Resources.W.Properties.SubnetId: The instance would go to the default VPC, and this region has none. Give the SubnetId of a subnet.',
    ]);
  });
});

test('one that nothing uses is in no answer and in no lab; one in use is', () => {
  expect(withoutUnusedDefaultVpc(region)).toEqual({
    ...emptyRegion('us-east-1'),
    parameters: region.parameters,
    prefixLists: region.prefixLists,
    keyPairs: region.keyPairs,
  });
  expect([...compile(region).vpcRanges.keys()]).toEqual([]);
  expect(planFabric('lab', region)).toEqual(planFabric('lab', emptyRegion('us-east-1')));
  const { region: used } = stackOf(`Resources:\n  ${INSTANCE}}}`, {}, region);
  expect(withoutUnusedDefaultVpc(used)).toBe(used);
  expect([...compile(used).vpcRanges.keys()]).toEqual([vpc?.id]);
});

describe('parameters without a value', () => {
  const text = `
Parameters:
  Key: {Type: AWS::EC2::KeyPair::KeyName}
  Vpc: {Type: AWS::EC2::VPC::Id}
  One: {Type: AWS::EC2::Subnet::Id}
  Two: {Type: AWS::EC2::Subnet::Id}
  All: {Type: List<AWS::EC2::Subnet::Id>}
  Zone: {Type: AWS::EC2::AvailabilityZone::Name}
  Image: {Type: AWS::EC2::Image::Id}
  Group: {Type: AWS::EC2::SecurityGroup::Id}
Resources: {W: {Type: AWS::EC2::InternetGateway}}`;
  test('are what the region has, and that is said', () => {
    const result = stackOf(text, {}, region);
    const ids = subnets.map(({ id }) => id);
    expect(result.stack.parameters).toMatchObject({
      ...{ Key: 'onsil', Vpc: vpc?.id, One: ids[0], Two: ids[1], All: ids, Zone: 'us-east-1a' },
      Image: expect.stringMatching(/^ami-/),
      Group: vpc?.defaultSecurityGroupId,
    });
    expect(warningsOf(result)).toHaveLength(8);
    expect(warningsOf(result)[0]).toBe(
      'Parameters.Key: No value was given: Key is onsil, its only key pair.',
    );
  });
  test('the VPC that somebody made goes before the default one', () => {
    const made = stackOf(
      'Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}',
      { stackName: 'first' },
      region,
    );
    const wish =
      'Parameters: {Vpc: {Type: AWS::EC2::VPC::Id}}\nResources: {W: {Type: AWS::EC2::InternetGateway}}';
    const { stack } = stackOf(wish, {}, made.region);
    expect(stack.parameters['Vpc']).toBe(made.stack.resources['V']?.physicalId);
    const third = stackOf(
      'Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}}',
      { stackName: 'second' },
      made.region,
    );
    expect(refusal(wish, {}, third.region)).toEqual([
      `Parameters.Vpc: The parameter (AWS::EC2::VPC::Id) has no value and no default. This region has ${Object.keys(third.region.vpcs).join(', ')}; choose one. Give it one: Vpc=…`,
    ]);
  });
});
