import { asText, type Json } from '../../../../region/json.ts';
import type { StackRecord } from '../../../stacks/stack-service.ts';
import type { Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { flag, type Structure, text, textOf, texts } from '../value.ts';
import {
  invalid,
  refuseExpress,
  stackArns,
  stackInput,
  stackOf,
  tagList,
  templateOf,
  withNested,
} from './input.ts';
import { summaryOf } from './template-summary.ts';

const PAGE = 100;

export const stackOperations: Operations = {
  CreateStack: {
    resources: stackArns,
    handle: async (input, call) => {
      const template = await templateOf(input, call);
      const given = await withNested(stackInput(input, template), call, false);
      return { StackId: call.context.stacks.createStack(given) };
    },
  },
  UpdateStack: {
    resources: stackArns,
    handle: async (input, call) => {
      const stack = stackOf(call, textOf(input, 'StackName'));
      const template = await templateOf(input, call, stack);
      const more = { ...stackInput(input, template), stackName: stack.name };
      return { StackId: call.context.stacks.updateStack(await withNested(more, call, true)) };
    },
  },
  DeleteStack: {
    resources: stackArns,
    handle: (input, { context: { stacks } }) => {
      const name = textOf(input, 'StackName');
      const token = text(input, 'ClientRequestToken');
      const mode = text(input, 'DeletionMode') ?? 'STANDARD';
      if (mode !== 'STANDARD') {
        throw invalid(
          `The lab deletes in STANDARD mode only, not in ${mode}: name RetainResources.`,
        );
      }
      refuseExpress(input);
      // What is not there is gone already, as AWS sees it too.
      if (stacks.find(name) === undefined) return {};
      stacks.deleteStack(name, {
        retain: texts(input, 'RetainResources'),
        ...(token === undefined ? {} : { token }),
      });
      return {};
    },
  },
  CancelUpdateStack: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      call.context.stacks.cancelUpdate(id, text(input, 'ClientRequestToken'));
      return {};
    },
  },
  RollbackStack: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      const StackId = call.context.stacks.rollback(id, {
        retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') === true,
        ...tokenOf(input),
      });
      return { StackId };
    },
  },
  ContinueUpdateRollback: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      const skip = texts(input, 'ResourcesToSkip');
      call.context.stacks.continueRollback(id, { skip, ...tokenOf(input) });
      return {};
    },
  },
  DescribeStacks: {
    resources: stackArns,
    handle: (input, call) => {
      const name = text(input, 'StackName');
      const all =
        name === undefined
          ? call.context.stacks.stacks().filter(({ deletedAt }) => deletedAt === undefined)
          : [stackOf(call, name)];
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { Stacks: page.items.map(describe), NextToken: page.next };
    },
  },
  ListStacks: {
    handle: (input, { context }) => {
      const wanted = texts(input, 'StackStatusFilter');
      const all = context.stacks
        .stacks()
        .filter(({ status }) => wanted.length === 0 || wanted.includes(status));
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { StackSummaries: page.items.map(summarize), NextToken: page.next };
    },
  },
  UpdateTerminationProtection: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      const enabled = flag(input, 'EnableTerminationProtection') === true;
      return { StackId: call.context.stacks.setTerminationProtection(id, enabled) };
    },
  },
  ListExports: {
    handle: (input, { context }) => {
      const all = context.stacks.exports().map(({ name, value, stackId }) => ({
        ...{ Name: name, Value: value, ExportingStackId: stackId },
      }));
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { Exports: page.items, NextToken: page.next };
    },
  },
  ListImports: {
    handle: (input, { context }) => {
      const name = textOf(input, 'ExportName');
      const all = context.stacks.imports(name);
      if (all.length === 0) throw invalid(`Export '${name}' is not imported by any stack.`);
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { Imports: page.items, NextToken: page.next };
    },
  },
};

const tokenOf = (input: Structure): { readonly token?: string } => {
  const token = text(input, 'ClientRequestToken');
  return token === undefined ? {} : { token };
};

function describe(record: StackRecord): Structure {
  const outputs = Object.entries(record.stack?.outputs ?? {});
  return {
    ...{ StackId: record.id, StackName: record.name },
    Description: descriptionOf(record),
    Parameters: parametersOf(record),
    ...{ CreationTime: record.createdAt, LastUpdatedTime: record.updatedAt },
    DeletionTime: record.deletedAt,
    RollbackConfiguration: {},
    ...{ StackStatus: record.status, StackStatusReason: record.statusReason },
    ...{ DisableRollback: record.disableRollback ?? false, NotificationARNs: [] },
    ...{ Capabilities: record.capabilities, TimeoutInMinutes: record.timeoutInMinutes },
    Outputs: outputs.map(([name, output]) => ({
      ...{ OutputKey: name, OutputValue: output.value, Description: output.description },
      ExportName: output.exportName,
    })),
    ...{ RoleARN: record.roleArn, Tags: tagList(record.tags) },
    EnableTerminationProtection: record.terminationProtection,
    ...{ ParentId: record.parentId, RootId: record.rootId },
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function summarize(record: StackRecord): Structure {
  return {
    ...{ StackId: record.id, StackName: record.name, CreationTime: record.createdAt },
    TemplateDescription: descriptionOf(record),
    ...{ LastUpdatedTime: record.updatedAt, DeletionTime: record.deletedAt },
    ...{ StackStatus: record.status, StackStatusReason: record.statusReason },
    ...{ ParentId: record.parentId, RootId: record.rootId },
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/**
 * As they are shown: those with NoEcho as asterisks, those of the parameter store by the name that
 * was given, and what it stood for.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html
 */
function parametersOf(record: StackRecord): readonly Structure[] {
  const declared = summaryOf(record.templateBody)?.parameters ?? {};
  return Object.entries(record.stack?.parameters ?? {}).map(([ParameterKey, value]) => {
    const { type = '', default: byDefault } = declared[ParameterKey] ?? {};
    const ResolvedValue = parameterText(value);
    const given = record.parameters[ParameterKey] ?? byDefault;
    return type.startsWith('AWS::SSM::Parameter::Value<') && given !== undefined
      ? { ParameterKey, ParameterValue: given, ResolvedValue }
      : { ParameterKey, ParameterValue: ResolvedValue };
  });
}

const parameterText = (value: Json): string =>
  Array.isArray(value) ? value.map(asText).join(',') : asText(value);

function descriptionOf({ templateBody }: StackRecord): string | undefined {
  return summaryOf(templateBody)?.description;
}
