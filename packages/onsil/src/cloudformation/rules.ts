/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
import { asText, isList, isMap, type Json, show } from '../region/json.ts';
import { gather, list, problem } from '../region/problem.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';

/** These ask a whole account; the values of parameters are checked against the region anyway. */
const NOT_MODELLED = ['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'];
const ATTRIBUTES = ['RuleCondition', 'Assertions'];

/** Checks the assertions of every rule that applies. Throws ProblemsError with all that fail. */
export function checkRules(scope: Scope): void {
  gather(Object.entries(scope.template.rules), ([name, rule]) => {
    const path = `Rules.${name}`;
    const unknown = Object.keys(rule).find((key) => !ATTRIBUTES.includes(key));
    if (unknown !== undefined) {
      throw problem(
        `${path}.${unknown}`,
        'This is not known here.',
        `Known are ${list(ATTRIBUTES)}.`,
      );
    }
    const condition = rule['RuleCondition'];
    if (condition !== undefined && !holds(condition, scope, `${path}.RuleCondition`)) return;
    const assertions = rule['Assertions'];
    if (!isList(assertions)) throw problem(path, 'The rule has no list of Assertions.');
    gather(assertions.entries(), ([index, assertion]) =>
      checkAssertion(assertion, scope, `${path}.Assertions[${index}]`),
    );
  });
}

function checkAssertion(assertion: Json, scope: Scope, path: string): void {
  const assert = isMap(assertion) ? assertion['Assert'] : undefined;
  if (!isMap(assertion) || assert === undefined) {
    throw problem(path, `${show(assertion)} has no Assert.`);
  }
  if (holds(assert, scope, `${path}.Assert`)) return;
  const description = assertion['AssertDescription'];
  throw problem(
    path,
    `The assertion does not hold: ${description === undefined ? show(assert) : asText(description)}`,
  );
}

function holds(value: Json, scope: Scope, path: string): boolean {
  const text = JSON.stringify(value);
  const used = NOT_MODELLED.find((name) => text.includes(`"${name}"`));
  if (used !== undefined) {
    const message = `${used} is not modelled: the rule is not checked.`;
    scope.warn({ severity: 'warning', path, message });
    return true;
  }
  const result = evaluate(value, scope, path);
  return result === true || result === 'true';
}
