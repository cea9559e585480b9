/** The deletion of a stack. */
import type { StackState } from '../../cloudformation/change-set.ts';
import { planDeletion } from '../../cloudformation/deletion.ts';
import { flatResources } from '../../cloudformation/flat.ts';
import { type Entry, withEntries } from '../../region/entry.ts';
import { mergeRegions } from '../../region/merge.ts';
import { type Bench, failedTo, reasonOf, tokenOf } from './bench.ts';
import { turnOfPlan } from './creation.ts';
import { begunOf } from './nested.ts';
import { sweep } from './rollback.ts';
import { takeAway } from './take-away.ts';
import type { Unfinished } from './update.ts';

/**
 * Deletes a stack, or what can be deleted of it.
 * @param unfinished an update that failed and was left as it is
 * @returns whether it is gone
 */
export async function remove(
  bench: Bench,
  state: StackState | undefined,
  retain: readonly string[] | undefined,
  unfinished: Unfinished | undefined,
): Promise<boolean> {
  const { ledger, applier, stackId } = bench;
  const said = tokenOf(bench);
  ledger.stackStatus(stackId, 'DELETE_IN_PROGRESS', { ...said, reason: 'User Initiated' });
  if (state === undefined) {
    ledger.stackStatus(stackId, 'DELETE_COMPLETE', said);
    return true;
  }
  const lost: string[] = [];
  if (unfinished !== undefined) {
    const { plan, now, progress } = unfinished;
    lost.push(...(await sweep(bench, turnOfPlan(plan), progress, {})));
    await applier.change((region) => mergeRegions(plan.during, now, region)).catch(() => {});
  }
  const now = applier.region();
  const plan = planDeletion(now, state, retain);
  lost.push(...(await takeAway(bench, begunOf(bench, state.stack), plan)));
  const flat = new Map(flatResources(state.stack).map((each) => [each.logicalId, each]));
  const stay = lost.flatMap((name): readonly Entry[] =>
    [...flat.values()]
      .filter(({ logicalId }) => logicalId === name || logicalId.startsWith(`${name}.`))
      .flatMap(({ entries }) => entries)
      .filter(({ table, id }) => now[table][id] !== undefined),
  );
  try {
    await applier.change((region) =>
      mergeRegions(now, withEntries(plan.target, now, stay), region),
    );
    if (lost.length > 0) throw new Error(failedTo('delete', lost));
    ledger.stackStatus(stackId, 'DELETE_COMPLETE', said);
    return true;
  } catch (cause) {
    ledger.stackStatus(stackId, 'DELETE_FAILED', { ...said, reason: reasonOf(cause) });
    return false;
  }
}
