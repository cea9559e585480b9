/** Exchanges the instances of a group in batches, as its update policy says. */
import type { RollingUpdate } from '../../cloudformation/update-policy.ts';
import { rollingSteps } from '../../region/auto-scaling/rolling-update.ts';
import { isActive } from './decide.ts';
import type { AutoScalingGroups } from './groups.ts';

export interface RollOptions {
  readonly policy: Pick<RollingUpdate, 'minInService' | 'maxBatch'>;
  /** Ids of the instances to exchange. */
  readonly outdated: readonly string[];
  /** Who asked for it, as activities give it. */
  readonly by: string;
  /** Called before a batch of new instances is launched. */
  readonly begin?: () => void;
  /** Waits for a batch of new instances. Rejects where they are not as they should be. */
  readonly wait: (instanceIds: readonly string[]) => Promise<void>;
  readonly tell: (what: string) => void;
  /** No further step is begun after it. */
  readonly signal: AbortSignal;
}

/**
 * To be called within `exclusive`. Rejects with the first failure, where it then stands.
 */
export async function roll(
  groups: AutoScalingGroups,
  name: string,
  { policy, outdated, by, begin = () => {}, wait, tell, signal }: RollOptions,
): Promise<void> {
  const group = groups.group(name);
  if (group === undefined) return;
  const { minInService, maxBatch } = policy;
  if (minInService >= group.maxSize) {
    throw new Error(
      `MinInstancesInService, ${minInService}, must be less than the MaxSize of the group, ${group.maxSize}.`,
    );
  }
  const { desiredCapacity: desired, maxSize, members } = group;
  const current = members.filter(isActive).length - outdated.length;
  const steps = rollingSteps({ outdated, current, desired, maxSize, minInService, maxBatch });
  tell(
    `Rolling update initiated. Terminating ${outdated.length} obsolete instance(s) in batches of ` +
      `${maxBatch}, while keeping at least ${minInService} instance(s) in service.`,
  );
  let terminated = 0;
  const causes = {
    terminate: `an instance was taken out of service in response to ${by}`,
    launch: `an instance was started in response to ${by}`,
  };
  for (const step of steps) {
    if (signal.aborted) return;
    const { terminate, launch } = step;
    if (terminate.length > 0) {
      const which = terminate.join(',');
      const more = launch === 0 ? '' : `; replacing with ${launch} new instance(s)`;
      tell(`Terminating instance(s) [${which}]${more}.`);
      await groups.terminate(name, terminate, causes.terminate);
      terminated += terminate.length;
      const percent = Math.round((terminated / outdated.length) * 100);
      tell(`Successfully terminated instance(s) [${which}] (Progress ${percent}%).`);
    }
    if (launch === 0) continue;
    begin();
    const { ids, failures } = await groups.launch(name, launch, causes.launch);
    if (failures.length > 0) throw failures[0];
    await wait(ids);
  }
}
