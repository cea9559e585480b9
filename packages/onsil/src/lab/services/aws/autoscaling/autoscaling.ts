/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html */
import type {
  AutoScalingGroup,
  LaunchConfiguration,
  ScalingPolicy,
} from '../../../../region/auto-scaling-group.ts';
import type { Region } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, structures, text, texts } from '../value.ts';

const PAGE = 50;
const MOST = 100;

function lists<T>(
  member: string,
  names: string | undefined,
  nameOf: (thing: T) => string,
  all: (region: Region) => readonly T[],
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
      const kept = all(call.region).filter(
        (each) => wanted.length === 0 || wanted.includes(nameOf(each)),
      );
      const size = Math.min(number(input, 'MaxRecords') ?? PAGE, MOST);
      const page = pageOf(kept, { size, token: text(input, 'NextToken') });
      return { [member]: page.items.map((each) => print(each, call)), NextToken: page.next };
    },
  };
}

/** A group with one of its instances. */
interface Member {
  readonly group: AutoScalingGroup;
  readonly id: string;
}

const membersOf = (group: AutoScalingGroup): readonly Member[] =>
  group.instanceIds.map((id) => ({ group, id }));

export const autoscaling: ServiceDefinition = {
  prefix: 'autoscaling',
  operations: {
    DescribeAutoScalingGroups: lists(
      'AutoScalingGroups',
      'AutoScalingGroupNames',
      ({ name }) => name,
      ({ autoScalingGroups }) => Object.values(autoScalingGroups),
      printGroup,
    ),
    DescribeAutoScalingInstances: lists<Member>(
      'AutoScalingInstances',
      'InstanceIds',
      ({ id }) => id,
      ({ autoScalingGroups }) => Object.values(autoScalingGroups).flatMap(membersOf),
      (member, call) => ({
        AutoScalingGroupName: member.group.name,
        ...printMember(member, call),
        HealthStatus: 'HEALTHY',
      }),
    ),
    DescribeLaunchConfigurations: lists(
      'LaunchConfigurations',
      'LaunchConfigurationNames',
      ({ name }) => name,
      ({ launchConfigurations }) => Object.values(launchConfigurations),
      printConfiguration,
    ),
    DescribePolicies: lists<ScalingPolicy>(
      'ScalingPolicies',
      'PolicyNames',
      ({ name }) => name,
      ({ scalingPolicies }) => Object.values(scalingPolicies),
      ({ arn, name, autoScalingGroupName, policyType }) => ({
        ...{ AutoScalingGroupName: autoScalingGroupName, PolicyName: name, PolicyARN: arn },
        PolicyType: policyType,
      }),
    ),
    /** The lab does not scale: nothing has happened. */
    DescribeScalingActivities: { handle: () => ({ Activities: [] }) },
  },
};

function templateOf(region: Region, group: AutoScalingGroup): Structure {
  const { launch } = group;
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
    ...{ ...templateOf(region, group), MinSize: group.minSize, MaxSize: group.maxSize },
    ...{ DesiredCapacity: group.desiredCapacity, DefaultCooldown: 300 },
    ...{ AvailabilityZones: [...new Set(zones)], LoadBalancerNames: group.loadBalancerNames },
    ...{ TargetGroupARNs: group.targetGroupArns, HealthCheckType: group.healthCheckType },
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: membersOf(group).map((each) => printMember(each, call)),
    ...{ CreatedTime: context.control.startedAt, SuspendedProcesses: [], EnabledMetrics: [] },
    VPCZoneIdentifier: group.subnetIds.join(','),
    Tags: group.tags.map(({ key, value, propagateAtLaunch }) => ({
      ...{ ResourceId: group.name, ResourceType: 'auto-scaling-group', Key: key, Value: value },
      PropagateAtLaunch: propagateAtLaunch,
    })),
    ...{ TerminationPolicies: ['Default'], NewInstancesProtectedFromScaleIn: false },
    ServiceLinkedRoleARN: `arn:aws:iam::${region.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  };
}

function printMember({ group, id }: Member, { region, context }: Call): Structure {
  const instance = region.instances[id];
  const state = instance === undefined ? 'terminated' : context.control.state(id);
  return {
    ...{
      InstanceId: id,
      InstanceType: instance?.instanceType,
      AvailabilityZone: instance?.zone ?? '',
    },
    LifecycleState:
      state === 'running' ? 'InService' : state === 'pending' ? 'Pending' : 'Terminating',
    ...{ HealthStatus: state === 'running' ? 'Healthy' : 'Unhealthy', ProtectedFromScaleIn: false },
    ...templateOf(region, group),
  };
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
