import { expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const LAUNCH = `
Config:
  Type: AWS::AutoScaling::LaunchConfiguration
  Properties: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro, SecurityGroups: [!Ref Group], AssociatePublicIpAddress: 'true'}
`;
const group = (properties: string) => `${LAUNCH}
Workers:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: '2', MaxSize: '4', LaunchConfigurationName: !Ref Config, ${properties}}
`;

test('its instances are instances of the region, spread over its subnets', () => {
  const result = stackOf(
    inVpc(
      group(
        `VPCZoneIdentifier: [!Ref Public, !Ref Private], DesiredCapacity: '3', Tags: [{Key: Role, Value: w, PropagateAtLaunch: true}, {Key: Cost, Value: c, PropagateAtLaunch: false}]`,
      ),
    ),
  );
  const { region, stack } = result;
  expect(warningsOf(result)).toEqual([]);
  const instances = Object.values(region.instances);
  const id = (name: string) => stack.resources[name]?.physicalId;
  expect(instances.map(({ name, subnetId }) => [name, subnetId])).toEqual([
    ['Workers-1', id('Public')],
    ['Workers-2', id('Private')],
    ['Workers-3', id('Public')],
  ]);
  const name = id('Workers') ?? '';
  expect(instances[0]).toMatchObject({
    autoScalingGroupName: name,
    instanceType: 't3.micro',
    tags: {
      ...{ Role: 'w', 'aws:autoscaling:groupName': name },
      ...{ 'aws:cloudformation:logical-id': 'Workers', 'aws:cloudformation:stack-id': stack.id },
      'aws:cloudformation:stack-name': stack.name,
    },
  });
  expect(instances[0]?.tags).not.toHaveProperty('Cost');
  expect(region.autoScalingGroups[name]).toMatchObject({
    ...{ minSize: 2, maxSize: 4, desiredCapacity: 3 },
    members: instances.map((each) => ({ id: each.id, state: 'InService' })),
  });
  const [first] = instances;
  const own = region.networkInterfaces[first?.networkInterfaceIds[0] ?? ''];
  expect(own?.securityGroupIds).toEqual([id('Group')]);
  expect(own?.publicIp).toMatch(/^198\.18\./);
});

test('the desired capacity is the least one where it is left out', () => {
  const { region } = stackOf(inVpc(group('VPCZoneIdentifier: [!Ref Private]')));
  expect(Object.values(region.instances).map(({ name }) => name)).toEqual([
    'Workers-1',
    'Workers-2',
  ]);
});

test('a launch template, also in a mixed policy, whose override names the type', () => {
  const { region } = stackOf(
    inVpc(`
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties: {LaunchTemplateData: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro, NetworkInterfaces: [{DeviceIndex: 0, Groups: [!Ref Group], AssociatePublicIpAddress: false}]}}
Workers:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 1
    MaxSize: 1
    VPCZoneIdentifier: [!Ref Public]
    MixedInstancesPolicy:
      LaunchTemplate:
        LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
        Overrides: [{InstanceType: m5.large}, {InstanceType: m4.large}]`),
  );
  expect(Object.values(region.instances)).toMatchObject([{ instanceType: 'm5.large' }]);
  expect(Object.values(region.networkInterfaces)[0]?.publicIp).toBeUndefined();
});

test.each([
  [
    'VPCZoneIdentifier: [!Ref Private], DesiredCapacity: 5',
    'Resources.Workers.Properties.DesiredCapacity: 5 is not from MinSize, 2, to MaxSize, 4.',
  ],
  [
    'AvailabilityZones: [ap-northeast-2a]',
    'Resources.Workers.Properties.VPCZoneIdentifier: The group names no subnet, and the default VPC has none for it. Give the ids of subnets.',
  ],
])('refuses %s', (properties, message) => {
  expect(refusal(inVpc(group(properties)))).toEqual([message]);
});

test('what is wrong with what it launches is told at the group', () => {
  const text = inVpc(
    group('VPCZoneIdentifier: [!Ref Private]').replace("'true'}", "'true', KeyName: x}"),
  );
  expect(new Set(refusal(text))).toEqual(
    new Set([
      'Resources.Workers.Properties.KeyName: "x" is not a key pair of this region; it has operator. Add an AWS::EC2::KeyPair with PublicKeyMaterial, or name one that exists.',
    ]),
  );
});

test('policies and hooks are kept, not run', () => {
  const result = stackOf(
    inVpc(`${group('VPCZoneIdentifier: [!Ref Private]')}
Policy:
  Type: AWS::AutoScaling::ScalingPolicy
  Properties: {AutoScalingGroupName: !Ref Workers, AdjustmentType: ChangeInCapacity, ScalingAdjustment: 1}
Hook:
  Type: AWS::AutoScaling::LifecycleHook
  Properties: {AutoScalingGroupName: !Ref Workers, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING"}`),
  );
  expect(Object.values(result.region.scalingPolicies)).toHaveLength(1);
  expect(Object.values(result.region.lifecycleHooks)).toHaveLength(1);
  expect(warningsOf(result)).toEqual([
    'Resources.Policy: AWS::AutoScaling::ScalingPolicy is not modelled: it is recorded, not run.',
    'Resources.Hook: AWS::AutoScaling::LifecycleHook is not modelled: it is recorded, not run.',
  ]);
});
