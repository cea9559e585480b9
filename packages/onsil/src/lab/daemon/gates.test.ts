import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { gates } from './gates.ts';

const handle = (name: string) => `${name}Handle: {Type: AWS::CloudFormation::WaitConditionHandle}`;
const condition = (name: string, more = '', count = 1) =>
  `${handle(name)}\n${name}: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref ${name}Handle, Timeout: "60", Count: ${count}}${more}}`;
/** An instance whose user data signals the handles, made after the others. */
const instance = (name: string, signals: readonly string[], after: readonly string[] = []) =>
  `${name}: {Type: AWS::EC2::Instance, DependsOn: [${['Attachment', ...after].join(', ')}], Properties: {ImageId: ami-0a, SubnetId: !Ref Private, UserData: !Base64 {"Fn::Join": [" ", ["signal", ${signals.map((each) => `!Ref ${each}Handle`).join(', ')}]]}}}`;

/** Names of instances, by the names of those that they must be up before. */
function order(...resources: readonly string[]): Record<string, readonly string[]> {
  const { stack, region } = stackOf(inVpc(resources.join('\n')));
  const nameOf = (id: string) => region.instances[id]?.name ?? id;
  const entries = [...gates(stack, region)].map(
    ([id, before]) => [nameOf(id), before.map(nameOf).toSorted()] as const,
  );
  return Object.fromEntries(entries);
}

test('instances that wait for nothing start at once', () => {
  expect(order(instance('A', []), instance('B', []))).toEqual({ A: [], B: [] });
});

test('who depends on a condition waits for who signals it', () => {
  expect(
    order(
      condition('Ready', ', DependsOn: A'),
      instance('A', ['Ready']),
      instance('B', [], ['Ready']),
    ),
  ).toEqual({ A: [], B: ['A'] });
});

test('also through other resources, by reference, and for all that come before', () => {
  expect(
    order(
      condition('One', ', DependsOn: A'),
      condition('Two', ', DependsOn: B'),
      instance('A', ['One']),
      'Ip: {Type: AWS::EC2::EIP, DependsOn: One}',
      instance('B', ['Two'], ['Ip']),
      instance('C', [], ['Two']),
    ),
  ).toEqual({ A: [], B: ['A'], C: ['A', 'B'] });
});

test('a condition that nobody of these instances signals holds nobody back', () => {
  expect(order(condition('Ready'), instance('A', []), instance('B', [], ['Ready']))).toEqual({
    ...{ A: [], B: [] },
  });
});

test('every one of several that signal the same condition is waited for', () => {
  expect(
    order(
      condition('Ready', '', 2),
      instance('A', ['Ready']),
      instance('B', ['Ready']),
      instance('C', [], ['Ready']),
    ),
  ).toEqual({ A: [], B: [], C: ['A', 'B'] });
});

test('who is made after a condition is not waited for, though it signals it too', () => {
  expect(
    order(
      condition('Ready'),
      instance('A', ['Ready']),
      instance('B', ['Ready'], ['Ready']),
      instance('C', ['Ready'], ['Ready']),
    ),
  ).toEqual({ A: [], B: ['A'], C: ['A'] });
});
