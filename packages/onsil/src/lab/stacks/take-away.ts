/** Takes resources away, each before what it depends on. */
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { type Bench, reasonOf, tokenOf } from './bench.ts';
import { removeNested } from './nested.ts';

/** By path. */
export interface Skip {
  /** They stay since they shall. */
  readonly retained?: ReadonlySet<string>;
  /** Why they cannot go. */
  readonly failed?: ReadonlyMap<string, string>;
  /** What a failed one depends on: not even tried. */
  readonly untried?: ReadonlySet<string>;
}

/**
 * @param instead by logical id: resources that stay, and of which something goes; it tells what
 * could not
 * @returns the logical ids of those that could not be taken away
 */
export async function takeAway(
  bench: Bench,
  resources: readonly StackResource[],
  skip: Skip = {},
  instead: ReadonlyMap<string, () => Promise<readonly string[]>> = new Map(),
): Promise<readonly string[]> {
  const { ledger, stackId } = bench;
  const said = tokenOf(bench);
  const lost: string[] = [];
  const done = new Map<string, Promise<void>>();
  for (const resource of resources.toReversed()) {
    const { logicalId } = resource;
    const path = `${bench.path}${logicalId}`;
    const above = resources.filter(({ dependsOn }) => dependsOn.includes(logicalId));
    const step = async (): Promise<void> => {
      await Promise.all(above.map(async (each) => done.get(each.logicalId)));
      const partly = instead.get(logicalId);
      if (partly !== undefined) {
        if ((await partly()).length > 0) lost.push(logicalId);
        return;
      }
      if (skip.untried?.has(path) === true) return;
      if (skip.retained?.has(path) === true) {
        ledger.resourceStatus(stackId, resource, 'DELETE_SKIPPED', said);
        return;
      }
      // Somebody above could not go: this one is still in use.
      if (above.some((each) => lost.includes(each.logicalId))) {
        lost.push(logicalId);
        return;
      }
      ledger.resourceStatus(stackId, resource, 'DELETE_IN_PROGRESS', said);
      try {
        await remove(bench, resource, skip);
        ledger.resourceStatus(stackId, resource, 'DELETE_COMPLETE', said);
      } catch (cause) {
        lost.push(logicalId);
        ledger.resourceStatus(stackId, resource, 'DELETE_FAILED', {
          ...said,
          reason: reasonOf(cause),
        });
      }
    };
    done.set(logicalId, step());
  }
  await Promise.all(done.values());
  return lost;
}

function remove(bench: Bench, resource: StackResource, skip: Skip): Promise<void> {
  const reason = skip.failed?.get(`${bench.path}${resource.logicalId}`);
  if (reason !== undefined) return Promise.reject(new Error(reason));
  if (resource.nested !== undefined) return removeNested(bench, resource, skip);
  return bench.applier.remove({ stackName: bench.stackName, resource });
}
