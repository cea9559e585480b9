/** What a deletion leaves behind: what is to be retained, and what something still depends on. */
import { withoutLaunched, withoutOrphans } from '../region/auto-scaling/launch.ts';
import { addedEntries, type Entry, withEntries } from '../region/entry.ts';
import { referrers } from '../region/referrers.ts';
import type { Region } from '../region/region.ts';
import { regionWithout, type StackState } from './change-set.ts';
import type { StackResource } from './create-resource.ts';
import { flatResources } from './flat.ts';

export interface Deletion {
  /** The region in the end. */
  readonly target: Region;
  /** Resources that stay since they shall; by path, as everything here. */
  readonly retained: ReadonlySet<string>;
  /** Why resources cannot be deleted. */
  readonly failed: ReadonlyMap<string, string>;
  /** What a failed one depends on: not even tried. */
  readonly untried: ReadonlySet<string>;
}

/**
 * Plans the deletion of a stack.
 * @param retain logical ids to keep besides those with a DeletionPolicy of Retain
 */
export function planDeletion(
  now: Region,
  state: StackState,
  retain: readonly string[] = [],
): Deletion {
  const resources = flatResources(state.stack);
  const kept = resources.filter(
    ({ logicalId, deletionPolicy = 'Delete' }) =>
      deletionPolicy.startsWith('Retain') || retain.includes(logicalId),
  );
  const { target, failed, untried } = keepNeeded(
    now,
    withoutOrphans(now, withEntries(regionWithout(now, state), now, present(now, kept))),
    resources,
  );
  return { target, failed, untried, retained: new Set(kept.map(({ logicalId }) => logicalId)) };
}

/**
 * `target` with everything of `now` that something in it still depends on.
 * @param resources whose entries are about to go; see flatResources
 */
export function keepNeeded(
  now: Region,
  target: Region,
  resources: readonly StackResource[],
): Pick<Deletion, 'target' | 'failed' | 'untried'> {
  const failed = new Map<string, string>();
  const untried = new Set<string>();
  const owners = new Map(
    resources.flatMap((resource) => resource.entries.map(({ id }) => [id, resource] as const)),
  );
  const named = new Map(resources.map((resource) => [resource.logicalId, resource]));
  let next = target;
  for (;;) {
    const going = new Set(addedEntries(next, now).map(({ id }) => id));
    const needed = referrers(next, going).flatMap(({ of }) => owners.get(of) ?? []);
    const fresh = needed.filter(({ logicalId }) => !failed.has(logicalId));
    if (fresh.length === 0) return { target: withMembers(now, next), failed, untried };
    for (const resource of fresh) {
      // What was only swept along by a failure is no failure of its own.
      if (untried.has(resource.logicalId)) continue;
      failed.set(resource.logicalId, dependencyViolation(resource));
    }
    const stay = new Set(fresh);
    for (const resource of stay) {
      for (const name of resource.dependsOn) {
        const below = named.get(name);
        if (below === undefined) continue;
        stay.add(below);
        if (!failed.has(name)) untried.add(name);
      }
    }
    const before = next;
    next = withEntries(next, now, present(now, [...stay]));
    if (addedEntries(before, next).length === 0) {
      return { target: withMembers(now, next), failed, untried };
    }
  }
}

/** A group that stays keeps its instances. */
function withMembers(now: Region, target: Region): Region {
  const stay = Object.values(now.autoScalingGroups)
    .filter(({ name }) => target.autoScalingGroups[name] !== undefined)
    .flatMap(({ members }) => members.map(({ id }) => id));
  return withEntries(target, now, addedEntries(withoutLaunched(now, stay), now));
}

function present(now: Region, resources: readonly StackResource[]): readonly Entry[] {
  return resources
    .flatMap(({ entries }) => entries)
    .filter(({ table, id }) => now[table][id] !== undefined);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function dependencyViolation({ type, physicalId }: StackResource): string {
  const noun = type.split('::')[2] ?? 'resource';
  const words = noun.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  const said =
    noun === 'SecurityGroup'
      ? `resource ${physicalId} has a dependent object`
      : `The ${words} '${physicalId}' has dependencies and cannot be deleted.`;
  return `${said} (Service: Ec2, Status Code: 400, Error Code: DependencyViolation)`;
}
