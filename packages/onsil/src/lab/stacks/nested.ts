/**
 * Nested stacks: stacks with records and events of their own, worked on as a resource of another.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import type { NestedStack } from '../../cloudformation/nested-stack.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import {
  type Bench,
  failedTo,
  failureOf,
  isWork,
  type Progress,
  reasonOf,
  type Turn,
  tokenOf,
} from './bench.ts';
import { carryOut } from './execution.ts';
import type { StackRecord } from './stack-service.ts';
import { type Skip, takeAway } from './take-away.ts';

interface Inner {
  /** Of the stack that nests. */
  readonly bench: Bench;
  readonly resource: StackResource;
  readonly change: ResourceChange;
  /** Of the stack that nests; that of the nested one is put into it. */
  readonly progress: Progress;
}

export async function createNested({ bench, resource, change, progress }: Inner): Promise<void> {
  const nested = nestedOf(resource);
  const { ledger } = bench;
  const said = tokenOf(bench);
  ledger.put(recordOfNested(bench, nested), undefined);
  ledger.stackStatus(nested.id, 'CREATE_IN_PROGRESS', { ...said, reason: 'User Initiated' });
  const late = timeLimit(nested.source.timeoutInMinutes);
  try {
    const own = benchOf(bench, resource, late?.signal);
    const made = await through(own, turnOf(resource, undefined, change), progress, resource);
    const reason =
      late?.signal.aborted === true && made !== undefined ? reasonOf(late.signal.reason) : made;
    if (reason === undefined) {
      ledger.stackStatus(nested.id, 'CREATE_COMPLETE', said);
      return;
    }
    ledger.stackStatus(nested.id, 'CREATE_FAILED', { ...said, reason });
    throw new Error(`Embedded stack ${nested.id} was not successfully created: ${reason}`);
  } finally {
    late?.end();
  }
}

export async function updateNested(
  { bench, resource, change, progress }: Inner,
  before: StackResource,
): Promise<void> {
  const nested = nestedOf(resource);
  const { ledger } = bench;
  const said = tokenOf(bench);
  ledger.put(recordOfNested(bench, nested), undefined);
  ledger.stackStatus(nested.id, 'UPDATE_IN_PROGRESS', { ...said, reason: 'User Initiated' });
  const own = benchOf(bench, resource);
  const reason = await through(own, turnOf(resource, before, change), progress, resource);
  if (reason === undefined) {
    ledger.stackStatus(nested.id, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', said);
    return;
  }
  const status = bench.keepsFailed ? 'UPDATE_FAILED' : 'UPDATE_ROLLBACK_IN_PROGRESS';
  ledger.stackStatus(nested.id, status, { ...said, reason });
  const now = `Currently in ${status} with reason: ${reason}`;
  throw new Error(`Embedded stack ${nested.id} was not successfully updated. ${now}`);
}

/** Deletes a nested stack with all that was begun of it. Rejects with what could not be deleted. */
export async function removeNested(
  bench: Bench,
  resource: StackResource,
  skip: Skip,
): Promise<void> {
  const { id } = nestedOf(resource);
  const { ledger } = bench;
  const said = tokenOf(bench);
  // One that was never begun has no record.
  if (ledger.find(id) === undefined) return;
  ledger.stackStatus(id, 'DELETE_IN_PROGRESS', said);
  const lost = await takeAway(benchOf(bench, resource), begunOf(bench, nestedOf(resource)), skip);
  if (lost.length > 0) {
    const reason = failedTo('delete', lost);
    ledger.stackStatus(id, 'DELETE_FAILED', { ...said, reason });
    throw new Error(`Embedded stack ${id} was not successfully deleted: ${reason}`);
  }
  ledger.stackStatus(id, 'DELETE_COMPLETE', said);
  ledger.forgetStack(id);
}

/** Of a stack, the resources that something was made of. */
export function begunOf(
  { ledger }: Pick<Bench, 'ledger'>,
  { id, resources }: Pick<Stack, 'id' | 'resources'>,
): readonly StackResource[] {
  const { resourceStatus = {} } = ledger.find(id)?.record ?? {};
  return Object.values(resources).filter(({ logicalId }) => {
    const status = resourceStatus[logicalId]?.status;
    return status !== undefined && status !== 'DELETE_COMPLETE';
  });
}

/** The bench of a nested stack. */
export function benchOf(bench: Bench, resource: StackResource, limit?: AbortSignal): Bench {
  const { id, name } = nestedOf(resource);
  return {
    ...{ ...bench, stackId: id, stackName: name, path: `${bench.path}${resource.logicalId}.` },
    stop: limit === undefined ? bench.stop : AbortSignal.any([bench.stop, limit]),
  };
}

/** What a plan does to the stack that a resource nests. */
export function turnOf(
  resource: StackResource,
  before: StackResource | undefined,
  { nested = [] }: ResourceChange,
): Turn {
  const [resources, former] = [resource, before].map((each) => each?.nested?.resources ?? {});
  return { resources: resources ?? {}, former: former ?? {}, changes: nested };
}

/** The record of a nested stack as the plan has it. */
export function recordOfNested(
  { ledger, stackId: parentId, rootId }: Pick<Bench, 'ledger' | 'stackId' | 'rootId'>,
  { source, ...stack }: NestedStack,
): StackRecord {
  const former = ledger.find(stack.id)?.record;
  const { templateBody, parameters, tags } = source;
  return {
    ...{ name: stack.name, id: stack.id, parentId, rootId, stack: { ...stack } },
    ...{ templateBody, parameters, tags, capabilities: [], terminationProtection: false },
    status: former?.status ?? 'REVIEW_IN_PROGRESS',
    resourceStatus: former?.resourceStatus ?? {},
    createdAt: former?.createdAt ?? ledger.now(),
    ...(former?.updatedAt === undefined ? {} : { updatedAt: former.updatedAt }),
  };
}

export function nestedOf({ nested, logicalId }: StackResource): NestedStack {
  if (nested !== undefined) return nested;
  throw new RangeError(`${logicalId} is no nested stack`);
}

/** Aborts when the minutes are over. */
export function timeLimit(
  minutes: number | undefined,
): { readonly signal: AbortSignal; readonly end: () => void } | undefined {
  if (minutes === undefined) return undefined;
  const controller = new AbortController();
  const late = (): void =>
    controller.abort(new Error('Stack creation time exceeded the specified timeout.'));
  const timer = setTimeout(late, minutes * 60_000);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}

/** Carries out a turn; why it did not succeed. */
async function through(
  own: Bench,
  turn: Turn,
  progress: Progress,
  { logicalId }: StackResource,
): Promise<string | undefined> {
  const inner = await carryOut(own, turn);
  progress.nested.set(logicalId, inner);
  return failureOf(inner) ?? cutOf(own, turn, inner);
}

/** Why a stack that was stopped from outside is not complete; nothing where it is. */
export function cutOf(
  { stop }: Bench,
  { changes }: Turn,
  { begun, failed }: Progress,
): string | undefined {
  if (!stop.aborted) return undefined;
  const isDone = (change: ResourceChange): boolean =>
    change.action === 'Remove' || !isWork(change) || begun.has(change.logicalId);
  return failed.size === 0 && changes.every(isDone) ? undefined : reasonOf(stop.reason);
}
