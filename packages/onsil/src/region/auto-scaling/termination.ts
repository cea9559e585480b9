/**
 * Which instances of a group go when it shrinks.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
import type {
  AutoScalingGroup,
  GroupMember,
  Launch,
  TerminationPolicy,
} from '../auto-scaling-group.ts';
import type { Region } from '../region.ts';

/**
 * The instances that the group parts with: of the zone that has most, so that zones stay in
 * balance, by the group's policies; never one that is protected from scale-in. Fewer than
 * `count` where no more may go.
 */
export function toTerminate(
  region: Region,
  group: Pick<AutoScalingGroup, 'members' | 'terminationPolicies'>,
  count: number,
): readonly string[] {
  const left = group.members.filter(({ state }) => state === 'InService' || state === 'Pending');
  const gone: string[] = [];
  while (gone.length < count) {
    const zones = Map.groupBy(left, ({ id }) => region.instances[id]?.zone ?? '');
    const open = [...zones.values()].filter((all) => all.some(mayGo));
    const most = Math.max(...open.map((all) => all.length));
    const candidates = left.filter(
      (member) => mayGo(member) && open.some((all) => all.length === most && all.includes(member)),
    );
    const [next] = preferred(candidates, group);
    if (next === undefined) break;
    gone.push(next.id);
    left.splice(left.indexOf(next), 1);
  }
  return gone;
}

const mayGo = ({ protectedFromScaleIn }: GroupMember): boolean => !protectedFromScaleIn;

/** Each policy keeps the best of what those before it left; then the oldest goes first. */
function preferred(
  candidates: readonly GroupMember[],
  { terminationPolicies }: Pick<AutoScalingGroup, 'terminationPolicies'>,
): readonly GroupMember[] {
  return terminationPolicies.reduce((left, policy) => POLICIES[policy](left), candidates);
}

type Choice = (candidates: readonly GroupMember[]) => readonly GroupMember[];

/** Launch configurations go before launch templates. */
const oldestLaunch: Choice = (candidates) => best(candidates, ageIn(candidates));

const POLICIES: Readonly<Record<TerminationPolicy, Choice>> = {
  Default: oldestLaunch,
  OldestInstance: (candidates) => candidates.slice(0, 1),
  NewestInstance: (candidates) => candidates.slice(-1),
  OldestLaunchConfiguration: (candidates) => ofKind(candidates, 'launch-configuration'),
  OldestLaunchTemplate: (candidates) => ofKind(candidates, 'launch-template'),
  // Nothing is billed by the hour here: the oldest one is as near to its next hour as any.
  ClosestToNextInstanceHour: (candidates) => candidates.slice(0, 1),
};

/** All where none is of the kind. */
function ofKind(candidates: readonly GroupMember[], kind: Launch['kind']): readonly GroupMember[] {
  const own = candidates.filter(({ launch }) => launch?.kind === kind);
  return own.length === 0 ? candidates : oldestLaunch(own);
}

/**
 * Launch templates have numbers; a launch configuration is as old as its first instance; an
 * instance that was attached has neither and counts as oldest.
 */
function ageIn(candidates: readonly GroupMember[]): (member: GroupMember) => number {
  const names = candidates.flatMap(({ launch }) =>
    launch?.kind === 'launch-configuration' ? [launch.name] : [],
  );
  return ({ launch }) => {
    if (launch === undefined) return Number.NEGATIVE_INFINITY;
    return launch.kind === 'launch-configuration'
      ? names.indexOf(launch.name) - names.length
      : Number(launch.version);
  };
}

function best(
  candidates: readonly GroupMember[],
  rank: (member: GroupMember) => number,
): readonly GroupMember[] {
  const least = Math.min(...candidates.map(rank));
  return candidates.filter((each) => rank(each) === least);
}
