/** A group of machines that keeps itself: it grows, replaces what is dead, and rolls over an update. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, labCommands, onsil, parseEvents, statusOf, succeed } from './support/onsil.ts';
import { smallTemplate } from './support/templates.ts';
import { until } from './support/until.ts';

const LAB = 'e2e-scaling';
const { exec, down } = labCommands(LAB);
let folder = '';

/** What the load balancer asks for. */
const SITE = 'systemd-run --unit=site python3 -m http.server 80 --directory /srv';

/** Two machines in two zones; each says by a signal that it is set up, to whoever waits for it. */
function template(word: string): string {
  const base = JSON.parse(smallTemplate([])) as { Resources: Record<string, unknown> };
  const zone = (Ref: string) => ({ Ref });
  const inVpc = { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' };
  const signal =
    'cfn-signal --stack ${AWS::StackName} --region ${AWS::Region} --resource Workers -e $? || true';
  const policy = { MinInstancesInService: 1, PauseTime: 'PT5M', WaitOnResourceSignals: true };
  return JSON.stringify({
    ...base,
    Resources: {
      ...base.Resources,
      Other: {
        Type: 'AWS::EC2::Subnet',
        Properties: { ...inVpc, AvailabilityZone: { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] } },
      },
      OtherAssociation: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: zone('Other'), RouteTableId: { Ref: 'Table' } },
      },
      Config: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            ...{ ImageId: { Ref: 'Image' }, InstanceType: 't3.micro' },
            NetworkInterfaces: [
              {
                DeviceIndex: 0,
                Groups: [{ Ref: 'Group' }, { Ref: 'Site' }],
                AssociatePublicIpAddress: true,
              },
            ],
            UserData: {
              'Fn::Base64': {
                'Fn::Sub': `#!/bin/bash\necho ${word} > /srv/word\n${SITE}\n${signal}\n`,
              },
            },
          },
        },
      },
      Web: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        DependsOn: 'Route',
        Properties: { Subnets: [zone('Subnet'), zone('Other')], SecurityGroups: [zone('Site')] },
      },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          ...{ LoadBalancerArn: zone('Web'), Port: 80, Protocol: 'HTTP' },
          DefaultActions: [{ Type: 'forward', TargetGroupArn: zone('Target') }],
        },
      },
      Target: {
        Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
        Properties: {
          ...{ VpcId: { Ref: 'Vpc' }, Port: 80, Protocol: 'HTTP' },
          ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 },
          ...{ HealthyThresholdCount: 2, UnhealthyThresholdCount: 2 },
        },
      },
      Site: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          ...{ VpcId: { Ref: 'Vpc' }, GroupDescription: 'web' },
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' },
          ],
        },
      },
      Workers: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        DependsOn: ['Route', 'Association', 'OtherAssociation'],
        CreationPolicy: { ResourceSignal: { Count: 2, Timeout: 'PT5M' } },
        UpdatePolicy: { AutoScalingRollingUpdate: policy },
        Properties: {
          ...{ MinSize: '1', MaxSize: '4', AutoScalingGroupName: 'workers' },
          VPCZoneIdentifier: [zone('Subnet'), zone('Other')],
          LaunchTemplate: {
            LaunchTemplateId: { Ref: 'Config' },
            Version: { 'Fn::GetAtt': ['Config', 'LatestVersionNumber'] },
          },
          DesiredCapacity: '2',
          ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 30 },
          TargetGroupARNs: [zone('Target')],
        },
      },
    },
  });
}

async function up(word: string, ...more: readonly string[]): Promise<Ended> {
  const file = join(folder, 'template.json');
  await writeFile(file, template(word));
  return onsil(['up', '--lab', LAB, '--template', file, '--json', ...more]);
}

/** `onsil aws autoscaling …`, with its answer. */
async function scaling(...words: readonly string[]) {
  const stdout = await succeed(['aws', '--lab', LAB, '--', 'autoscaling', ...words]);
  return stdout === '' ? {} : JSON.parse(stdout);
}

const names = async (): Promise<readonly string[]> =>
  (await statusOf(LAB)).instances
    .filter(({ state, setup }) => state === 'running' && setup === 'done')
    .map(({ name }) => name);

const untilThere = (wanted: readonly string[]) =>
  until(wanted.join(), names, (there) => there.join() === wanted.join());

const idOf = async (name: string): Promise<string> =>
  (await statusOf(LAB)).instances.find((each) => each.name === name)?.id ?? '';

const bootId = async (name: string): Promise<string> =>
  (await exec(name, 'cat', '/proc/sys/kernel/random/boot_id')).stdout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-e2e-scaling-'));
});
afterAll(async () => {
  await down();
  await rm(folder, { recursive: true, force: true });
});

test('its machines run in two zones, and have signalled', async () => {
  const { code, stderr } = await up('first', '--fresh');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await names()).toEqual(['Workers-1', 'Workers-2']);
  const { AutoScalingGroups } = await scaling('describe-auto-scaling-groups');
  expect(AutoScalingGroups).toMatchObject([
    { AutoScalingGroupName: 'workers', DesiredCapacity: 2 },
  ]);
  const zones = AutoScalingGroups[0].Instances.map(
    (each: { AvailabilityZone: string }) => each.AvailabilityZone,
  );
  expect(new Set(zones).size).toBe(2);
});

test('it grows by a call of a client', async () => {
  await scaling(
    'set-desired-capacity',
    '--auto-scaling-group-name=workers',
    '--desired-capacity=3',
  );
  await untilThere(['Workers-1', 'Workers-2', 'Workers-3']);
  expect((await exec('Workers-3', 'cat', '/srv/word')).stdout).toBe('first\n');
});

test('one that goes off is replaced, and nobody else notices', async () => {
  const [other, dead] = await Promise.all([bootId('Workers-2'), idOf('Workers-1')]);
  await exec('Workers-1', 'systemctl', 'poweroff', '--force', '--force');
  await untilThere(['Workers-2', 'Workers-3', 'Workers-4']);
  expect(await bootId('Workers-2')).toBe(other);
  const { Activities } = await scaling('describe-scaling-activities');
  expect(Activities).toContainEqual(
    expect.objectContaining({
      ...{ Description: `Terminating EC2 instance: ${dead}`, StatusCode: 'Successful' },
      Cause: expect.stringContaining('EC2 health check indicating it has been terminated'),
    }),
  );
});

test('one that does not answer its load balancer is replaced, and nobody else notices', async () => {
  const [other, dead] = await Promise.all([bootId('Workers-3'), idOf('Workers-2')]);
  await exec('Workers-2', 'systemctl', 'stop', 'site');
  await untilThere(['Workers-3', 'Workers-4', 'Workers-5']);
  expect(await bootId('Workers-3')).toBe(other);
  const { Activities } = await scaling('describe-scaling-activities');
  expect(Activities).toContainEqual(
    expect.objectContaining({
      ...{ Description: `Terminating EC2 instance: ${dead}`, StatusCode: 'Successful' },
      Cause: expect.stringContaining('ELB system health check failure'),
    }),
  );
});

test('another launch template exchanges its machines one after the other', async () => {
  const { code, stdout, stderr } = await up('second');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await names()).toEqual(['Workers-6', 'Workers-7']);
  for (const name of ['Workers-6', 'Workers-7']) {
    expect((await exec(name, 'cat', '/srv/word')).stdout).toBe('second\n');
  }
  const told = parseEvents(stdout).flatMap((event) =>
    event.kind === 'resource' && event.logicalId === 'Workers' ? (event.reason ?? []) : [],
  );
  const waits =
    'New instance(s) added to autoscaling group - Waiting on 1 resource signal(s) with a timeout of PT300S.';
  expect(told.filter((each) => each === waits)).toHaveLength(2);
  // Nothing of those that are gone is left on the host: two machines, and the load balancer.
  expect(await readdir(`/var/lib/onsil/${LAB}/disks`)).toHaveLength(3);
});
