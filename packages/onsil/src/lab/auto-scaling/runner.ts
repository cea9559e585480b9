/** What a stack does to an Auto Scaling group: it waits until the group is as the template says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { creationPolicyOf } from '../../cloudformation/creation-policy.ts';
import {
  keepsUnmodifiedSizes,
  type RollingUpdate,
  rollingUpdateOf,
} from '../../cloudformation/update-policy.ts';
import { outdatedIds } from '../../region/auto-scaling/rolling-update.ts';
import {
  type AutoScalingGroup,
  SCALING_PROCESSES,
  type ScalingProcess,
} from '../../region/auto-scaling-group.ts';
import type { Instance } from '../../region/instance.ts';
import { isEqual } from '../../region/merge.ts';
import { put } from '../../region/region.ts';
import type { Runner } from '../daemon/applier.ts';
import { reasonFor, type SignalBox } from '../daemon/signals.ts';
import type { Work } from '../stacks/applier.ts';
import { signalKey } from '../stacks/signal-key.ts';
import { isActive } from './decide.ts';
import type { AutoScalingGroups, Hands } from './groups.ts';
import { roll } from './rolling-update.ts';

export interface GroupRunnerOptions {
  readonly groups: AutoScalingGroups;
  readonly hands: Pick<Hands, 'region' | 'change'>;
  readonly signals: SignalBox;
  /** Whether an instance starts set up: then it sends no signals. */
  readonly isKept: (instance: Instance) => Promise<boolean>;
}

type Sizes = Pick<AutoScalingGroup, 'minSize' | 'maxSize' | 'desiredCapacity'>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-autoscalinggroup.html */
export function groupRunner(options: GroupRunnerOptions): Runner {
  const { groups, hands, signals } = options;
  /** What an update set besides what the template changed, by name: for its rollback. */
  const former = new Map<string, Partial<Sizes>>();

  const set = (name: string, what: (group: AutoScalingGroup) => Partial<AutoScalingGroup>) =>
    hands.change((region) => {
      const group = region.autoScalingGroups[name];
      if (group === undefined) return region;
      return put(region, 'autoScalingGroups', name, { ...group, ...what(group) });
    });

  /** Those that start set up have signalled when they were. */
  const signalForKept = async (key: string, instanceIds: readonly string[]): Promise<void> => {
    for (const uniqueId of instanceIds) {
      const instance = hands.region().instances[uniqueId];
      if (instance === undefined || !(await options.isKept(instance))) continue;
      signals.receive(key, { status: 'SUCCESS', reason: 'set up before', uniqueId });
    }
  };

  const update = async (work: Work): Promise<void> => {
    const { resource, before, isRollback } = work;
    const name = resource.physicalId;
    // What failed may have had a policy that the former template has not.
    const policy = resource.updatePolicy ?? (isRollback ? before?.updatePolicy : undefined);
    await groups.exclusive(name, async () => {
      const group = groups.group(name);
      if (group === undefined) return;
      const sizes = isRollback ? former.get(name) : sizesOf(group, resource, before);
      former.delete(name);
      // What the template changed, the engine puts back; what was only reset to it, nobody else.
      if (!isRollback) former.set(name, unmodified(group, resource, before));
      await set(name, () => sizes ?? {});
      const rolling = rollingUpdateOf(policy);
      if (rolling !== undefined) await rollUnder(rolling, work);
    });
    await groups.settle(name);
  };

  const rollUnder = async (policy: RollingUpdate, work: Work): Promise<void> => {
    const { resource, stackName, signal, tell = () => {} } = work;
    const name = resource.physicalId;
    const group = groups.group(name);
    const outdated = group === undefined ? [] : outdatedIds(hands.region(), group);
    if (group === undefined || outdated.length === 0) return;
    const key = signalKey(stackName, resource.logicalId);
    const { waitsForSignals, pause, minSuccessfulPercent } = policy;
    // A share of all of them may fail to signal, whichever batch they are in.
    const all = outdated.length;
    const mayFail = all - Math.ceil((all * minSuccessfulPercent) / 100);
    let failed = 0;
    const wait = async (ids: readonly string[]): Promise<void> => {
      if (!waitsForSignals) {
        await sleep(pause * 1000, undefined, { signal }).catch(() => {});
        return;
      }
      tell(
        `New instance(s) added to autoscaling group - Waiting on ${ids.length} resource ` +
          `signal(s) with a timeout of PT${pause}S.`,
      );
      await signalForKept(key, ids);
      const { logicalId } = resource;
      const condition = { logicalId, handleId: key, timeout: pause, count: ids.length };
      failed += await signals.tally(condition, mayFail - failed, signal);
      if (failed <= mayFail) return;
      throw new Error(
        `Received ${failed} FAILURE signal(s) out of ${all}. Unable to satisfy ` +
          `${minSuccessfulPercent}% MinSuccessfulInstancesPercent requirement`,
      );
    };
    const resting = policy.suspended
      .filter(isProcess)
      .filter((process) => !group.suspendedProcesses.includes(process));
    await set(name, ({ suspendedProcesses }) => ({
      suspendedProcesses: [...suspendedProcesses, ...resting],
    }));
    try {
      const begin = (): void => signals.forget(key);
      const by = 'an update of its stack';
      await roll(groups, name, { policy, outdated, by, begin, wait, tell, signal });
    } finally {
      await set(name, ({ suspendedProcesses }) => ({
        suspendedProcesses: suspendedProcesses.filter((each) => !resting.includes(each)),
      }));
    }
  };

  return {
    create: async ({ resource, stackName, signal }) => {
      const name = resource.physicalId;
      const key = signalKey(stackName, resource.logicalId);
      signals.forget(key);
      groups.open(name);
      await groups.settle(name);
      const policy = creationPolicyOf(resource.creationPolicy);
      if (policy === undefined) return;
      const ids = groups.group(name)?.members.map(({ id }) => id) ?? [];
      await signalForKept(key, ids);
      const condition = { logicalId: resource.logicalId, handleId: key, ...policy };
      await signals.wait(condition, signal).catch((cause: unknown) => {
        throw reasonFor(cause, 'resource');
      });
    },
    update,
    remove: ({ resource }) => groups.close(resource.physicalId),
  };
}

/** The sizes of the template; without a DesiredCapacity the group keeps the one that it has. */
function sizesOf(
  group: AutoScalingGroup,
  { properties, updatePolicy }: StackResource,
  before: StackResource | undefined,
): Sizes {
  const keeps = keepsUnmodifiedSizes(updatePolicy);
  const wanted = (name: string, now: number): number => {
    const given = properties[name];
    if (given === undefined) return now;
    return keeps && isEqual(given, before?.properties[name]) ? now : Number(given);
  };
  const minSize = wanted('MinSize', group.minSize);
  const maxSize = wanted('MaxSize', group.maxSize);
  const active = group.members.filter(isActive).length;
  const now = properties['DesiredCapacity'] === undefined ? active : group.desiredCapacity;
  const desired = wanted('DesiredCapacity', now);
  return { minSize, maxSize, desiredCapacity: Math.min(Math.max(desired, minSize), maxSize) };
}

/** The sizes that an update sets though the template has not changed them. */
function unmodified(
  { minSize, maxSize, desiredCapacity }: AutoScalingGroup,
  { properties }: StackResource,
  before: StackResource | undefined,
): Partial<Sizes> {
  const isSame = (name: string): boolean => isEqual(properties[name], before?.properties[name]);
  const given = properties['DesiredCapacity'] !== undefined;
  const sameDesired = isSame('DesiredCapacity') && (given || isSame('MinSize'));
  return {
    ...(isSame('MinSize') ? { minSize } : {}),
    ...(isSame('MaxSize') ? { maxSize } : {}),
    ...(sameDesired ? { desiredCapacity } : {}),
  };
}

const isProcess = (name: string): name is ScalingProcess =>
  (SCALING_PROCESSES as readonly string[]).includes(name);
