/** Carries out a plan: resources in the order of their dependencies, as many at once as can be. */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import {
  type Bench,
  isWork,
  makes,
  noProgress,
  type Progress,
  ResourceError,
  reasonOf,
  type Turn,
  tokenOf,
} from './bench.ts';
import type { Ledger } from './ledger.ts';
import { createNested, updateNested } from './nested.ts';

/**
 * Creates and updates everything of one stack; what waits for its turn is let into the region when
 * it has come. Resolves when all is complete, or when nothing more is begun after a failure or a
 * stop from outside: `failed` says which.
 */
export async function carryOut(bench: Bench, turn: Turn): Promise<Progress> {
  const { resources, former } = turn;
  const changes = new Map(turn.changes.map((change) => [change.logicalId, change]));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, bench.stop]);
  const progress = noProgress();
  const done = new Map<string, Promise<void>>();
  // In the order of creation: what a resource waits for is in the map before it.
  for (const resource of Object.values(resources)) {
    const { logicalId, dependsOn } = resource;
    const step = async (): Promise<void> => {
      await Promise.all(dependsOn.map(async (name) => done.get(name)));
      const change = changes.get(logicalId);
      if (change === undefined || !isWork(change) || signal.aborted) return;
      if (dependsOn.some((name) => progress.failed.has(name))) return;
      progress.begun.add(logicalId);
      try {
        await bring({ ...bench, stop: signal }, change, resource, former[logicalId], progress);
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

/** All resources that a stack is about to make, those of nested stacks too. */
export function toBeMade({ resources, former, changes }: Turn): readonly StackResource[] {
  return changes.flatMap((change) => {
    const resource = resources[change.logicalId];
    if (resource?.nested === undefined)
      return resource !== undefined && makes(change) ? [resource] : [];
    const nested = former[change.logicalId]?.nested?.resources ?? {};
    const inner = { resources: resource.nested.resources, former: nested };
    return toBeMade({ ...inner, changes: change.nested ?? [] });
  });
}

const REPLACING =
  'Requested update requires the creation of a new physical resource; hence creating one.';

async function bring(
  bench: Bench,
  change: ResourceChange,
  resource: StackResource,
  before: StackResource | undefined,
  progress: Progress,
): Promise<void> {
  const { ledger, stackId, stop } = bench;
  const isUpdate = change.action === 'Modify';
  const word = isUpdate ? 'UPDATE' : 'CREATE';
  const say = (
    state: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED',
    more?: Parameters<Ledger['resourceStatus']>[3],
  ): void =>
    ledger.resourceStatus(stackId, resource, `${word}_${state}`, { ...tokenOf(bench), ...more });
  say('IN_PROGRESS', {
    ...(change.replacement === 'True' ? { reason: REPLACING } : {}),
    anonymous: !isUpdate,
  });
  const gone = cancelled(stop, isUpdate ? 'update' : 'creation');
  const initiated = (): void => {
    if (!isUpdate) say('IN_PROGRESS', { reason: 'Resource creation Initiated' });
  };
  try {
    const tell = (reason: string): void => say('IN_PROGRESS', { reason });
    const done = work(bench, change, resource, before, progress, { initiated, tell });
    // A nested stack ends by itself, each of its resources cancelled.
    await (resource.nested === undefined ? Promise.race([done, gone.promise]) : done);
    say('COMPLETE');
  } catch (cause) {
    const isCut = resource.nested !== undefined && stop.aborted;
    const reason = isCut
      ? `Resource ${isUpdate ? 'update' : 'creation'} cancelled`
      : reasonOf(cause);
    say('FAILED', { reason });
    throw new ResourceError(isUpdate ? 'update' : 'create', cause);
  } finally {
    gone.end();
  }
}

/** Events of a resource while it is worked on. */
interface Telling {
  readonly initiated: () => void;
  readonly tell: (reason: string) => void;
}

async function work(
  bench: Bench,
  change: ResourceChange,
  resource: StackResource,
  before: StackResource | undefined,
  progress: Progress,
  { initiated, tell }: Telling,
): Promise<void> {
  const { applier, stackName, stop: signal, path, releases } = bench;
  if (resource.refused !== undefined) throw new Error(resource.refused);
  const release = releases.get(`${path}${resource.logicalId}`);
  if (release !== undefined) await applier.change(release);
  const inPlace = makes(change) ? undefined : before;
  if (resource.nested !== undefined) {
    initiated();
    const inner = { bench, resource, change, progress };
    return inPlace === undefined ? createNested(inner) : updateNested(inner, inPlace);
  }
  const task = { stackName, resource, signal, tell };
  const done =
    inPlace === undefined ? applier.create(task) : applier.update({ ...task, before: inPlace });
  initiated();
  return done;
}

/** Rejects when the operation is given up: what is under way is not waited for. */
function cancelled(signal: AbortSignal, what: 'creation' | 'update') {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const tell = (): void => reject(new Error(`Resource ${what} cancelled`));
  signal.addEventListener('abort', tell, { once: true });
  return { promise, end: () => signal.removeEventListener('abort', tell) };
}
