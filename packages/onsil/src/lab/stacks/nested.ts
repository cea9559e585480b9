/** A nested stack is worked on as one resource; inside, its own resources keep to their order. */
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { isEqual } from '../../region/merge.ts';
import type { Applier, Removal, Work } from './applier.ts';

/** The applier, for resources that may be nested stacks. */
export function throughNested(applier: Applier): Pick<Applier, 'create' | 'update' | 'remove'> {
  const create = async (work: Work): Promise<void> => {
    const { nested } = work.resource;
    if (nested === undefined) return applier.create(work);
    await inOrder(nested.resources, work.signal, (resource) =>
      create({ ...work, stackName: nested.name, resource }),
    );
  };
  const update = async (work: Work): Promise<void> => {
    const { nested } = work.resource;
    if (nested === undefined) return applier.update(work);
    const former = work.before?.nested?.resources ?? {};
    await inOrder(nested.resources, work.signal, async (resource) => {
      const before = former[resource.logicalId];
      const inner = { ...work, stackName: nested.name, resource };
      if (before === undefined || before.generation !== resource.generation) await create(inner);
      else if (!isSame(before, resource)) await update({ ...inner, before });
    });
  };
  const remove = async (removal: Removal): Promise<void> => {
    const { nested } = removal.resource;
    if (nested === undefined) return applier.remove(removal);
    // Each before what it depends on.
    for (const resource of Object.values(nested.resources).toReversed()) {
      await remove({ stackName: nested.name, resource });
    }
  };
  return { create, update, remove };
}

/** What a nested stack had before and has no more, or has another one of: to be removed. */
export function goneInside(
  before: StackResource | undefined,
  after: StackResource | undefined,
): readonly Removal[] {
  if (before?.nested === undefined) return [];
  const { name, resources } = before.nested;
  const now = after?.nested?.resources ?? {};
  return Object.values(resources)
    .toReversed()
    .flatMap((resource) => {
      const next = now[resource.logicalId];
      const isGone = next === undefined || next.generation !== resource.generation;
      return isGone ? [{ stackName: name, resource }] : goneInside(resource, next);
    });
}

function isSame(before: StackResource, after: StackResource): boolean {
  return (
    isEqual(before.properties, after.properties) &&
    isEqual(before.metadata, after.metadata) &&
    isEqual(before.nested, after.nested)
  );
}

async function inOrder(
  resources: Readonly<Record<string, StackResource>>,
  signal: AbortSignal,
  work: (resource: StackResource) => Promise<void>,
): Promise<void> {
  const done = new Map<string, Promise<void>>();
  for (const resource of Object.values(resources)) {
    const step = async (): Promise<void> => {
      await Promise.all(resource.dependsOn.map(async (name) => done.get(name)));
      signal.throwIfAborted();
      await work(resource);
    };
    const running = step();
    running.catch(() => {});
    done.set(resource.logicalId, running);
  }
  await Promise.all(done.values());
}
