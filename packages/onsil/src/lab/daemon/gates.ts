/** The order of a stack's creation, as far as machines must keep to it. */
import type { Stack } from '../../cloudformation/stack.ts';
import type { Region } from '../../region/region.ts';
import { owedBy } from './signals.ts';

/**
 * By instance id: the instances whose set-up must have ended before this one may start, since
 * a wait condition that they signal lies upstream of it in the template.
 */
export function gates(stack: Stack, region: Region): ReadonlyMap<string, readonly string[]> {
  const instances = Object.values(region.instances).map((instance) => ({
    id: instance.id,
    owed: owedBy(region, instance, stack),
    above: upstream(stack, instance.logicalId),
  }));
  const signallers = new Map<string, string[]>();
  for (const { id, owed, above } of instances) {
    for (const { logicalId } of owed) {
      // Who is made after a condition is none that it waits for.
      if (above.has(logicalId)) continue;
      signallers.set(logicalId, [...(signallers.get(logicalId) ?? []), id]);
    }
  }
  return new Map(
    instances.map(({ id, above }) => {
      const before = [...above].flatMap((logicalId) => signallers.get(logicalId) ?? []);
      return [id, [...new Set(before)]];
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
