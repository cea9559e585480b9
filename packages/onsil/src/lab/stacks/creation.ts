/**
 * The creation of a stack from its first event to the last.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
import type { StackPlan } from '../../cloudformation/change-set.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { keepNeeded } from '../../cloudformation/deletion.ts';
import { flatResources } from '../../cloudformation/flat.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import { withoutOrphans } from '../../region/auto-scaling/launch.ts';
import { withEntries } from '../../region/entry.ts';
import { mergeRegions } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import {
  type Bench,
  failedToDelete,
  failureOf,
  noProgress,
  type Progress,
  reasonOf,
  tokenOf,
} from './bench.ts';
import { carryOut, toBeMade } from './execution.ts';
import { begunOf, cutOf } from './nested.ts';
import { takeAway } from './take-away.ts';

export interface OnFailure {
  readonly action: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** Whether a rollback also takes what is new and has a DeletionPolicy of Retain. */
  readonly retainExceptOnCreate: boolean;
}

/** Creates the stack of a plan, or takes it back. */
export async function create(bench: Bench, plan: StackPlan, onFailure: OnFailure): Promise<void> {
  const { ledger, applier, stackId } = bench;
  const said = tokenOf(bench);
  const now = applier.region();
  const failed = await attempt(bench, plan, now);
  if (failed === undefined) {
    ledger.stackStatus(stackId, 'CREATE_COMPLETE', said);
    return;
  }
  const { reason } = failed;
  if (onFailure.action === 'DO_NOTHING') {
    ledger.stackStatus(stackId, 'CREATE_FAILED', { ...said, reason });
    return;
  }
  const word = onFailure.action === 'DELETE' ? 'Delete' : 'Rollback';
  const said2 = `${reason} ${word} requested by user.`;
  await rollBackCreation(bench, plan.after.stack, onFailure, said2, (region) =>
    mergeRegions(plan.during, now, region),
  );
}

/**
 * Takes everything away that was begun of a stack.
 * @param without the region without the stack
 */
export async function rollBackCreation(
  bench: Bench,
  stack: Pick<Stack, 'id' | 'resources'>,
  { action, retainExceptOnCreate }: OnFailure,
  reason: string | undefined,
  without: (region: Region) => Region,
): Promise<void> {
  const { ledger, applier, stackId } = bench;
  const said = tokenOf(bench);
  const word = action === 'DELETE' ? 'DELETE' : 'ROLLBACK';
  ledger.stackStatus(stackId, `${word}_IN_PROGRESS`, {
    ...said,
    ...(reason === undefined ? {} : { reason }),
  });
  const begun = begunOf(bench, stack);
  const flat = flatResources({ resources: byName(begun) });
  const kept = retainExceptOnCreate ? [] : flat.filter((each) => each.deletionPolicy === 'Retain');
  const keep = (region: Region): Region => {
    const entries = kept
      .flatMap((each) => each.entries)
      .filter(({ table, id }) => region[table][id] !== undefined);
    const bare = without(region);
    return withoutOrphans(region, entries.length === 0 ? bare : withEntries(bare, region, entries));
  };
  const now = applier.region();
  const needed = keepNeeded(now, keep(now), flat);
  const retained = new Set(kept.map(({ logicalId }) => logicalId));
  const lost = await takeAway(bench, begun, { ...needed, retained });
  try {
    await applier.change((region) =>
      needed.failed.size === 0 ? keep(region) : mergeRegions(now, needed.target, region),
    );
    if (lost.length > 0) throw new Error(failedToDelete(bench, lost));
    ledger.stackStatus(stackId, `${word}_COMPLETE`, said);
  } catch (cause) {
    ledger.stackStatus(stackId, `${word}_FAILED`, { ...said, reason: reasonOf(cause) });
  }
}

const byName = (resources: readonly StackResource[]) =>
  Object.fromEntries(resources.map((each) => [each.logicalId, each] as const));

/** @returns nothing where all went well */
export async function attempt(
  bench: Bench,
  plan: StackPlan,
  now: Region,
): Promise<{ readonly progress: Progress; readonly reason: string } | undefined> {
  const { applier, stackName, stop } = bench;
  const { refusal, held } = plan;
  if (refusal?.at === 'start') return { progress: noProgress(), reason: refusal.reason };
  try {
    await applier.change((region) => mergeRegions(now, held.start, region));
  } catch (cause) {
    return { progress: noProgress(), reason: reasonOf(cause) };
  }
  const turn = turnOfPlan(plan);
  applier.begin?.(stackName, toBeMade(turn));
  const progress = await carryOut(bench, turn);
  // What stopped it from outside is the reason, not what had to be given up for it.
  const reason = cutOf(bench, turn, progress) ?? failureOf(progress) ?? refusal?.reason;
  if (reason === undefined) return undefined;
  return { progress, reason: stop.aborted ? reasonOf(stop.reason) : reason };
}

export function turnOfPlan({ after, before, changes }: StackPlan) {
  return { resources: after.stack.resources, former: before?.stack.resources ?? {}, changes };
}
