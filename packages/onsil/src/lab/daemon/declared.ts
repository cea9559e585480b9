/** What the templates of a lab's own stack declare, for its bill. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { declaredResources } from '../../cost/declared.ts';
import type { DeclaredResource } from '../../cost/item.ts';
import type { Lab } from './up.ts';

/** By the stack as it was when it was worked out: another one is another object. */
const known = new WeakMap<object, readonly DeclaredResource[]>();

/** Nothing where the stack is not there (any more). */
export function declaredIn(lab: Lab | undefined): readonly DeclaredResource[] {
  const stack = lab?.stack;
  const record = lab?.engine.find(lab.lab);
  if (stack === undefined || record === undefined) return [];
  const before = known.get(stack);
  if (before !== undefined) return before;
  const resources = declaredResources(parseTemplate(record.templateBody, lab?.lab ?? ''), stack);
  known.set(stack, resources);
  return resources;
}
