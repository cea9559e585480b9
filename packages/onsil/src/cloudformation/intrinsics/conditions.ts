/** Fn::If, Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition. */
import { asText, type Json, show } from '../../region/json.ts';
import { problem } from '../../region/problem.ts';
import { NO_VALUE, type Value } from '../scope.ts';
import { argumentPath, argumentsOf, type Call, type Intrinsic } from './intrinsic.ts';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html

export const fnIf: Intrinsic = (call) => {
  const [name, yes, no] = argumentsOf(call, 3, 3, '!If [condition, value if true, value if false]');
  if (typeof name !== 'string') {
    throw problem(argumentPath(call, 0), `${show(name)} is not the name of a condition.`);
  }
  const holds = call.scope.condition(name, argumentPath(call, 0));
  const index = holds ? 1 : 2;
  return call.evaluate((holds ? yes : no) ?? null, argumentPath(call, index));
};

export const equals: Intrinsic = (call) => {
  const [left, right] = argumentsOf(call, 2, 2, '!Equals [value, value]');
  const a = call.evaluate(left ?? null, argumentPath(call, 0));
  const b = call.evaluate(right ?? null, argumentPath(call, 1));
  return canonical(a) === canonical(b);
};

export const and: Intrinsic = (call) =>
  argumentsOf(call, 2, 10, '!And [condition, condition, …] with 2 to 10 conditions')
    .map((each, index) => holdsAt(call, each, index))
    .every(Boolean);

export const or: Intrinsic = (call) =>
  argumentsOf(call, 2, 10, '!Or [condition, condition, …] with 2 to 10 conditions')
    .map((each, index) => holdsAt(call, each, index))
    .some(Boolean);

export const not: Intrinsic = (call) => {
  const [one] = argumentsOf(call, 1, 1, '!Not [condition]');
  return !holdsAt(call, one ?? null, 0);
};

export const condition: Intrinsic = (call) =>
  call.scope.condition(asText(call.argument), call.path);

function holdsAt(call: Call, value: Json, index: number): boolean {
  const path = argumentPath(call, index);
  const result = call.evaluate(value, path);
  // Parameters are texts, so `!Not [!Ref Flag]` has one.
  const text = typeof result === 'boolean' || typeof result === 'string' ? String(result) : '';
  if (text === 'true' || text === 'false') return text === 'true';
  const shown = result === NO_VALUE ? 'AWS::NoValue' : show(result);
  throw problem(path, `${shown} is not a condition.`, 'Use Condition, Fn::Equals and the like.');
}

/** `1` and `"1"`, `true` and `"true"` are the same to CloudFormation. */
function canonical(value: Value): string {
  if (value === NO_VALUE) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
