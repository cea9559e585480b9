/** Nested stacks and the rarer requests, as AWS's client sends them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleRegion } from '../../testing.ts';
import { modelOf, resolveShape } from '../model.ts';
import { startTestLab, type TestLab } from '../testing.ts';
import { cloudformation } from './cloudformation.ts';

const INNER = (block: string) => `
Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: ${block}}}}
Outputs: {VpcId: {Value: !Ref Vpc}}`;
/** The second one's address is made of the outputs of the first. */
const OUTER = `
Parameters: {Folder: {Type: String, Default: a}}
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub 'https://s3.\${AWS::Region}.\${AWS::URLSuffix}/releases/\${Folder}/net.yaml'}
  Rest:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub ['https://releases.s3.amazonaws.com/\${N}.yaml', {N: !Select [0, !Split ['-', !GetAtt Net.Outputs.VpcId]]}]
      Parameters: {VpcId: !GetAtt Net.Outputs.VpcId}
`;
const REST = `
Parameters: {VpcId: {Type: String}}
Resources: {Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VpcId, CidrBlock: 10.9.1.0/24}}}`;
const PLAIN = INNER('10.8.0.0/16');

let lab: TestLab;
let client: CloudFormationClient;

beforeEach(async () => {
  lab = await startTestLab(sampleRegion());
  client = new CloudFormationClient({ ...lab.client, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await lab.close();
  expect(lab.errors).toEqual([]);
});
const StackName = 'shop';
const settled = () => lab.context.stacks.settled(StackName);
const create = (more: Partial<CreateStackCommandInput> = {}) =>
  client.send(new CreateStackCommand({ StackName, TemplateBody: PLAIN, ...more }));

test('templates of nested stacks are objects of the lab', async () => {
  const { objects } = lab.context;
  await objects.put('releases', 'a/net.yaml', INNER('10.9.0.0/16'));
  await objects.put('releases', 'b/net.yaml', INNER('10.7.0.0/16'));
  await expect(create({ TemplateBody: OUTER })).rejects.toThrow(
    'The specified key does not exist: releases/vpc.yaml',
  );
  expect(lab.context.stacks.stacks()).toEqual([]);
  await objects.put('releases', 'vpc.yaml', REST);
  const { StackId } = await create({ TemplateBody: OUTER });
  expect((await settled()).status).toBe('CREATE_COMPLETE');
  const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName }));
  const [net, rest] = StackResources ?? [];
  expect(net?.PhysicalResourceId).toMatch(/^arn:aws:cloudformation:.*:stack\/shop-Net-/);
  const { Stacks } = await client.send(
    new DescribeStacksCommand({ StackName: rest?.PhysicalResourceId }),
  );
  expect(Stacks?.[0]).toMatchObject({
    ...{ ParentId: StackId, RootId: StackId, StackStatus: 'CREATE_COMPLETE' },
    Parameters: [{ ParameterKey: 'VpcId' }],
  });
  const events = await client.send(
    new DescribeStackEventsCommand({ StackName: net?.PhysicalResourceId }),
  );
  expect(events.StackEvents?.map((each) => each.LogicalResourceId)).toContain('Vpc');
  const { StackSummaries } = await client.send(new ListStacksCommand());
  expect(StackSummaries?.filter(({ RootId }) => RootId === StackId)).toHaveLength(2);

  const place = { StackName, ChangeSetName: 'look' };
  const Parameters = [{ ParameterKey: 'Folder', ParameterValue: 'none' }];
  const ask = { ...place, UsePreviousTemplate: true, IncludeNestedStacks: true };
  await expect(client.send(new CreateChangeSetCommand({ ...ask, Parameters }))).rejects.toThrow(
    'releases/none/net.yaml',
  );
  await objects.put('releases', 'vpc.yaml', REST.replace('10.9.1', '10.9.2'));
  await client.send(new CreateChangeSetCommand(ask));
  const look = await client.send(new DescribeChangeSetCommand(place));
  expect(look).toMatchObject({ IncludeNestedStacks: true, Status: 'CREATE_COMPLETE' });
  const [change] = look.Changes ?? [];
  expect(change?.ResourceChange).toMatchObject({ LogicalResourceId: 'Rest', Action: 'Modify' });
  const inner = await client.send(
    new DescribeChangeSetCommand({ ChangeSetName: change?.ResourceChange?.ChangeSetId }),
  );
  expect(inner).toMatchObject({
    ...{ ParentChangeSetId: look.ChangeSetId, RootChangeSetId: look.ChangeSetId },
    ...{ StackId: rest?.PhysicalResourceId, IncludeNestedStacks: true },
    Changes: [{ ResourceChange: { LogicalResourceId: 'Subnet', Replacement: 'True' } }],
  });
  await client.send(new ExecuteChangeSetCommand({ ...place, DisableRollback: true }));
  expect((await settled()).status).toBe('UPDATE_COMPLETE');
  const now = await client.send(new DescribeStacksCommand({ StackName }));
  expect(now.Stacks?.[0]?.DisableRollback).toBe(true);
});

test('every member of what is asked is read, or refused by name', async () => {
  const model = modelOf('cloudformation');
  const folder = import.meta.dirname;
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  // Of DescribeType, which always answers that there is none; and what asks for less than is told.
  const without = ['VersionId', 'PublisherId', 'PublicVersionNumber', 'Type', 'TemplateStage'];
  const lenient = [
    'CallAs',
    'TemplateSummaryConfig',
    'DisableValidation',
    'ImportExistingResources',
  ];
  const known = [...without, ...lenient];
  const unread = Object.keys(cloudformation.operations).flatMap((name) => {
    const { members = {} } = resolveShape(model, model.operations[name]?.input ?? {});
    return Object.keys(members)
      .filter((member) => !known.includes(member) && !code.includes(`'${member}'`))
      .map((member) => `${name} ${member}`);
  });
  expect(unread).toEqual([]);
});

test.each([
  [{ NotificationARNs: ['arn:aws:sns:x'] }, 'leave out NotificationARNs'],
  [{ RollbackConfiguration: { MonitoringTimeInMinutes: 5 } }, 'leave out RollbackConfiguration'],
  [
    { RollbackConfiguration: { RollbackTriggers: [{ Arn: 'a', Type: 'AWS::CloudWatch::Alarm' }] } },
    'leave out RollbackConfiguration',
  ],
  [{ StackPolicyURL: 'https://x' }, 'leave out StackPolicyURL'],
  [{ DisableRollback: true, OnFailure: 'DELETE' }, 'either DisableRollback or OnFailure'],
  [{ TimeoutInMinutes: 0 }, 'TimeoutInMinutes'],
  [{ DeploymentConfig: { Mode: 'EXPRESS' } }, 'STANDARD mode only'],
  [{ ResourceTypes: ['AWS::S3::*'] }, 'Resource type AWS::EC2::VPC is not allowed'],
] satisfies readonly (readonly [Partial<CreateStackCommandInput>, string])[])(
  '%j is refused, and nothing is made',
  async (more, message) => {
    await expect(create(more)).rejects.toThrow(message);
    expect(lab.context.stacks.stacks()).toEqual([]);
  },
);

test('what asks for nothing is no reason to refuse', async () => {
  await create({
    ...{ NotificationARNs: [], RollbackConfiguration: {}, ResourceTypes: ['AWS::EC2::VPC'] },
    ...{ TimeoutInMinutes: 3, ClientRequestToken: 'once' },
  });
  await settled();
  const { StackId } = await create({ ClientRequestToken: 'once' });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: StackId }));
  expect(Stacks?.[0]).toMatchObject({ TimeoutInMinutes: 3, StackStatus: 'CREATE_COMPLETE' });
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
  expect(new Set(StackEvents?.map((each) => each.ClientRequestToken))).toEqual(new Set(['once']));
  await expect(
    client.send(
      new UpdateStackCommand({ StackName, TemplateBody: PLAIN, ClientRequestToken: 'once' }),
    ),
  ).rejects.toMatchObject({ name: 'TokenAlreadyExistsException' });
  const force = new DeleteStackCommand({ StackName, DeletionMode: 'FORCE_DELETE_STACK' });
  await expect(client.send(force)).rejects.toThrow('not in FORCE_DELETE_STACK');
});

test('stops, rollbacks, and what is not in a state for them', async () => {
  const Taken = 'Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/99}}}';
  await create({ TemplateBody: Taken, OnFailure: 'DO_NOTHING' });
  expect((await settled()).status).toBe('CREATE_FAILED');
  const cancel = client.send(new CancelUpdateStackCommand({ StackName }));
  await expect(cancel).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining('CancelUpdateStack is for UPDATE_IN_PROGRESS'),
  });
  const go = client.send(new ContinueUpdateRollbackCommand({ StackName }));
  await expect(go).rejects.toThrow('ContinueUpdateRollback is for UPDATE_ROLLBACK_FAILED');
  const { StackId } = await client.send(new RollbackStackCommand({ StackName }));
  expect((await settled()).status).toBe('ROLLBACK_COMPLETE');
  expect(lab.context.stacks.find(StackName)?.id).toBe(StackId);
});
