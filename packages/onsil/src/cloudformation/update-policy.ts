/**
 * How an Auto Scaling group is updated.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
import { isList, type Json, type JsonMap } from '../region/json.ts';
import type { PropertyChange } from './change.ts';
import type { StackResource } from './create-resource.ts';
import { partOf, secondsOf } from './creation-policy.ts';

export interface RollingUpdate {
  readonly minInService: number;
  readonly maxBatch: number;
  /** Seconds to wait after each batch; at most, where signals are waited for. */
  readonly pause: number;
  readonly waitsForSignals: boolean;
  readonly minSuccessfulPercent: number;
  /** Processes of Auto Scaling that rest meanwhile, as they are written. */
  readonly suspended: readonly string[];
}

/** Nothing where the group keeps its instances over an update. */
export function rollingUpdateOf(policy: Json | undefined): RollingUpdate | undefined {
  const own = partOf(policy, 'AutoScalingRollingUpdate');
  if (own === undefined) return undefined;
  const waitsForSignals = isTrue(own, 'WaitOnResourceSignals');
  const suspended = own['SuspendProcesses'];
  return {
    minInService: Number(own['MinInstancesInService'] ?? 0),
    maxBatch: Math.max(1, Number(own['MaxBatchSize'] ?? 1)),
    pause: secondsOf(String(own['PauseTime'] ?? (waitsForSignals ? 'PT5M' : 'PT0S'))),
    waitsForSignals,
    minSuccessfulPercent: Number(own['MinSuccessfulInstancesPercent'] ?? 100),
    suspended: suspended !== undefined && isList(suspended) ? suspended.map(String) : [],
  };
}

/** Whether sizes that the template did not change are left as they are now. */
export function keepsUnmodifiedSizes(policy: Json | undefined): boolean {
  const own = partOf(policy, 'AutoScalingScheduledAction');
  return own !== undefined && isTrue(own, 'IgnoreUnmodifiedGroupSizeProperties');
}

/** Changes that mean other instances. */
const OF_INSTANCES: ReadonlySet<string> = new Set([
  ...['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy'],
  ...['PlacementGroup', 'VPCZoneIdentifier'],
]);

/** Whether a group's own policy asks for a new group with new instances. */
export function isReplacedByPolicy(
  { type, updatePolicy }: Pick<StackResource, 'type' | 'updatePolicy'>,
  changes: readonly Pick<PropertyChange, 'property'>[],
): boolean {
  if (type !== 'AWS::AutoScaling::AutoScalingGroup') return false;
  const own = partOf(updatePolicy, 'AutoScalingReplacingUpdate');
  return (
    own !== undefined &&
    isTrue(own, 'WillReplace') &&
    changes.some(({ property }) => OF_INSTANCES.has(property))
  );
}

const isTrue = (part: JsonMap, name: string): boolean =>
  String(part[name] ?? 'false').toLowerCase() === 'true';
