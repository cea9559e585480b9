import { put } from '../region.ts';
import { arnOf, nameOf, type ResourceType } from './resource-type.ts';

/**
 * Kept, not run: nothing measures the load here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-scalingpolicy.html
 */
export const scalingPolicy: ResourceType = {
  type: 'AWS::AutoScaling::ScalingPolicy',
  recorded: true,
  properties: {
    real: ['AutoScalingGroupName', 'PolicyType'],
    recorded: [
      'AdjustmentType',
      'Cooldown',
      'EstimatedInstanceWarmup',
      'MetricAggregationType',
      'MinAdjustmentMagnitude',
      'PredictiveScalingConfiguration',
      'ScalingAdjustment',
      'StepAdjustments',
      'TargetTrackingConfiguration',
    ],
  },
  create(region, properties, context) {
    const group = properties.reference(
      'AutoScalingGroupName',
      region.autoScalingGroups,
      'Auto Scaling group',
    );
    const name = nameOf(context, 255);
    const policyType = properties.text('PolicyType') ?? 'SimpleScaling';
    properties.check();
    const place = `scalingPolicy:*:autoScalingGroupName/${group.name}:policyName/${name}`;
    const arn = arnOf(context, 'autoscaling', place);
    const made = { arn, name, autoScalingGroupName: group.name, policyType };
    return {
      region: put(region, 'scalingPolicies', arn, made),
      physicalId: arn,
      attributes: { Arn: arn, PolicyName: name },
      status: 'recorded',
    };
  },
};

/** Kept, not run. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-lifecyclehook.html */
export const lifecycleHook: ResourceType = {
  type: 'AWS::AutoScaling::LifecycleHook',
  recorded: true,
  properties: {
    real: ['AutoScalingGroupName', 'LifecycleHookName', 'LifecycleTransition'],
    recorded: [
      'DefaultResult',
      'HeartbeatTimeout',
      'NotificationMetadata',
      'NotificationTargetARN',
      'RoleARN',
    ],
  },
  create(region, properties, context) {
    const group = properties.reference(
      'AutoScalingGroupName',
      region.autoScalingGroups,
      'Auto Scaling group',
    );
    const name = properties.text('LifecycleHookName') ?? nameOf(context, 255);
    const transition = properties.requiredText('LifecycleTransition');
    properties.check();
    const made = { name, autoScalingGroupName: group.name, transition };
    return {
      region: put(region, 'lifecycleHooks', `${group.name}/${name}`, made),
      physicalId: name,
      attributes: { LifecycleHookName: name },
      status: 'recorded',
    };
  },
};
