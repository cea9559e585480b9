/**
 * The operations on one stack from their first event to the last.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
import type { StackPlan, StackState } from '../../cloudformation/change-set.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { keepNeeded, planDeletion } from '../../cloudformation/deletion.ts';
import { type Entry, withEntries } from '../../region/entry.ts';
import { mergeRegions } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import { type Bench, carryOut, type Progress, reasonOf, takeAway } from './execution.ts';
import { goneInside, throughNested } from './nested.ts';
import type { StackRecord } from './stack-service.ts';

interface Operation extends Bench {
  readonly token?: string;
}

/** Creates a stack; `record` is its record as it shall be. */
export async function create(
  operation: Operation,
  plan: StackPlan,
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING',
): Promise<void> {
  const { ledger, applier, stackId, token } = operation;
  const said = token === undefined ? {} : { token };
  const now = applier.region();
  const failed = await attempt(operation, plan, now);
  if (failed === undefined) {
    ledger.stackStatus(stackId, 'CREATE_COMPLETE', said);
    return;
  }
  const reason = failed.reason;
  if (onFailure === 'DO_NOTHING') {
    ledger.stackStatus(stackId, 'CREATE_FAILED', { ...said, reason });
    return;
  }
  const [going, gone] =
    onFailure === 'DELETE'
      ? (['DELETE', 'DELETE_COMPLETE'] as const)
      : (['ROLLBACK', 'ROLLBACK_COMPLETE'] as const);
  ledger.stackStatus(stackId, `${going}_IN_PROGRESS`, {
    ...said,
    reason: `${reason} ${going === 'DELETE' ? 'Delete' : 'Rollback'} requested by user.`,
  });
  const begun = Object.values(plan.after.stack.resources).filter(({ logicalId }) =>
    failed.progress.begun.has(logicalId),
  );
  const lost = await takeAway(operation, begun);
  try {
    await applier.change((region) => mergeRegions(plan.during, now, region));
    if (lost.length > 0) throw new Error(failedToDelete(lost));
    ledger.stackStatus(stackId, gone, said);
  } catch (cause) {
    ledger.stackStatus(stackId, `${going}_FAILED`, { ...said, reason: reasonOf(cause) });
  }
}

/** Updates a stack, or leaves it as it was. @returns whether it is the new one now */
export async function update(operation: Operation, plan: StackPlan): Promise<boolean> {
  const { ledger, applier, stackId, token } = operation;
  const said = token === undefined ? {} : { token };
  const now = applier.region();
  const failed = await attempt(operation, plan, now);
  if (failed !== undefined) {
    ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', { ...said, reason: failed.reason });
    await takeBack(operation, plan, now, failed.progress, said);
    return false;
  }
  ledger.stackStatus(stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', said);
  const former = plan.before?.stack.resources ?? {};
  const leaving = plan.changes
    .filter(({ action, replacement }) => action === 'Remove' || replacement === 'True')
    .flatMap(({ logicalId }) => former[logicalId] ?? []);
  const needed = keepNeeded(plan.during, plan.target, former);
  const retained = new Set(
    leaving.filter((each) => stays(each, plan)).map((each) => each.logicalId),
  );
  await takeAway(operation, inOrder(former, leaving), { ...needed, retained });
  const faults: string[] = [];
  for (const resource of Object.values(plan.after.stack.resources)) {
    for (const removal of goneInside(former[resource.logicalId], resource)) {
      const note = (cause: unknown): unknown => faults.push(reasonOf(cause));
      await throughNested(applier).remove(removal).catch(note);
    }
  }
  try {
    await applier.change((region) => mergeRegions(plan.during, needed.target, region));
    if (faults.length > 0) throw new Error(faults.join(' '));
    ledger.stackStatus(stackId, 'UPDATE_COMPLETE', said);
  } catch (cause) {
    ledger.stackStatus(stackId, 'UPDATE_COMPLETE', { ...said, reason: reasonOf(cause) });
  }
  return true;
}

/** Deletes a stack, or what can be deleted of it. @returns whether it is gone */
export async function remove(
  operation: Operation,
  state: StackState | undefined,
  retain: readonly string[] | undefined,
): Promise<boolean> {
  const { ledger, applier, stackId, token } = operation;
  const said = token === undefined ? {} : { token };
  ledger.stackStatus(stackId, 'DELETE_IN_PROGRESS', { ...said, reason: 'User Initiated' });
  if (state === undefined) {
    ledger.stackStatus(stackId, 'DELETE_COMPLETE', said);
    return true;
  }
  const now = applier.region();
  const plan = planDeletion(now, state, retain);
  const lost = await takeAway(operation, Object.values(state.stack.resources), plan);
  const stay = lost.flatMap((logicalId) => entriesThere(now, state.stack.resources[logicalId]));
  try {
    await applier.change((region) =>
      mergeRegions(now, withEntries(plan.target, now, stay), region),
    );
    if (lost.length > 0) throw new Error(failedToDelete(lost));
    ledger.stackStatus(stackId, 'DELETE_COMPLETE', said);
    return true;
  } catch (cause) {
    ledger.stackStatus(stackId, 'DELETE_FAILED', { ...said, reason: reasonOf(cause) });
    return false;
  }
}

const failedToDelete = (names: readonly string[]): string =>
  `The following resource(s) failed to delete: [${names.join(', ')}].`;

/** @returns nothing where all went well */
async function attempt(
  operation: Operation,
  plan: StackPlan,
  now: Region,
): Promise<{ readonly progress: Progress; readonly reason: string } | undefined> {
  try {
    await operation.applier.change((region) => mergeRegions(now, plan.during, region));
  } catch (cause) {
    return { progress: { begun: new Set(), failed: new Map() }, reason: reasonOf(cause) };
  }
  const progress = await carryOut(operation, plan);
  if (progress.failed.size === 0) return undefined;
  const reasons = (['create', 'update'] as const).flatMap((action) => {
    const names = [...progress.failed.values()]
      .filter((each) => each.action === action)
      .map(({ logicalId }) => logicalId);
    return names.length === 0
      ? []
      : `The following resource(s) failed to ${action}: [${names.join(', ')}].`;
  });
  return { progress, reason: reasons.join(' ') };
}

/** Brings everything back to what it was before an update. */
async function takeBack(
  operation: Operation,
  plan: StackPlan,
  now: Region,
  { begun }: Progress,
  said: { readonly token?: string },
): Promise<void> {
  const { ledger, applier, stackId, stackName } = operation;
  const after = plan.after.stack.resources;
  const former = plan.before?.stack.resources ?? {};
  const changes = plan.changes.filter(({ logicalId }) => begun.has(logicalId));
  const made = changes
    .filter(({ action, replacement }) => action === 'Add' || replacement === 'True')
    .flatMap(({ logicalId }) => after[logicalId] ?? []);
  const fresh = changes.flatMap(({ logicalId }) => after[logicalId]?.entries ?? []);
  // What is new stays in the region until its machines have ended.
  const meanwhile = withEntries(
    now,
    plan.during,
    fresh.filter(({ table, id }) => now[table][id] === undefined),
  );
  const faults: string[] = [];
  const note = (cause: unknown): unknown => faults.push(reasonOf(cause));
  await applier.change((region) => mergeRegions(plan.during, meanwhile, region)).catch(note);
  const inPlace = changes.filter(
    ({ action, replacement }) => action === 'Modify' && replacement !== 'True',
  );
  for (const { logicalId } of inPlace.toReversed()) {
    const [resource, before] = [former[logicalId], after[logicalId]];
    if (resource === undefined || before === undefined) continue;
    ledger.resourceStatus(stackId, resource, 'UPDATE_IN_PROGRESS');
    try {
      const { signal } = new AbortController();
      const tell = (reason: string): void =>
        ledger.resourceStatus(stackId, resource, 'UPDATE_IN_PROGRESS', { reason });
      const work = { stackName, resource, before, signal, tell, isRollback: true } as const;
      await throughNested(applier).update(work);
      ledger.resourceStatus(stackId, resource, 'UPDATE_COMPLETE');
    } catch (cause) {
      note(cause);
      ledger.resourceStatus(stackId, resource, 'UPDATE_FAILED', { reason: reasonOf(cause) });
    }
  }
  if (faults.length === 0) {
    ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', said);
  }
  for (const { logicalId } of inPlace) {
    for (const removal of goneInside(after[logicalId], former[logicalId])) {
      await throughNested(applier).remove(removal).catch(note);
    }
  }
  const lost = await takeAway(operation, inOrder(after, made));
  if (lost.length > 0) note(failedToDelete(lost));
  await applier.change((region) => mergeRegions(meanwhile, now, region)).catch(note);
  const status = faults.length === 0 ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED';
  const reason = faults.length === 0 ? {} : { reason: faults.join(' ') };
  ledger.stackStatus(stackId, status, { ...said, ...reason });
}

/** Of resources that go, those whose things stay in the region. */
function stays({ entries }: StackResource, { target, leaving }: StackPlan): boolean {
  const going = new Set(leaving.map(({ id }) => id));
  return (
    entries.length > 0 &&
    entries.every(({ table, id }) => !going.has(id) && target[table][id] !== undefined)
  );
}

function inOrder(
  all: Readonly<Record<string, StackResource>>,
  some: readonly StackResource[],
): readonly StackResource[] {
  const names = new Set(some.map(({ logicalId }) => logicalId));
  return Object.values(all).filter(({ logicalId }) => names.has(logicalId));
}

function entriesThere(now: Region, resource: StackResource | undefined): readonly Entry[] {
  return (resource?.entries ?? []).filter(({ table, id }) => now[table][id] !== undefined);
}

/** A record as it is while a stack is being made or changed into what the plan says. */
export function recordOf(
  former: Pick<
    StackRecord,
    'name' | 'id' | 'status' | 'createdAt' | 'terminationProtection' | 'resourceStatus'
  >,
  plan: Pick<StackPlan, 'after'>,
  given: Pick<StackRecord, 'templateBody' | 'parameters' | 'tags' | 'capabilities' | 'roleArn'>,
): StackRecord {
  return { ...former, ...given, stack: plan.after.stack };
}
