import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DescribeTypeCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
  waitUntilChangeSetCreateComplete,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleRegion } from '../../testing.ts';
import { startTestLab, type TestLab } from '../testing.ts';

const VPC = `
Description: One network
Parameters:
  Block: { Type: String, Default: 10.9.0.0/16, AllowedValues: [10.9.0.0/16, 10.8.0.0/16] }
  Word: { Type: String, NoEcho: true, Default: hush }
Resources:
  Net:
    Type: AWS::EC2::VPC
    Metadata: { Why: "<&>" }
    Properties: { CidrBlock: !Ref Block }
Outputs:
  NetId: { Value: !Ref Net, Export: { Name: net-id }, Description: The network }
`;

let lab: TestLab;
let client: CloudFormationClient;

beforeEach(async () => {
  lab = await startTestLab(sampleRegion());
  client = new CloudFormationClient(lab.client);
});
afterEach(async () => {
  client.destroy();
  await lab.close();
  expect(lab.errors).toEqual([]);
});

test('a stack is created, described and deleted, and waiters end', async () => {
  const { StackId } = await client.send(
    new CreateStackCommand({
      StackName: 'net',
      TemplateBody: VPC,
      Parameters: [{ ParameterKey: 'Block', ParameterValue: '10.8.0.0/16' }],
      Tags: [{ Key: 'Team', Value: 'a & b' }],
      EnableTerminationProtection: true,
    }),
  );
  const waiter = { client, maxWaitTime: 5, minDelay: 1 };
  await waitUntilStackCreateComplete(waiter, { StackName: 'net' });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'net' }));
  expect(Stacks?.[0]).toMatchObject({
    StackId,
    Description: 'One network',
    StackStatus: 'CREATE_COMPLETE',
    EnableTerminationProtection: true,
    Parameters: [
      { ParameterKey: 'Block', ParameterValue: '10.8.0.0/16' },
      { ParameterKey: 'Word', ParameterValue: '****' },
    ],
    Tags: [{ Key: 'Team', Value: 'a & b' }],
    Outputs: [{ OutputKey: 'NetId', Description: 'The network', ExportName: 'net-id' }],
  });
  expect(Stacks?.[0]?.CreationTime).toBeInstanceOf(Date);
  const vpcId = Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '';
  expect(lab.region().vpcs[vpcId]?.cidrs).toEqual(['10.8.0.0/16']);

  const { Exports } = await client.send(new ListExportsCommand());
  expect(Exports).toEqual([{ Name: 'net-id', Value: vpcId, ExportingStackId: StackId }]);
  const resources = await client.send(new DescribeStackResourcesCommand({ StackName: 'net' }));
  expect(resources.StackResources).toMatchObject([
    { LogicalResourceId: 'Net', PhysicalResourceId: vpcId, ResourceType: 'AWS::EC2::VPC' },
  ]);
  const byId = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: vpcId }));
  expect(byId.StackResources).toHaveLength(1);
  const one = await client.send(
    new DescribeStackResourceCommand({ StackName: 'net', LogicalResourceId: 'Net' }),
  );
  expect(JSON.parse(one.StackResourceDetail?.Metadata ?? '')).toEqual({ Why: '<&>' });
  const list = await client.send(new ListStackResourcesCommand({ StackName: 'net' }));
  expect(list.StackResourceSummaries?.[0]?.ResourceStatus).toBe('CREATE_COMPLETE');
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'net' }));
  expect(StackEvents?.map((each) => each.LogicalResourceId)).toEqual([
    ...['net', 'Net', 'Net', 'Net', 'net'],
  ]);

  await expect(client.send(new DeleteStackCommand({ StackName: 'net' }))).rejects.toThrow(
    'TerminationProtection',
  );
  await client.send(
    new UpdateTerminationProtectionCommand({
      StackName: 'net',
      EnableTerminationProtection: false,
    }),
  );
  await client.send(new DeleteStackCommand({ StackName: 'net' }));
  await waitUntilStackDeleteComplete(waiter, { StackName: 'net' });
  expect(lab.region().vpcs[vpcId]).toBeUndefined();
  const gone = await client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
  expect(gone.StackSummaries).toMatchObject([{ StackId, TemplateDescription: 'One network' }]);
  // What is not there is deleted already.
  await client.send(new DeleteStackCommand({ StackName: 'net' }));
});

test('a change set is made, shown, executed', async () => {
  const StackName = 'net';
  const made = await client.send(
    new CreateChangeSetCommand({
      ...{ StackName, ChangeSetName: 'first', ChangeSetType: 'CREATE', TemplateBody: VPC },
      ...{ Description: 'to begin', IncludeNestedStacks: true, ClientToken: 'token-1' },
    }),
  );
  const place = { StackName, ChangeSetName: 'first' };
  await waitUntilChangeSetCreateComplete({ client, maxWaitTime: 31 }, place);
  const shown = await client.send(new DescribeChangeSetCommand(place));
  expect(shown).toMatchObject({
    ...{ ChangeSetId: made.Id, Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' },
    Changes: [
      {
        Type: 'Resource',
        ResourceChange: { Action: 'Add', LogicalResourceId: 'Net', Details: [] },
      },
    ],
  });
  const byArn = await client.send(new DescribeChangeSetCommand({ ChangeSetName: made.Id }));
  expect(byArn.StackId).toBe(made.StackId);
  const { Summaries } = await client.send(new ListChangeSetsCommand({ StackName }));
  expect(Summaries).toMatchObject([{ ChangeSetName: 'first' }]);
  const template = await client.send(new GetTemplateCommand(place));
  expect(template.TemplateBody).toBe(VPC);
  await client.send(new ExecuteChangeSetCommand(place));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');

  const again = { ...place, ChangeSetName: 'again' };
  await client.send(new CreateChangeSetCommand({ ...again, UsePreviousTemplate: true }));
  const nothing = await client.send(new DescribeChangeSetCommand(again));
  expect(nothing).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
  expect(nothing.StatusReason).toContain("didn't contain changes");
  await client.send(new DeleteChangeSetCommand(again));
  await expect(client.send(new DescribeChangeSetCommand(again))).rejects.toMatchObject({
    name: 'ChangeSetNotFoundException',
    message: 'ChangeSet [again] does not exist',
  });
});

test('a template of a bucket of the lab, by each form of its URL', async () => {
  await lab.context.objects.put('releases', 'a/net.yaml', VPC);
  for (const TemplateURL of [
    'https://s3.ap-northeast-2.amazonaws.com/releases/a/net.yaml',
    'https://releases.s3.ap-northeast-2.amazonaws.com/a/net.yaml',
    `${lab.url}/releases/a/net.yaml`,
  ]) {
    const { Description } = await client.send(new ValidateTemplateCommand({ TemplateURL }));
    expect(Description).toBe('One network');
  }
  const elsewhere = 'https://example.com/releases/a/net.yaml';
  const validate = (TemplateURL: string) =>
    client.send(new ValidateTemplateCommand({ TemplateURL }));
  await expect(validate(elsewhere)).rejects.toThrow(`${elsewhere} is not of a bucket of the lab`);
  const none = 'https://s3.ap-northeast-2.amazonaws.com/releases/none';
  await expect(validate(none)).rejects.toThrow('does not exist: releases/none');
});

test('what a template asks for', async () => {
  const TemplateBody = JSON.stringify({
    Transform: 'AWS::LanguageExtensions',
    Metadata: { A: 'one' },
    Parameters: { Size: { Type: 'Number', AllowedValues: ['1', '2'] } },
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'me' } },
      Net: { Type: 'AWS::EC2::VPC' },
    },
  });
  const summary = await client.send(new GetTemplateSummaryCommand({ TemplateBody }));
  expect(summary).toMatchObject({
    Parameters: [
      {
        ...{ ParameterKey: 'Size', ParameterType: 'Number', NoEcho: false },
        ParameterConstraints: { AllowedValues: ['1', '2'] },
      },
    ],
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    ResourceTypes: ['AWS::IAM::Role', 'AWS::EC2::VPC'],
    ...{ Metadata: '{"A":"one"}', DeclaredTransforms: ['AWS::LanguageExtensions'] },
  });
});

test('errors are those of AWS, by code and by the words that clients look for', async () => {
  const describe = client.send(new DescribeStacksCommand({ StackName: 'none' }));
  await expect(describe).rejects.toMatchObject({
    ...{ name: 'ValidationError', message: 'Stack with id none does not exist' },
    $metadata: { httpStatusCode: 400 },
  });
  const update = new UpdateStackCommand({ StackName: 'none', TemplateBody: VPC });
  await expect(client.send(update)).rejects.toThrow('Stack with id none does not exist');
  const create = (TemplateBody: string) =>
    client.send(new CreateStackCommand({ StackName: 'net', TemplateBody }));
  await expect(create('x'.repeat(51_201))).rejects.toThrow('less than or equal to 51200');
  await expect(create('Resources: {}\nOther: 1')).rejects.toMatchObject({
    name: 'ValidationError',
  });
  await create(VPC);
  await expect(create(VPC)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  const imports = client.send(new ListImportsCommand({ ExportName: 'net-id' }));
  await expect(imports).rejects.toThrow("Export 'net-id' is not imported by any stack.");
  const type = client.send(
    new DescribeTypeCommand({ TypeName: 'My::Own::Type', Type: 'RESOURCE' }),
  );
  await expect(type).rejects.toMatchObject({ name: 'TypeNotFoundException' });
  const drift = client.send(new DetectStackDriftCommand({ StackName: 'net' }));
  await expect(drift).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The lab does not have the operation DetectStackDrift of AWS CloudFormation.',
    $metadata: { httpStatusCode: 501 },
  });
  const token = client.send(new ListStacksCommand({ NextToken: 'made up' }));
  await expect(token).rejects.toThrow('take it from the page before');
});

test('a hundred and one stacks come in two pages', async () => {
  const body = JSON.stringify({
    Resources: { Net: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } },
  });
  for (let index = 0; index <= 100; index += 1) {
    lab.context.stacks.createStack({ stackName: `s${index}`, templateBody: body, parameters: {} });
  }
  const first = await client.send(new DescribeStacksCommand());
  expect(first.Stacks).toHaveLength(100);
  const second = await client.send(new DescribeStacksCommand({ NextToken: first.NextToken }));
  expect(second.Stacks?.map(({ StackName }) => StackName)).toEqual(['s0']);
  expect(second.NextToken).toBeUndefined();
});
