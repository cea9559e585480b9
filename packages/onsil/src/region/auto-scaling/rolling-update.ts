/**
 * In which steps a group exchanges its instances.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-rollingupdate
 */
import type { AutoScalingGroup } from '../auto-scaling-group.ts';
import { isEqual } from '../merge.ts';
import type { Region } from '../region.ts';
import { currentLaunch } from './launch.ts';

export interface RollingStep {
  /** Ids of instances that go first. */
  readonly terminate: readonly string[];
  /** How many come then. */
  readonly launch: number;
}

export interface RollingInput {
  /** Ids of instances to be exchanged, in the order in which they go. */
  readonly outdated: readonly string[];
  /** How many are as they shall be. */
  readonly current: number;
  readonly desired: number;
  readonly maxSize: number;
  /** Less than maxSize. */
  readonly minInService: number;
  /** At least 1. */
  readonly maxBatch: number;
}

/**
 * The steps in order; in the end there are `desired` instances, all as they shall be. At no time
 * are there more than maxSize, nor fewer than minInService or `desired`, whichever is less. Where
 * the group could not spare a whole batch it grows by new ones first.
 */
export function rollingSteps(input: RollingInput): readonly RollingStep[] {
  const { desired, maxSize, maxBatch } = input;
  const least = Math.min(input.minInService, desired);
  const most = Math.min(maxSize, Math.max(desired, least + maxBatch));
  const steps: RollingStep[] = [];
  let old = input.outdated;
  let current = input.current;
  while (old.length > 0 || current < desired) {
    const there = old.length + current;
    // One too many may always go; else no more than can be spared.
    const spare = Math.max(0, there - least);
    const terminate = old.slice(0, Math.min(maxBatch, spare));
    const room = most - (there - terminate.length);
    const launch = Math.max(0, Math.min(maxBatch, desired - current, room));
    if (terminate.length === 0 && launch === 0) break;
    steps.push({ terminate, launch });
    old = old.slice(terminate.length);
    current += launch;
  }
  return steps;
}

/** Instances of a group that were launched from something else, or where it is no more; in order. */
export function outdatedIds(region: Region, group: AutoScalingGroup): readonly string[] {
  const { launch } = currentLaunch(region, group.launch);
  return group.members
    .filter(({ state }) => state === 'InService' || state === 'Pending')
    .filter((member) => {
      const subnetId = region.instances[member.id]?.subnetId ?? '';
      return !isEqual(member.launch, launch) || !group.subnetIds.includes(subnetId);
    })
    .map(({ id }) => id);
}
