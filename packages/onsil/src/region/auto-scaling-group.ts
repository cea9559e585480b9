import type { JsonMap } from './json.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html */
export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  /** With the logical id and a number each, what the ids of its instances are drawn from. */
  readonly origin: { readonly stackName: string; readonly generation: number };
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  /** Instances are spread over their zones, and in a zone over its subnets. */
  readonly subnetIds: readonly string[];
  readonly launch: Launch;
  readonly targetGroupArns: readonly string[];
  /** Classic ones, by name. */
  readonly loadBalancerNames: readonly string[];
  /** In the order of their numbers; `servingIds` tells which of them are with target groups. */
  readonly members: readonly GroupMember[];
  /** The number that the last instance got: none is given twice. */
  readonly lastNumber: number;
  readonly healthCheckType: 'EC2' | 'ELB';
  /** Seconds in service before a failed health check counts; one that is not running always does. */
  readonly healthCheckGracePeriod: number;
  /** Tried in their order; those that the lab does not have are left out. */
  readonly terminationPolicies: readonly TerminationPolicy[];
  readonly newInstancesProtected: boolean;
  readonly suspendedProcesses: readonly ScalingProcess[];
  readonly tags: readonly AutoScalingTag[];
}

/** What is launched. An override of a mixed instances policy gives the instance type. */
export type Launch =
  | {
      readonly kind: 'launch-template';
      readonly id: string;
      /** A number, `$Latest` or `$Default`; of a member always a number. */
      readonly version: string;
      readonly instanceType?: string;
    }
  | { readonly kind: 'launch-configuration'; readonly name: string };

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export interface GroupMember {
  /** The instance's. */
  readonly id: string;
  /** What it was launched from; nothing for one that was attached. */
  readonly launch?: Launch;
  readonly state: 'Pending' | 'InService' | 'Standby' | 'Terminating';
  readonly health: 'Healthy' | 'Unhealthy';
  readonly protectedFromScaleIn: boolean;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
export const TERMINATION_POLICIES = [
  ...(['Default', 'OldestInstance', 'NewestInstance', 'OldestLaunchConfiguration'] as const),
  ...(['OldestLaunchTemplate', 'ClosestToNextInstanceHour'] as const),
] as const;
export type TerminationPolicy = (typeof TERMINATION_POLICIES)[number];

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const SCALING_PROCESSES = [
  ...(['Launch', 'Terminate', 'AddToLoadBalancer', 'AlarmNotification', 'AZRebalance'] as const),
  ...(['HealthCheck', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'] as const),
] as const;
export type ScalingProcess = (typeof SCALING_PROCESSES)[number];

/** Those of its instances that are registered with its target groups and load balancers. */
export function servingIds({ members }: Pick<AutoScalingGroup, 'members'>): readonly string[] {
  return members.filter(({ state }) => state === 'InService').map(({ id }) => id);
}

export interface AutoScalingTag {
  readonly key: string;
  readonly value: string;
  /** Whether its instances get the tag. */
  readonly propagateAtLaunch: boolean;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchConfiguration.html */
export interface LaunchConfiguration {
  readonly name: string;
  readonly arn: string;
  /** In the form of an AWS::EC2::Instance. */
  readonly data: JsonMap;
}

/** Kept, not run. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html */
export interface ScalingPolicy {
  readonly arn: string;
  readonly name: string;
  readonly autoScalingGroupName: string;
  readonly policyType: string;
}

/** Kept, not run. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html */
export interface LifecycleHook {
  readonly name: string;
  readonly autoScalingGroupName: string;
  readonly transition: string;
}
