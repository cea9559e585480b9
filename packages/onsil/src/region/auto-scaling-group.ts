import type { JsonMap } from './json.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html */
export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  /** Instances are spread over them, in order. */
  readonly subnetIds: readonly string[];
  readonly launch:
    | { readonly kind: 'launch-template'; readonly id: string; readonly version: string }
    | { readonly kind: 'launch-configuration'; readonly name: string };
  readonly targetGroupArns: readonly string[];
  /** Classic ones, by name. */
  readonly loadBalancerNames: readonly string[];
  /** Its instances of the region, in the order of their numbers. */
  readonly instanceIds: readonly string[];
  readonly healthCheckType: 'EC2' | 'ELB';
  /** Seconds after a start in which no health check counts. */
  readonly healthCheckGracePeriod: number;
  readonly tags: readonly AutoScalingTag[];
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
