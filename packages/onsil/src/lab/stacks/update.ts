/** The update of a stack, to its end or back. */
import type { StackPlan } from '../../cloudformation/change-set.ts';
import { keepNeeded } from '../../cloudformation/deletion.ts';
import { flatResources } from '../../cloudformation/flat.ts';
import { mergeRegions } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import {
  type Bench,
  changesInPlace,
  forgetGone,
  inOrder,
  type Progress,
  reasonOf,
  type Turn,
  tokenOf,
} from './bench.ts';
import { attempt, turnOfPlan } from './creation.ts';
import { benchOf, turnOf } from './nested.ts';
import type { StackRecord } from './stack-service.ts';
import { type Skip, takeAway } from './take-away.ts';

/** An update that failed, with all that it takes to change it back. */
export interface Unfinished {
  readonly plan: StackPlan;
  /** The region before it. */
  readonly now: Region;
  readonly progress: Progress;
  /** Records of the stack and of those that it nests, as they were. */
  readonly records: readonly StackRecord[];
}

/** Updates a stack. @returns what failed, the stack half changed; nothing where all went well */
export async function update(
  bench: Bench,
  plan: StackPlan,
  records: readonly StackRecord[],
): Promise<{ readonly unfinished: Unfinished; readonly reason: string } | undefined> {
  const { ledger, applier, stackId } = bench;
  const said = tokenOf(bench);
  const now = applier.region();
  const failed = await attempt(bench, plan, now);
  if (failed !== undefined) {
    const { progress, reason } = failed;
    return { unfinished: { plan, now, progress, records }, reason };
  }
  ledger.stackStatus(stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', said);
  const former = plan.before === undefined ? [] : flatResources(plan.before.stack);
  const needed = keepNeeded(plan.during, plan.target, former);
  const lost = await cleanUp(bench, turnOfPlan(plan), { ...needed, retained: plan.retained });
  try {
    await applier.change((region) => mergeRegions(plan.during, needed.target, region));
    ledger.stackStatus(stackId, 'UPDATE_COMPLETE', said);
  } catch (cause) {
    ledger.stackStatus(stackId, 'UPDATE_COMPLETE', { ...said, reason: reasonOf(cause) });
  }
  forgetGone(bench, plan.after.stack.resources, lost);
  return undefined;
}

/** What is removed or was replaced goes, also in the stacks that are nested. */
async function cleanUp(bench: Bench, turn: Turn, skip: Skip): Promise<readonly string[]> {
  const { former, resources, changes } = turn;
  const instead = new Map<string, () => Promise<readonly string[]>>();
  for (const change of changes) {
    const [resource, before] = [resources[change.logicalId], former[change.logicalId]];
    if (resource?.nested === undefined || before === undefined || !changesInPlace(change)) continue;
    const own = benchOf(bench, resource);
    instead.set(change.logicalId, async () => {
      const inner = turnOf(resource, before, change);
      const lost = await cleanUp(own, inner, skip);
      own.ledger.stackStatus(own.stackId, 'UPDATE_COMPLETE', tokenOf(bench));
      forgetGone(own, inner.resources, lost);
      return lost;
    });
  }
  const leaving = changes.flatMap(({ action, replacement, logicalId }) =>
    action === 'Remove' || replacement === 'True' || instead.has(logicalId) ? [logicalId] : [],
  );
  return takeAway(bench, inOrder(former, leaving), skip, instead);
}
