import { expect, test } from 'vitest';
import { refusal, stackOf, warningsOf } from './testing.ts';

const template = (rule: string) => `
Parameters: {Env: {Type: String, Default: prod}, Zones: {Type: CommaDelimitedList, Default: "a,b"}}
Rules: {R: ${rule}}
Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}
`;
const asserts = (expression: string) =>
  template(`{Assertions: [{Assert: ${expression}, AssertDescription: Not so.}]}`);

test.each([
  '{"Fn::Contains": [[prod, dev], !Ref Env]}',
  '{"Fn::EachMemberIn": [!Ref Zones, [a, b, c]]}',
  '{"Fn::EachMemberEquals": [[prod, prod], !Ref Env]}',
  '!Not [{"Fn::Contains": [[dev], !Ref Env]}]',
])('%s holds', (expression) => {
  expect(stackOf(asserts(expression)).problems).toEqual([]);
});

test.each([
  '{"Fn::Contains": [[dev], !Ref Env]}',
  '{"Fn::EachMemberIn": [!Ref Zones, [a]]}',
  '{"Fn::EachMemberEquals": [[prod, dev], !Ref Env]}',
])('%s fails', (expression) => {
  expect(refusal(asserts(expression))).toEqual([
    'Rules.R.Assertions[0]: The assertion does not hold: Not so.',
  ]);
});

test('a rule applies only under its condition', () => {
  const rule = '{RuleCondition: !Equals [!Ref Env, dev], Assertions: [{Assert: !Equals [a, b]}]}';
  expect(stackOf(template(rule)).problems).toEqual([]);
});

test('functions that ask the account are named, not guessed', () => {
  const text = asserts('{"Fn::EachMemberIn": [{"Fn::ValueOf": [Env, x]}, [a]]}');
  expect(warningsOf(stackOf(text))).toEqual([
    'Rules.R.Assertions[0].Assert: Fn::ValueOf is not modelled: the rule is not checked.',
  ]);
});
