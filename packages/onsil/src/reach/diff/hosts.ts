/** Which interface of one region is which of another one. */
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { nameOf } from '../text/path.ts';

/** One interface in both regions, or in one of them. */
export interface Twin {
  /** As the newer region names it, where that has it. */
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

export interface HostChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly (readonly [before: string, after: string])[];
}

/** Instances are the same by their logical id, or else by their name. */
export function twinsOf(before: Region, after: Region): readonly Twin[] {
  const pairs = instancePairs(before, after);
  const twins = pairs.flatMap(([old, now]): readonly Twin[] => {
    const [one, other] = [old?.networkInterfaceIds ?? [], now?.networkInterfaceIds ?? []];
    const count = Math.max(one.length, other.length);
    return Array.from({ length: count }, (_, index) =>
      twin(before, after, one[index], other[index]),
    );
  });
  // Interfaces of no instance keep their ids where stacks have one name.
  const taken = new Set(twins.flatMap((each) => [each.before, each.after]));
  const ids = [...Object.keys(before.networkInterfaces), ...Object.keys(after.networkInterfaces)];
  const others = [...new Set(ids)].filter((id) => !taken.has(id));
  return [
    ...twins,
    ...others.map((id) =>
      twin(before, after, before.networkInterfaces[id] && id, after.networkInterfaces[id] && id),
    ),
  ];
}

function twin(
  before: Region,
  after: Region,
  old: string | undefined,
  now: string | undefined,
): Twin {
  return {
    name: now === undefined ? nameOf(before, old ?? '') : nameOf(after, now),
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
  };
}

export function hostChanges(before: Region, after: Region): HostChanges {
  const pairs = instancePairs(before, after);
  return {
    added: pairs.flatMap(([old, now]) => (old === undefined && now ? [now.name] : [])),
    removed: pairs.flatMap(([old, now]) => (now === undefined && old ? [old.name] : [])),
    renamed: pairs.flatMap(([old, now]) =>
      old && now && old.name !== now.name ? [[old.name, now.name] as const] : [],
    ),
  };
}

type InstancePair = readonly [Instance | undefined, Instance | undefined];

/** In the order of the newer region; those that are gone come last. */
function instancePairs(before: Region, after: Region): readonly InstancePair[] {
  const left = new Set(Object.values(before.instances));
  const take = (is: (each: Instance) => boolean): Instance | undefined => {
    const found = [...left].find(is);
    if (found !== undefined) left.delete(found);
    return found;
  };
  const now = Object.values(after.instances);
  const known = new Map(
    now.map((each) => [each, take(({ logicalId }) => logicalId === each.logicalId)]),
  );
  const pairs = now.map(
    (each): InstancePair => [known.get(each) ?? take(({ name }) => name === each.name), each],
  );
  return [...pairs, ...[...left].map((each): InstancePair => [each, undefined])];
}
