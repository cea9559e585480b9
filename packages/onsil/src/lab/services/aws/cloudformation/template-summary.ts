import { parseTemplate } from '../../../../cloudformation/parse.ts';
import type { Template } from '../../../../cloudformation/template.ts';
import { ProblemsError } from '../../../../region/problem.ts';

const KEPT = 64;
const known = new Map<string, Template | undefined>();

/** A template of a stack as it was parsed; nothing where it cannot be. */
export function summaryOf(templateBody: string): Template | undefined {
  if (known.has(templateBody)) return known.get(templateBody);
  let template: Template | undefined;
  try {
    template = parseTemplate(templateBody, 'TemplateBody');
  } catch (cause) {
    if (!(cause instanceof ProblemsError)) throw cause;
  }
  // The oldest goes first: a map keeps the order in which it was filled.
  const [oldest] = known.keys();
  if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
  known.set(templateBody, template);
  return template;
}
