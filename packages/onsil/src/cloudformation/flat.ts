/** A stack with the stacks that it nests, as one list: resources by their path `Nested.LogicalId`. */
import type { StackResource } from './create-resource.ts';
import type { Stack } from './stack.ts';

/**
 * All resources in the order of creation, those of a nested stack before it. `logicalId` and
 * `dependsOn` are paths; a nested stack has no entries of its own: its resources have them.
 */
export function flatResources(
  stack: Pick<Stack, 'resources'>,
  prefix = '',
  outer: readonly string[] = [],
  outerPolicy = 'Delete',
): readonly StackResource[] {
  return Object.values(stack.resources).flatMap((resource) => {
    const logicalId = `${prefix}${resource.logicalId}`;
    const dependsOn = [...resource.dependsOn.map((name) => `${prefix}${name}`), ...outer];
    // What keeps a nested stack keeps all that is in it.
    const own = resource.deletionPolicy ?? 'Delete';
    const deletionPolicy = outerPolicy.startsWith('Retain') ? outerPolicy : own;
    const flat = { ...resource, logicalId, deletionPolicy };
    if (resource.nested === undefined) return [{ ...flat, dependsOn }];
    const inner = flatResources(resource.nested, `${logicalId}.`, dependsOn, deletionPolicy);
    const names = inner.map((each) => each.logicalId);
    return [...inner, { ...flat, dependsOn: [...dependsOn, ...names], entries: [] }];
  });
}
