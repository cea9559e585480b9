/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html */
import { show } from '../region/json.ts';
import { gather, problem } from '../region/problem.ts';
import { evaluate } from './evaluate.ts';
import { NO_VALUE, type Scope } from './scope.ts';

export interface StackOutput {
  readonly value: string;
  readonly description?: string;
  /** Other stacks import the value by this name. */
  readonly exportName?: string;
}

/** The outputs whose condition holds. Throws ProblemsError. */
export function createOutputs(scope: Scope): Readonly<Record<string, StackOutput>> {
  const taken = new Set(Object.keys(scope.exports));
  const entries = gather(Object.entries(scope.template.outputs), ([name, output]) => {
    const path = `Outputs.${name}`;
    const { condition, description } = output;
    if (condition !== undefined && !scope.condition(condition, `${path}.Condition`)) return [];
    const value = textOf(output.value, scope, `${path}.Value`);
    const exportName =
      output.exportName === undefined
        ? undefined
        : textOf(output.exportName, scope, `${path}.Export.Name`);
    if (exportName !== undefined) {
      if (taken.has(exportName)) {
        throw problem(
          `${path}.Export.Name`,
          `"${exportName}" is already exported.`,
          'Give it another name: exports are one list for the region.',
          { text: `Export with name ${exportName} is already exported by another stack.` },
        );
      }
      taken.add(exportName);
    }
    const made: StackOutput = {
      value,
      ...(description === undefined ? {} : { description }),
      ...(exportName === undefined ? {} : { exportName }),
    };
    return [[name, made] as const];
  });
  return Object.fromEntries(entries.flat());
}

function textOf(value: Parameters<typeof evaluate>[0], scope: Scope, path: string): string {
  const result = evaluate(value, scope, path);
  if (result === NO_VALUE || typeof result === 'object') {
    const shown = result === NO_VALUE ? 'AWS::NoValue' : show(result);
    throw problem(path, `${shown} is not a text, which an output needs.`);
  }
  return String(result);
}
