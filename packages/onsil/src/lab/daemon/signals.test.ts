import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { owedBy, type Signal, SignalBox } from './signals.ts';

const CONDITION = { id: 'c-1', logicalId: 'Ready', handleId: 'h-1', count: 2, timeout: 60 };
const signal = (uniqueId: string, status: Signal['status'] = 'SUCCESS', reason = ''): Signal => ({
  ...{ uniqueId, status, reason },
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How a promise stands once all that can happen without time has happened. */
async function stateOf(promise: Promise<void>): Promise<string> {
  let state = 'waits';
  promise.then(
    () => {
      state = 'met';
    },
    (error: Error) => {
      state = error.message;
    },
  );
  await vi.advanceTimersByTimeAsync(0);
  return state;
}

describe('a condition', () => {
  test('is met by the last of its signals', async () => {
    const box = new SignalBox();
    const waiting = box.wait(CONDITION);
    box.receive('h-1', signal('a'));
    expect(await stateOf(waiting)).toBe('waits');
    box.receive('h-1', signal('b'));
    expect(await stateOf(waiting)).toBe('met');
    expect(vi.getTimerCount()).toBe(0);
  });
  test('is met by signals that came before anybody waited', async () => {
    const box = new SignalBox();
    for (const id of ['a', 'b']) box.receive('h-1', signal(id));
    expect(await stateOf(box.wait(CONDITION))).toBe('met');
  });
  test('counts a repeated signal once, and none of another handle', async () => {
    const box = new SignalBox();
    const waiting = box.wait(CONDITION);
    for (const id of ['a', 'a', 'a']) box.receive('h-1', signal(id));
    for (const id of ['b', 'c']) box.receive('h-2', signal(id));
    expect(await stateOf(waiting)).toBe('waits');
  });
  test('fails at the first signal of failure, with its reason', async () => {
    const box = new SignalBox();
    const waiting = box.wait(CONDITION);
    box.receive('h-1', signal('a', 'FAILURE', 'nginx did not start'));
    expect(await stateOf(waiting)).toBe('nginx did not start');
    expect(vi.getTimerCount()).toBe(0);
  });
  test('fails when its time is over, not before, and says what came', async () => {
    const box = new SignalBox();
    const waiting = box.wait(CONDITION);
    const late = stateOf(waiting);
    box.receive('h-1', signal('a'));
    expect(await late).toBe('waits');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(await stateOf(waiting)).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(await stateOf(waiting)).toBe('Ready got 1 of 2 signals of success within 60 s');
  });
  test('waits anew for what was forgotten', async () => {
    const box = new SignalBox();
    for (const id of ['a', 'b']) box.receive('h-1', signal(id));
    box.forget('h-1');
    expect(await stateOf(box.wait(CONDITION))).toBe('waits');
  });
});

test('an instance owes the conditions whose addresses are in its user data', () => {
  const { region } = stackOf(
    inVpc(`
One: {Type: AWS::CloudFormation::WaitConditionHandle}
Two: {Type: AWS::CloudFormation::WaitConditionHandle}
First: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref One, Timeout: 60}}
Second: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref Two, Timeout: 60}}
A: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref Private, UserData: !Base64 {"Fn::Sub": "signal \${One}"}}}
B: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref Private, UserData: !Base64 {"Fn::Sub": "signal \${One} \${Two}"}}}
C: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref Private}}
`),
  );
  const owed = Object.values(region.instances).map((instance) => [
    instance.name,
    owedBy(region, instance).map(({ logicalId }) => logicalId),
  ]);
  expect(Object.fromEntries(owed)).toEqual({ A: ['First'], B: ['First', 'Second'], C: [] });
});
