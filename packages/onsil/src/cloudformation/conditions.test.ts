import { expect, test } from 'vitest';
import { refusal, stackOf } from './testing.ts';

const RESOURCES = `
Resources:
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
`;
function holds(expression: string): boolean {
  const text = `
Parameters: {Flag: {Type: String, Default: "true"}, Count: {Type: Number, Default: 1}}
Conditions: {Yes: !Equals [a, a], No: !Equals [a, b], Asked: ${expression}}
${RESOURCES}  W: {Type: AWS::EC2::VPC, Condition: Asked, Properties: {CidrBlock: 10.1.0.0/16}}
`;
  return stackOf(text).stack.resources['W'] !== undefined;
}

test.each([
  ['!Equals [!Ref Flag, true]', true],
  ['!Equals [!Ref Flag, "True"]', false],
  ['!Equals [!Ref Count, 1]', true],
  ['!Equals [!Ref Count, "2"]', false],
  ['!And [!Condition Yes, !Condition Yes]', true],
  ['!And [!Condition Yes, !Condition No]', false],
  ['!Or [!Condition No, !Condition Yes]', true],
  ['!Or [!Condition No, {Condition: No}]', false],
  ['!Not [!Condition No]', true],
  ['!Not [!Equals [a, a]]', false],
  ['!Condition Yes', true],
  ['!Equals [!If [No, x, y], y]', true],
])('%s is %s', (expression, value) => {
  expect(holds(expression)).toBe(value);
});

test('a circle is shown as its whole chain', () => {
  const text = `Conditions: {A: !Not [!Condition B], B: !Not [!Condition C], C: !Not [!Condition A]}${RESOURCES}`;
  expect(refusal(text)).toContain(
    'Conditions.A: Conditions depend on each other in a circle: A → B → C → A.',
  );
});

test('a condition cannot ask a resource', () => {
  expect(refusal(`Conditions: {A: !Equals [!Ref V, x]}${RESOURCES}`)).toEqual([
    'Conditions.A.Fn::Equals[0]: "V" is a resource, which cannot be referred to here. Conditions, rules and parameters are settled before any resource exists.',
  ]);
});

test('a condition is true or false', () => {
  expect(refusal(`Conditions: {A: !Ref AWS::Region}${RESOURCES}`)).toEqual([
    'Conditions.A: "ap-northeast-2" is neither true nor false. Use Fn::Equals and the like.',
  ]);
});

test('an unknown condition of a resource or an output', () => {
  const text = `${RESOURCES}  W: {Type: AWS::EC2::VPC, Condition: C, Properties: {CidrBlock: 10.1.0.0/16}}`;
  expect(refusal(text)).toEqual([
    'Resources.W.Condition: There is no condition "C"; there are none.',
  ]);
});
