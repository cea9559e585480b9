/** Groups, their instances, and what they launch, as the API tells them. */
import {
  type AutoScalingGroup,
  type GroupMember,
  type Launch,
  type LaunchConfiguration,
  SCALING_PROCESSES,
  type ScalingPolicy,
} from '../../../../region/auto-scaling-group.ts';
import type { Region } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, structures, text, texts } from '../value.ts';

const PAGE = 50;
const MOST = 100;

/** @param names the member of the request that asks by name */
export function lists<T>(
  member: string,
  names: string | undefined,
  nameOf: (thing: T) => string,
  all: (call: Call, input: Structure) => readonly T[],
  print: (thing: T, call: Call) => Structure,
): Operation {
  return {
    handle: (input, call) => {
      const [filter] = structures(input, 'Filters');
      if (filter !== undefined)
        throw new AwsError(
          400,
          'ValidationError',
          'The lab does not have Filters here: ask by name.',
        );
      const wanted = names === undefined ? [] : texts(input, names);
      const kept = all(call, input).filter(
        (each) => wanted.length === 0 || wanted.includes(nameOf(each)),
      );
      const size = Math.min(number(input, 'MaxRecords') ?? PAGE, MOST);
      const page = pageOf(kept, { size, token: text(input, 'NextToken') });
      return { [member]: page.items.map((each) => print(each, call)), NextToken: page.next };
    },
  };
}

/** A group with one of its instances. */
interface Owned {
  readonly group: AutoScalingGroup;
  readonly member: GroupMember;
}

const ownedBy = (group: AutoScalingGroup): readonly Owned[] =>
  group.members.map((member) => ({ group, member }));

export const describeOperations: Operations = {
  DescribeAutoScalingGroups: lists(
    'AutoScalingGroups',
    'AutoScalingGroupNames',
    ({ name }) => name,
    ({ region }) => Object.values(region.autoScalingGroups),
    printGroup,
  ),
  DescribeAutoScalingInstances: lists<Owned>(
    'AutoScalingInstances',
    'InstanceIds',
    ({ member }) => member.id,
    ({ region }) => Object.values(region.autoScalingGroups).flatMap(ownedBy),
    ({ group, member }, call) => ({
      AutoScalingGroupName: group.name,
      ...printMember(member, call),
      HealthStatus: healthOf(member, call).toUpperCase(),
    }),
  ),
  DescribeLaunchConfigurations: lists(
    'LaunchConfigurations',
    'LaunchConfigurationNames',
    ({ name }) => name,
    ({ region }) => Object.values(region.launchConfigurations),
    printConfiguration,
  ),
  DescribePolicies: lists<ScalingPolicy>(
    'ScalingPolicies',
    'PolicyNames',
    ({ name }) => name,
    ({ region }) => Object.values(region.scalingPolicies),
    ({ arn, name, autoScalingGroupName, policyType }) => ({
      ...{ AutoScalingGroupName: autoScalingGroupName, PolicyName: name, PolicyARN: arn },
      PolicyType: policyType,
    }),
  ),
  DescribeScalingProcessTypes: {
    handle: () => ({ Processes: SCALING_PROCESSES.map((name) => ({ ProcessName: name })) }),
  },
};

function printLaunch(region: Region, launch: Launch | undefined): Structure {
  if (launch === undefined) return {};
  if (launch.kind === 'launch-configuration') return { LaunchConfigurationName: launch.name };
  const { id, version } = launch;
  const name = region.launchTemplates[id]?.name;
  return {
    LaunchTemplate: { LaunchTemplateId: id, LaunchTemplateName: name, Version: version },
  };
}

function printGroup(group: AutoScalingGroup, call: Call): Structure {
  const { region, context } = call;
  const zones = group.subnetIds.flatMap((id) => region.subnets[id]?.zone ?? []);
  return {
    ...{ AutoScalingGroupName: group.name, AutoScalingGroupARN: group.arn },
    ...{ ...printLaunch(region, group.launch), MinSize: group.minSize, MaxSize: group.maxSize },
    ...{ DesiredCapacity: group.desiredCapacity, DefaultCooldown: 300 },
    ...{ AvailabilityZones: [...new Set(zones)], LoadBalancerNames: group.loadBalancerNames },
    ...{ TargetGroupARNs: group.targetGroupArns, HealthCheckType: group.healthCheckType },
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: group.members.map((each) => printMember(each, call)),
    ...{ CreatedTime: context.control.startedAt, EnabledMetrics: [] },
    SuspendedProcesses: group.suspendedProcesses.map((name) => ({
      ...{ ProcessName: name, SuspensionReason: 'User suspended' },
    })),
    VPCZoneIdentifier: group.subnetIds.join(','),
    Tags: group.tags.map(({ key, value, propagateAtLaunch }) => ({
      ...{ ResourceId: group.name, ResourceType: 'auto-scaling-group', Key: key, Value: value },
      PropagateAtLaunch: propagateAtLaunch,
    })),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ServiceLinkedRoleARN: `arn:aws:iam::${region.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  };
}

function printMember(member: GroupMember, call: Call): Structure {
  const { region } = call;
  const instance = region.instances[member.id];
  return {
    ...{ InstanceId: member.id, InstanceType: instance?.instanceType },
    ...{ AvailabilityZone: instance?.zone ?? '', LifecycleState: member.state },
    HealthStatus: healthOf(member, call),
    ProtectedFromScaleIn: member.protectedFromScaleIn,
    ...printLaunch(region, member.launch),
  };
}

/** One that does not run is unhealthy, whatever was said of it. */
function healthOf({ id, health, state }: GroupMember, call: Call): GroupMember['health'] {
  if (state === 'Pending') return 'Healthy';
  const isThere = call.region.instances[id] !== undefined;
  const power = isThere ? call.context.control.state(id) : 'terminated';
  return power === 'running' || power === 'pending' ? health : 'Unhealthy';
}

function printConfiguration(
  { name, arn, data }: LaunchConfiguration,
  { context }: Call,
): Structure {
  const own = (member: string): string => (typeof data[member] === 'string' ? data[member] : '');
  const groups = data['SecurityGroups'];
  return {
    ...{ LaunchConfigurationName: name, LaunchConfigurationARN: arn, ImageId: own('ImageId') },
    ...{ InstanceType: own('InstanceType'), KeyName: own('KeyName') },
    SecurityGroups: Array.isArray(groups) ? groups.map(String) : [],
    ...{ CreatedTime: context.control.startedAt, BlockDeviceMappings: [], EbsOptimized: false },
    UserData: own('UserData'),
  };
}
