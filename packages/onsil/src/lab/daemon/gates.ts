/** The order of a stack's creation, as far as machines must keep to it. */
import type { Stack } from '../../cloudformation/stack.ts';
import type { Region } from '../../region/region.ts';
import { owedBy } from './signals.ts';

/**
 * By instance id: the instances whose set-up must have ended before this one may start, since
 * a wait condition that they signal lies upstream of it in the template.
 */
export function gates(stack: Stack, region: Region): ReadonlyMap<string, readonly string[]> {
  const signaller = new Map<string, string>();
  for (const instance of Object.values(region.instances)) {
    for (const condition of owedBy(region, instance)) {
      signaller.set(condition.logicalId, instance.id);
    }
  }
  return new Map(
    Object.values(region.instances).map((instance) => {
      const before = [...upstream(stack, instance.logicalId)].flatMap(
        (logicalId) => signaller.get(logicalId) ?? [],
      );
      return [instance.id, before.filter((id) => id !== instance.id)];
    }),
  );
}

function upstream(stack: Stack, logicalId: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const each of stack.resources[logicalId]?.dependsOn ?? []) {
    if (seen.has(each)) continue;
    seen.add(each);
    upstream(stack, each, seen);
  }
  return seen;
}
