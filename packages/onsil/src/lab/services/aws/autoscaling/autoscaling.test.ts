import AutoScaling from 'aws-sdk/clients/autoscaling.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stackOf } from '../../../../cloudformation/testing.ts';
import { template } from '../../../auto-scaling/testing-template.ts';
import { startTestLab, type TestLab } from '../testing.ts';

// It is the one client of this service here, and old; that is no news.
process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1';

const AutoScalingGroupName = 'workers';
const SIZES = "MinSize: '1', MaxSize: '3', DesiredCapacity: '2'";

let lab: TestLab;
let client: AutoScaling;

beforeEach(async () => {
  const others = `Loose: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, SubnetId: !Ref Private}}`;
  const more = `AutoScalingGroupName: ${AutoScalingGroupName}, HealthCheckGracePeriod: 0`;
  const { region } = stackOf(template({ more, others, sizes: SIZES }));
  lab = await startTestLab(region);
  const { credentials, ...options } = lab.client;
  client = new AutoScaling({ ...options, ...credentials, maxRetries: 0 });
});
afterEach(async () => {
  await lab.close();
  expect(lab.errors).toEqual([]);
});

async function group(): Promise<AutoScaling.AutoScalingGroup> {
  const { scaling } = lab.context.control;
  // What the group does by itself is done.
  for (const _ of [1, 2]) await scaling.exclusive(AutoScalingGroupName, () => Promise.resolve());
  const { AutoScalingGroups } = await client.describeAutoScalingGroups().promise();
  const [found] = AutoScalingGroups;
  if (found === undefined) throw new Error('there is no group');
  return found;
}

const nameOf = (id: string): string => lab.region().instances[id]?.name ?? 'gone';
const idOf = (name: string): string =>
  Object.values(lab.region().instances).find((each) => each.name === name)?.id ?? 'i-none';

/** `Workers-1 InService Healthy` … */
const members = async (): Promise<readonly string[]> =>
  ((await group()).Instances ?? []).map(({ InstanceId, LifecycleState, HealthStatus }) =>
    [nameOf(InstanceId), LifecycleState, HealthStatus].join(' '),
  );
const refused = (work: { promise(): Promise<unknown> }, message: string) =>
  expect(work.promise()).rejects.toMatchObject({
    ...{ code: 'ValidationError', message: expect.stringContaining(message) },
  });
const both = ['Workers-1 InService Healthy', 'Workers-2 InService Healthy'];

test('a group and its instances, as they are', async () => {
  const found = await group();
  expect(found).toMatchObject({
    ...{ MinSize: 1, MaxSize: 3, DesiredCapacity: 2, TerminationPolicies: ['Default'] },
    Instances: [
      {
        ...{ LifecycleState: 'InService', HealthStatus: 'Healthy', ProtectedFromScaleIn: false },
        LaunchTemplate: { Version: '1' },
      },
      { InstanceType: 't3.micro' },
    ],
  });
  const { AutoScalingInstances } = await client
    .describeAutoScalingInstances({ InstanceIds: [idOf('Workers-2')] })
    .promise();
  expect(AutoScalingInstances).toMatchObject([
    { AutoScalingGroupName, InstanceId: idOf('Workers-2'), HealthStatus: 'HEALTHY' },
  ]);
});

test('SetDesiredCapacity, within the bounds', async () => {
  const set = (DesiredCapacity: number) =>
    client.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity });
  await set(3).promise();
  expect(await members()).toEqual([...both, 'Workers-3 InService Healthy']);
  await set(1).promise();
  expect(await members()).toHaveLength(1);
  const { Activities } = await client.describeScalingActivities({ AutoScalingGroupName }).promise();
  expect(Activities.map(({ StatusCode, Progress }) => [StatusCode, Progress])).toEqual([
    ...[
      ['Successful', 100],
      ['Successful', 100],
      ['Successful', 100],
    ],
  ]);
  expect(Activities[2]?.Description).toMatch(/^Launching a new EC2 instance: i-/);
  await refused(set(4), 'New SetDesiredCapacity value 4 is above max value 3');
  await refused(set(0), 'New SetDesiredCapacity value 0 is below min value 1');
  const none = client.setDesiredCapacity({ AutoScalingGroupName: 'none', DesiredCapacity: 1 });
  await refused(none, 'AutoScalingGroup name not found - AutoScalingGroup none not found');
});

test('UpdateAutoScalingGroup', async () => {
  const update = (more: Partial<AutoScaling.UpdateAutoScalingGroupType>) =>
    client.updateAutoScalingGroup({ AutoScalingGroupName, ...more });
  await update({ MinSize: 3, MaxSize: 4 }).promise();
  expect(await members()).toHaveLength(3);
  await update({ MinSize: 0, MaxSize: 1, DesiredCapacity: 0 }).promise();
  expect(await members()).toEqual([]);
  const [other] = Object.values(lab.region().subnets);
  await update({
    ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 9, VPCZoneIdentifier: other?.id ?? '' },
    ...{ TerminationPolicies: ['NewestInstance'], NewInstancesProtectedFromScaleIn: true },
  }).promise();
  expect(await group()).toMatchObject({
    ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 9, VPCZoneIdentifier: other?.id },
    ...{ TerminationPolicies: ['NewestInstance'], NewInstancesProtectedFromScaleIn: true },
  });
  await refused(update({ MinSize: 2 }), 'Min bound, 2, must be less than or equal to max bound, 1');
  await refused(update({ DesiredCapacity: 2 }), 'Desired capacity:2 must be between');
  await refused(update({ VPCZoneIdentifier: 'subnet-1' }), "'subnet-1' does not exist");
  await refused(update({ TerminationPolicies: ['Mine'] }), 'Mine is no termination policy');
  await refused(update({ HealthCheckType: 'VPC' }), 'it has EC2 and ELB');
  await refused(update({ MaxInstanceLifetime: 0 }), 'does not change MaxInstanceLifetime');
  const LaunchTemplate = { LaunchTemplateName: 'x', Version: '1' };
  await refused(update({ LaunchTemplate }), 'There is no x with the version 1.');
});

test('what it launches changes for instances to come', async () => {
  const [own] = Object.values(lab.region().launchTemplates);
  const LaunchTemplate = { LaunchTemplateId: own?.id ?? '', Version: '$Latest' };
  await client.updateAutoScalingGroup({ AutoScalingGroupName, LaunchTemplate }).promise();
  expect((await group()).LaunchTemplate).toMatchObject({ Version: '$Latest' });
  expect(await members()).toEqual(both);
});

test('TerminateInstanceInAutoScalingGroup, with a replacement or without', async () => {
  const terminate = (name: string, ShouldDecrementDesiredCapacity: boolean) =>
    client.terminateInstanceInAutoScalingGroup({
      ...{ InstanceId: idOf(name), ShouldDecrementDesiredCapacity },
    });
  const { Activity } = await terminate('Workers-1', false).promise();
  expect(Activity).toMatchObject({ StatusCode: 'InProgress' });
  expect(await members()).toEqual(['Workers-2 InService Healthy', 'Workers-3 InService Healthy']);
  await terminate('Workers-2', true).promise();
  expect(await members()).toEqual(['Workers-3 InService Healthy']);
  await refused(terminate('Workers-3', true), 'Currently, desiredSize equals minSize (1).');
  await refused(terminate('Loose', true), 'No managed instance found');
});

test('an instance leaves the group and comes back', async () => {
  const InstanceIds = [idOf('Workers-1')];
  const which = { AutoScalingGroupName, InstanceIds };
  await client.detachInstances({ ...which, ShouldDecrementDesiredCapacity: true }).promise();
  expect(await members()).toEqual(['Workers-2 InService Healthy']);
  const loose = lab.region().instances[InstanceIds[0] ?? ''];
  expect(loose?.autoScalingGroupName).toBeUndefined();
  expect(loose?.tags).not.toHaveProperty('aws:autoscaling:groupName');
  await client.attachInstances(which).promise();
  expect(await members()).toEqual(both.toReversed());
  const attach = (name: string) =>
    client.attachInstances({ AutoScalingGroupName, InstanceIds: [idOf(name)] });
  await refused(attach('Workers-2'), 'is already part of workers');
  await attach('Loose').promise();
  expect(await members()).toContain('Loose InService Healthy');
  await refused(attach('none'), 'To attach 1 more instance(s), please update');
  const other = client.detachInstances({
    ...{ AutoScalingGroupName, InstanceIds: ['i-1'], ShouldDecrementDesiredCapacity: true },
  });
  await refused(other, 'The instance i-1 is not part of Auto Scaling group workers.');
});

test('one that is detached without fewer to have is replaced', async () => {
  const InstanceIds = [idOf('Workers-1')];
  const { Activities } = await client
    .detachInstances({ AutoScalingGroupName, InstanceIds, ShouldDecrementDesiredCapacity: false })
    .promise();
  expect(Activities?.[0]?.Description).toBe(`Detaching EC2 instance: ${InstanceIds[0]}`);
  expect(await members()).toEqual(['Workers-2 InService Healthy', 'Workers-3 InService Healthy']);
  expect(nameOf(InstanceIds[0] ?? '')).toBe('Workers-1');
});

test('in standby nobody judges an instance, and back it counts again', async () => {
  const InstanceIds = [idOf('Workers-1')];
  const which = { AutoScalingGroupName, InstanceIds };
  await client.enterStandby({ ...which, ShouldDecrementDesiredCapacity: true }).promise();
  await lab.context.control.power(InstanceIds[0] ?? '', 'stop');
  expect(await members()).toEqual([
    ...['Workers-1 Standby Unhealthy', 'Workers-2 InService Healthy'],
  ]);
  const again = client.enterStandby({ ...which, ShouldDecrementDesiredCapacity: true });
  await refused(again, 'is not in InService, but in Standby');
  await lab.context.control.power(InstanceIds[0] ?? '', 'start');
  await client.exitStandby(which).promise();
  expect(await members()).toEqual(both);
  await refused(client.exitStandby(which), 'is not in Standby, but in InService');
});

test('SetInstanceHealth: after the grace period, unless it is told not to mind it', async () => {
  const set = (name: string, HealthStatus: string, more = {}) =>
    client.setInstanceHealth({ InstanceId: idOf(name), HealthStatus, ...more });
  await set('Workers-1', 'Unhealthy').promise();
  expect(await members()).toEqual(['Workers-2 InService Healthy', 'Workers-3 InService Healthy']);
  const HealthCheckGracePeriod = 600;
  await client.updateAutoScalingGroup({ AutoScalingGroupName, HealthCheckGracePeriod }).promise();
  await set('Workers-3', 'Unhealthy').promise();
  expect(await members()).toEqual(['Workers-2 InService Healthy', 'Workers-3 InService Healthy']);
  await set('Workers-3', 'Unhealthy', { ShouldRespectGracePeriod: false }).promise();
  expect(await members()).toEqual(['Workers-2 InService Healthy', 'Workers-4 InService Healthy']);
  await refused(set('Workers-2', 'Ill'), 'Ill is not a valid health status');
});

test('processes rest and go on', async () => {
  const suspended = async () =>
    (await group()).SuspendedProcesses?.map(({ ProcessName }) => ProcessName);
  const ScalingProcesses = ['Launch', 'HealthCheck'];
  await client.suspendProcesses({ AutoScalingGroupName, ScalingProcesses }).promise();
  await client.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: 3 }).promise();
  expect(await members()).toEqual(both);
  await client.resumeProcesses({ AutoScalingGroupName, ScalingProcesses: ['Launch'] }).promise();
  expect(await members()).toHaveLength(3);
  expect(await suspended()).toEqual(['HealthCheck']);
  await client.resumeProcesses({ AutoScalingGroupName }).promise();
  expect(await suspended()).toEqual([]);
  const wrong = client.suspendProcesses({ AutoScalingGroupName, ScalingProcesses: ['Sleep'] });
  await refused(wrong, 'Sleep is no scaling process of the lab');
});

test('a protected instance stays when the group shrinks', async () => {
  const ProtectedFromScaleIn = true;
  const InstanceIds = [idOf('Workers-1')];
  await client
    .setInstanceProtection({ AutoScalingGroupName, InstanceIds, ProtectedFromScaleIn })
    .promise();
  await client.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: 1 }).promise();
  expect(await members()).toEqual(['Workers-1 InService Healthy']);
});

test('what the lab has not is named', async () => {
  const policy = client.executePolicy({ PolicyName: 'x' }).promise();
  await expect(policy).rejects.toMatchObject({ code: 'NotImplemented' });
});
