/** Signals are for resources that wait for them, and for no others. */
import { CloudFormationClient, SignalResourceCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inVpc, testRegion } from '../../../../cloudformation/testing.ts';
import { StackEngine } from '../../../stacks/engine.ts';
import { causesReplacement } from '../../../stacks/specification.ts';
import { input, RegionApplier } from '../../../stacks/testing.ts';
import { startTestLab, type TestLab } from '../testing.ts';

const STACK = inVpc(`Web:
  Type: AWS::EC2::Instance
  CreationPolicy: {ResourceSignal: {Count: 1}}
  Properties: {SubnetId: !Ref Private, ImageId: ami-0web}
Plain: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Private, ImageId: ami-0web}}`);

let lab: TestLab;
let client: CloudFormationClient;
let signals: unknown[];
let go: () => void;

beforeEach(async () => {
  const applier = new RegionApplier(testRegion());
  const slow = Promise.withResolvers<void>();
  go = slow.resolve;
  for (const name of ['Web', 'Plain']) applier.waits.set(`create ${name}`, slow.promise);
  signals = [];
  const stacks = new StackEngine({ applier, now: Date.now, secret: 'salt', causesReplacement });
  lab = await startTestLab(testRegion(), {
    stacks,
    onSignal: (...signal) => {
      signals.push(signal);
    },
  });
  client = new CloudFormationClient({ ...lab.client, maxAttempts: 1 });
  stacks.createStack(input(STACK));
});
afterEach(async () => {
  client.destroy();
  await lab.close();
  expect(lab.errors).toEqual([]);
});

const signal = (more: object = {}) =>
  client.send(
    new SignalResourceCommand({
      ...{ StackName: 'shop', LogicalResourceId: 'Web', UniqueId: 'one', Status: 'SUCCESS' },
      ...more,
    }),
  );

test('one that waits is told, for good or ill', async () => {
  await signal();
  await signal({ UniqueId: 'two', Status: 'FAILURE' });
  expect(signals).toEqual([
    ['shop/Web', { ...said('SUCCESS', 'one'), data: '' }],
    ['shop/Web', { ...said('FAILURE', 'two'), data: '' }],
  ]);
});

const said = (status: string, uniqueId: string) => ({
  ...{ status, uniqueId, reason: `Received ${status} signal with UniqueId ${uniqueId}` },
});

test.each([
  [{ StackName: 'none' }, 'Stack with id none does not exist'],
  [{ LogicalResourceId: 'None' }, 'Resource None does not exist for stack shop'],
  [{ LogicalResourceId: 'Plain' }, 'Resource Plain is in CREATE_IN_PROGRESS state and cannot be'],
  [{ LogicalResourceId: 'Vpc' }, 'Resource Vpc is in CREATE_COMPLETE state and cannot be signaled'],
  [{ Status: 'PERHAPS' }, 'it must be one of SUCCESS, FAILURE'],
])('%j is refused', async (more, message) => {
  await expect(signal(more)).rejects.toThrow(message);
  expect(signals).toEqual([]);
});

test('a stack that is complete waits for nothing', async () => {
  go();
  const { id } = await lab.context.stacks.settled('shop');
  await expect(signal()).rejects.toThrow(
    `${id} is in CREATE_COMPLETE state and cannot be signaled`,
  );
  expect(signals).toEqual([]);
});
