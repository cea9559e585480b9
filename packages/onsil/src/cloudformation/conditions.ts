/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html */
import { show } from '../region/json.ts';
import { gather, list, problem } from '../region/problem.ts';
import { evaluate } from './evaluate.ts';
import { NO_VALUE, type Scope } from './scope.ts';

/**
 * Settles every condition of the template and returns the look-up for a scope. Throws ProblemsError
 * for what is wrong in any of them; a cycle is shown as its whole chain.
 */
export function settleConditions(
  scope: Omit<Scope, 'condition' | 'resources'>,
): Scope['condition'] {
  const declared = scope.template.conditions;
  const settled = new Map<string, boolean>();
  const open: string[] = [];

  const condition: Scope['condition'] = (name, path) => {
    const known = settled.get(name);
    if (known !== undefined) return known;
    const expression = declared[name];
    if (expression === undefined) {
      const names = list(Object.keys(declared));
      throw problem(path, `There is no condition "${name}"; there are ${names}.`);
    }
    if (open.includes(name)) {
      const chain = [...open.slice(open.indexOf(name)), name].join(' → ');
      throw problem(`Conditions.${name}`, `Conditions depend on each other in a circle: ${chain}.`);
    }
    open.push(name);
    try {
      const own = `Conditions.${name}`;
      const value = evaluate(expression, { ...scope, condition }, own);
      if (typeof value !== 'boolean' && value !== 'true' && value !== 'false') {
        const shown = value === NO_VALUE ? 'AWS::NoValue' : show(value);
        throw problem(own, `${shown} is neither true nor false.`, 'Use Fn::Equals and the like.');
      }
      settled.set(name, String(value) === 'true');
      return String(value) === 'true';
    } finally {
      open.pop();
    }
  };
  gather(Object.keys(declared), (name) => condition(name, `Conditions.${name}`));
  return condition;
}
