/** What a group does next, of what is known of its instances: a pure decision. */
import { toTerminate } from '../../region/auto-scaling/termination.ts';
import type { AutoScalingGroup, GroupMember } from '../../region/auto-scaling-group.ts';
import type { Region } from '../../region/region.ts';

/** How an instance looks from outside. */
export interface Health {
  /** Nothing for one that is not there any more. */
  readonly power: 'pending' | 'running' | 'off';
  /** What load balancers say of it; absent where none has an answer. */
  readonly answers?: boolean;
  /** Seconds in service. */
  readonly inService: number;
}

export interface Decision {
  readonly terminate: readonly { readonly id: string; readonly cause: string }[];
  /** How many instances come; in the place of unhealthy ones, or to reach the capacity. */
  readonly replace: number;
  readonly grow: number;
  /** Seconds until a grace period ends that kept an instance. */
  readonly again?: number;
}

/**
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 * @param healthOf nothing for an instance that is gone
 */
export function decide(
  region: Region,
  group: AutoScalingGroup,
  healthOf: (instanceId: string) => Health | undefined,
): Decision {
  const rests = (process: AutoScalingGroup['suspendedProcesses'][number]): boolean =>
    group.suspendedProcesses.includes(process);
  const active = group.members.filter(isActive);
  const judged = active.map((member) => ({
    member,
    ...judge(group, member, healthOf(member.id), rests('HealthCheck')),
  }));
  const mayReplace = !rests('ReplaceUnhealthy') && !rests('Terminate');
  const sick = judged.flatMap(({ member: { id }, cause }) =>
    mayReplace && cause !== undefined ? [{ id, cause }] : [],
  );
  const sound = active.filter(({ id }) => !sick.some((each) => each.id === id));
  const missing = group.desiredCapacity - sound.length;
  const replace = Math.min(Math.max(missing, 0), sick.length);
  const surplus = rests('Terminate')
    ? []
    : toTerminate(region, { ...group, members: sound }, Math.max(-missing, 0));
  const shrinking = `shrinking the capacity from ${active.length} to ${group.desiredCapacity}`;
  const cause = `an instance was taken out of service in response to a difference between desired and actual capacity, ${shrinking}`;
  const grow = Math.max(missing, 0) - replace;
  const waits = judged.flatMap(({ again }) => again ?? []);
  return {
    terminate: [...sick, ...surplus.map((id) => ({ id, cause }))],
    ...(rests('Launch') ? { replace: 0, grow: 0 } : { replace, grow }),
    ...(waits.length === 0 ? {} : { again: Math.min(...waits) }),
  };
}

/** Those that count for the capacity. */
export function isActive({ state }: GroupMember): boolean {
  return state === 'InService' || state === 'Pending';
}

const BY_EC2 =
  'an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped';
const BY_ELB =
  'an instance was taken out of service in response to an ELB system health check failure';
const BY_USER = 'an instance was taken out of service in response to a user health-check';

/** One that does not run is unhealthy at once; the grace period is for what others say of it. */
function judge(
  { healthCheckType, healthCheckGracePeriod }: AutoScalingGroup,
  { state, health }: GroupMember,
  now: Health | undefined,
  isUnwatched: boolean,
): { readonly cause?: string; readonly again?: number } {
  if (state === 'Pending') return {};
  if (health === 'Unhealthy') return { cause: BY_USER };
  if (isUnwatched) return {};
  if (now === undefined || now.power === 'off') return { cause: BY_EC2 };
  if (healthCheckType !== 'ELB' || now.answers !== false) return {};
  const left = healthCheckGracePeriod - now.inService;
  return left > 0 ? { again: left } : { cause: BY_ELB };
}
