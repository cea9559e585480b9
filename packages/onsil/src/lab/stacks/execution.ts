/** Carries out a plan: resources in the order of their dependencies, as many at once as can be. */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { StackPlan } from '../../cloudformation/change-set.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import type { Applier } from './applier.ts';
import type { Ledger } from './ledger.ts';
import { throughNested } from './nested.ts';

/** One resource could not be created or updated. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
  readonly logicalId: string;
  readonly action: 'create' | 'update';

  constructor(logicalId: string, action: 'create' | 'update', cause: unknown) {
    super(reasonOf(cause), { cause });
    this.logicalId = logicalId;
    this.action = action;
  }
}

export interface Bench {
  readonly ledger: Ledger;
  readonly applier: Applier;
  readonly stackId: string;
  readonly stackName: string;
}

/** What has been done when a plan failed, for whoever takes it back. */
export interface Progress {
  /** Resources that were begun, in that order. */
  readonly begun: Set<string>;
  readonly failed: Map<string, ResourceError>;
}

/**
 * Creates and updates everything of a plan; the region is `during` already. Resolves when all is
 * complete, or when nothing more is begun after a failure: `failed` says which.
 */
export async function carryOut(bench: Bench, plan: StackPlan): Promise<Progress> {
  const { resources } = plan.after.stack;
  const changes = new Map(plan.changes.map((change) => [change.logicalId, change]));
  const former = plan.before?.stack.resources ?? {};
  const stop = new AbortController();
  const progress: Progress = { begun: new Set(), failed: new Map() };
  const done = new Map<string, Promise<void>>();
  const added = Object.values(resources).filter((each) => isNew(each, changes));
  bench.applier.begin?.(bench.stackName, added.flatMap(withInner));
  // In the order of creation: what a resource waits for is in the map before it.
  for (const resource of Object.values(resources)) {
    const { logicalId, dependsOn } = resource;
    const step = async (): Promise<void> => {
      await Promise.all(dependsOn.map(async (name) => done.get(name)));
      const change = changes.get(logicalId);
      if (change === undefined || !isWork(change) || stop.signal.aborted) return;
      if (dependsOn.some((name) => progress.failed.has(name))) return;
      progress.begun.add(logicalId);
      try {
        await bring(bench, change, resource, former[logicalId], stop.signal);
      } catch (error) {
        if (!(error instanceof ResourceError)) throw error;
        progress.failed.set(logicalId, error);
        stop.abort(error);
      }
    };
    done.set(logicalId, step());
  }
  await Promise.all(done.values());
  return progress;
}

/** Changes of policies alone are noted and nothing more, as on AWS. */
export function isWork({ action, scope }: ResourceChange): boolean {
  return (
    action !== 'Modify' ||
    scope.some((each) => each === 'Properties' || each === 'Tags' || each === 'Metadata')
  );
}

function isNew(
  { logicalId }: StackResource,
  changes: ReadonlyMap<string, ResourceChange>,
): boolean {
  const change = changes.get(logicalId);
  return change?.action === 'Add' || change?.replacement === 'True';
}

/** The resource, or those of the stack that it nests. */
function withInner(resource: StackResource): readonly StackResource[] {
  const inner = resource.nested?.resources;
  return inner === undefined ? [resource] : Object.values(inner).flatMap(withInner);
}

const REPLACING =
  'Requested update requires the creation of a new physical resource; hence creating one.';

async function bring(
  { ledger, applier, stackId, stackName }: Bench,
  change: ResourceChange,
  resource: StackResource,
  before: StackResource | undefined,
  signal: AbortSignal,
): Promise<void> {
  const isUpdate = change.action === 'Modify';
  const isReplacement = change.replacement === 'True';
  const word = isUpdate ? 'UPDATE' : 'CREATE';
  const say = (
    state: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED',
    more?: Parameters<Ledger['resourceStatus']>[3],
  ): void => ledger.resourceStatus(stackId, resource, `${word}_${state}`, more);
  say('IN_PROGRESS', {
    ...(isReplacement ? { reason: REPLACING } : {}),
    anonymous: !isUpdate,
  });
  const action = isUpdate ? 'update' : 'create';
  const gone = cancelled(signal, action);
  try {
    const tell = (reason: string): void => say('IN_PROGRESS', { reason });
    const work = { stackName, resource, signal, tell };
    const done =
      isUpdate && !isReplacement && before !== undefined
        ? throughNested(applier).update({ ...work, before })
        : throughNested(applier).create(work);
    if (!isUpdate) say('IN_PROGRESS', { reason: 'Resource creation Initiated' });
    await Promise.race([done, gone.promise]);
    say('COMPLETE');
  } catch (cause) {
    say('FAILED', { reason: reasonOf(cause) });
    throw new ResourceError(resource.logicalId, action, cause);
  } finally {
    gone.end();
  }
}

/** Rejects when the operation is given up: what is under way is not waited for. */
function cancelled(signal: AbortSignal, action: string) {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const tell = (): void =>
    reject(new CancelledError(`Resource ${action === 'create' ? 'creation' : 'update'} cancelled`));
  signal.addEventListener('abort', tell, { once: true });
  return { promise, end: () => signal.removeEventListener('abort', tell) };
}

/** Given up since another resource failed. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/**
 * Takes resources away, each before what it depends on.
 * @returns the logical ids of those that could not be
 */
export async function takeAway(
  { ledger, applier, stackId, stackName }: Bench,
  resources: readonly StackResource[],
  skip: {
    readonly retained?: ReadonlySet<string>;
    readonly failed?: ReadonlyMap<string, string>;
    readonly untried?: ReadonlySet<string>;
  } = {},
): Promise<readonly string[]> {
  const lost: string[] = [];
  const done = new Map<string, Promise<void>>();
  for (const resource of resources.toReversed()) {
    const { logicalId } = resource;
    const above = resources.filter(({ dependsOn }) => dependsOn.includes(logicalId));
    const step = async (): Promise<void> => {
      await Promise.all(above.map(async (each) => done.get(each.logicalId)));
      if (skip.untried?.has(logicalId) === true) return;
      if (skip.retained?.has(logicalId) === true) {
        ledger.resourceStatus(stackId, resource, 'DELETE_SKIPPED');
        return;
      }
      // Somebody above could not go: this one is still in use.
      if (above.some((each) => lost.includes(each.logicalId))) {
        lost.push(logicalId);
        return;
      }
      ledger.resourceStatus(stackId, resource, 'DELETE_IN_PROGRESS');
      const reason = skip.failed?.get(logicalId);
      try {
        if (reason !== undefined) throw new Error(reason);
        await throughNested(applier).remove({ stackName, resource });
        ledger.resourceStatus(stackId, resource, 'DELETE_COMPLETE');
      } catch (cause) {
        lost.push(logicalId);
        ledger.resourceStatus(stackId, resource, 'DELETE_FAILED', { reason: reasonOf(cause) });
      }
    };
    done.set(logicalId, step());
  }
  await Promise.all(done.values());
  return lost;
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
