/** Brings everything back to what it was before an update that failed. */
import { flatResources } from '../../cloudformation/flat.ts';
import { withEntries } from '../../region/entry.ts';
import { mergeRegions } from '../../region/merge.ts';
import {
  type Bench,
  changesInPlace,
  failedTo,
  forgetGone,
  inOrder,
  makes,
  noProgress,
  type Progress,
  reasonOf,
  type Turn,
  tokenOf,
} from './bench.ts';
import { turnOfPlan } from './creation.ts';
import { benchOf, turnOf } from './nested.ts';
import { type Skip, takeAway } from './take-away.ts';
import type { Unfinished } from './update.ts';

export interface RollbackOptions {
  /** Told with the stack's first event. */
  readonly reason?: string;
  readonly retainExceptOnCreate: boolean;
  /** Paths of resources that are taken as changed back. */
  readonly skipped: ReadonlySet<string>;
}

/** @returns whether everything is what it was */
export async function rollBackUpdate(
  bench: Bench,
  { plan, now, progress, records }: Unfinished,
  { reason, retainExceptOnCreate, skipped }: RollbackOptions,
): Promise<boolean> {
  const { ledger, applier, stackId } = bench;
  const said = tokenOf(bench);
  const turn = turnOfPlan(plan);
  ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', {
    ...said,
    ...(reason === undefined ? {} : { reason }),
  });
  const made = flatResources(plan.after.stack).filter(({ entries }) =>
    entries.some(({ table, id }) => now[table][id] === undefined),
  );
  const kept = made.filter(
    (each) =>
      !retainExceptOnCreate &&
      each.deletionPolicy === 'Retain' &&
      isBegun(progress, each.logicalId),
  );
  const entriesOf = (some: typeof made) =>
    some.flatMap(({ entries }) => entries).filter(({ table, id }) => now[table][id] === undefined);
  // What is new stays in the region until its machines have ended.
  const begun = made.filter(({ logicalId }) => isBegun(progress, logicalId));
  const meanwhile = withEntries(now, plan.during, entriesOf(begun));
  const target = kept.length === 0 ? now : withEntries(now, plan.during, entriesOf(kept));
  const faults: string[] = [];
  const note = (cause: unknown): unknown => faults.push(reasonOf(cause));
  await applier.change((region) => mergeRegions(plan.during, meanwhile, region)).catch(note);
  faults.push(...(await revert(bench, turn, progress, skipped)));
  for (const record of records) restore(bench, record, ledger.find(record.id)?.record);
  if (faults.length === 0) {
    ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', said);
  }
  const retained = new Set(kept.map(({ logicalId }) => logicalId));
  const lost = await sweep(bench, turn, progress, { retained, untried: skipped });
  forgetGone(bench, turn.former, lost);
  if (lost.length > 0) note(failedTo('delete', lost));
  await applier.change((region) => mergeRegions(meanwhile, target, region)).catch(note);
  const status = faults.length === 0 ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED';
  const why = faults.length === 0 ? {} : { reason: faults.join(' ') };
  ledger.stackStatus(stackId, status, { ...said, ...why });
  return faults.length === 0;
}

/** What was changed in place is changed back, the last first. @returns what could not be */
async function revert(
  bench: Bench,
  { resources, former, changes }: Turn,
  { begun, nested }: Progress,
  skipped: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { ledger, applier, stackId, stackName, path } = bench;
  const said = tokenOf(bench);
  const faults: string[] = [];
  const { signal } = new AbortController();
  for (const change of changes.filter(changesInPlace).toReversed()) {
    const { logicalId } = change;
    const [resource, before] = [former[logicalId], resources[logicalId]];
    if (!begun.has(logicalId) || resource === undefined || before === undefined) continue;
    ledger.resourceStatus(stackId, resource, 'UPDATE_IN_PROGRESS', said);
    try {
      if (resource.nested !== undefined) {
        const own = benchOf(bench, resource);
        await revertNested(own, turnOf(before, resource, change), nested.get(logicalId), skipped);
      } else if (!skipped.has(`${path}${logicalId}`) && before.refused === undefined) {
        const tell = (reason: string): void =>
          ledger.resourceStatus(stackId, resource, 'UPDATE_IN_PROGRESS', { ...said, reason });
        await applier.update({ stackName, resource, before, signal, tell, isRollback: true });
      }
      ledger.resourceStatus(stackId, resource, 'UPDATE_COMPLETE', said);
    } catch (cause) {
      faults.push(reasonOf(cause));
      ledger.resourceStatus(stackId, resource, 'UPDATE_FAILED', {
        ...said,
        reason: reasonOf(cause),
      });
    }
  }
  return faults;
}

async function revertNested(
  own: Bench,
  turn: Turn,
  progress = noProgress(),
  skipped: ReadonlySet<string>,
): Promise<void> {
  const { ledger, stackId } = own;
  if (ledger.find(stackId)?.record.status !== 'UPDATE_ROLLBACK_IN_PROGRESS') {
    ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', tokenOf(own));
  }
  const faults = await revert(own, turn, progress, skipped);
  if (faults.length === 0) {
    ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', tokenOf(own));
    return;
  }
  const reason = faults.join(' ');
  ledger.stackStatus(stackId, 'UPDATE_ROLLBACK_FAILED', { ...tokenOf(own), reason });
  throw new Error(`Embedded stack ${stackId} was not successfully rolled back: ${reason}`);
}

/** What is new goes again, also in nested stacks. @returns what could not go */
export async function sweep(
  bench: Bench,
  { resources, former, changes }: Turn,
  { begun, nested }: Progress,
  skip: Skip,
): Promise<readonly string[]> {
  const instead = new Map<string, () => Promise<readonly string[]>>();
  const going = changes.filter(({ logicalId }) => begun.has(logicalId));
  for (const change of going.filter(changesInPlace)) {
    const { logicalId } = change;
    const [resource, before] = [resources[logicalId], former[logicalId]];
    if (resource?.nested === undefined) continue;
    const own = benchOf(bench, resource);
    const inner = nested.get(logicalId) ?? noProgress();
    instead.set(logicalId, async () => {
      const lost = await sweep(own, turnOf(resource, before, change), inner, skip);
      forgetGone(own, before?.nested?.resources ?? {}, lost);
      const { status } = own.ledger.find(own.stackId)?.record ?? {};
      if (status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS') {
        own.ledger.stackStatus(own.stackId, 'UPDATE_ROLLBACK_COMPLETE', tokenOf(own));
      }
      return lost;
    });
  }
  const made = going.filter((change) => makes(change) || instead.has(change.logicalId));
  const names = made.map(({ logicalId }) => logicalId);
  return takeAway(bench, inOrder(resources, names), skip, instead);
}

/** Whether a resource was begun, by its path. */
export function isBegun(progress: Progress, path: string): boolean {
  const [name = '', ...below] = path.split('.');
  if (!progress.begun.has(name)) return false;
  const inner = progress.nested.get(name);
  return below.length === 0 || inner === undefined || isBegun(inner, below.join('.'));
}

/** What a record says of its stack, as it was; its events and times stay. */
function restore({ ledger }: Bench, former: Unfinished['records'][number], now: unknown): void {
  if (now === undefined) return;
  const { templateBody, parameters, tags, capabilities, stack } = former;
  ledger.note(former.id, {
    ...{ templateBody, parameters, tags, capabilities },
    ...(stack === undefined ? {} : { stack }),
  });
}
