import type { ChangeSet, ChangeSetInput, ResourceChange } from '../../../stacks/stack-service.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { flag, type Structure, text, textOf } from '../value.ts';
import {
  invalid,
  stackArns,
  stackInput,
  stackOf,
  tagList,
  templateOf,
  withNested,
} from './input.ts';

const PAGE = 100;

export const changeSetOperations: Operations = {
  CreateChangeSet: {
    resources: stackArns,
    handle: async (input, call) => {
      const type = text(input, 'ChangeSetType') ?? 'UPDATE';
      if (type !== 'CREATE' && type !== 'UPDATE' && type !== 'IMPORT')
        throw invalid(`"${type}" is no ChangeSetType: it is CREATE, UPDATE or IMPORT.`);
      const name = textOf(input, 'StackName');
      const stack = type === 'UPDATE' ? stackOf(call, name) : call.context.stacks.find(name);
      const template = await templateOf(input, call, stack);
      const description = text(input, 'Description');
      const given: ChangeSetInput = {
        ...stackInput(input, template),
        ...{ stackName: stack?.name ?? name, changeSetName: textOf(input, 'ChangeSetName'), type },
        includeNested: flag(input, 'IncludeNestedStacks') === true,
        ...(description === undefined ? {} : { description }),
      };
      const made = call.context.stacks.createChangeSet(
        await withNested(given, call, type === 'UPDATE'),
      );
      return { Id: made.id, StackId: made.stackId };
    },
  },
  DescribeChangeSet: {
    resources: stackArns,
    handle: (input, call) => {
      const found = changeSetOf(call, textOf(input, 'ChangeSetName'), text(input, 'StackName'));
      const withValues = flag(input, 'IncludePropertyValues') === true;
      const page = pageOf(found.changes, { size: PAGE, token: text(input, 'NextToken') });
      return {
        ...summarize(found),
        Parameters: Object.entries(found.parameters).map(([ParameterKey, ParameterValue]) => ({
          ...{ ParameterKey, ParameterValue },
        })),
        ...{ NotificationARNs: [], RollbackConfiguration: {}, Capabilities: found.capabilities },
        Tags: tagList(found.tags),
        Changes: page.items.map((each) => ({
          Type: 'Resource',
          ResourceChange: {
            ...change(each, withValues),
            ChangeSetId: found.nested?.[each.logicalId],
          },
        })),
        NextToken: page.next,
      };
    },
  },
  ListChangeSets: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      const all = call.context.stacks.changeSets(id);
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { Summaries: page.items.map(summarize), NextToken: page.next };
    },
  },
  DeleteChangeSet: {
    resources: stackArns,
    handle: (input, { context }) => {
      context.stacks.deleteChangeSet(textOf(input, 'ChangeSetName'), text(input, 'StackName'));
      return {};
    },
  },
  ExecuteChangeSet: {
    resources: stackArns,
    handle: (input, { context }) => {
      const { stacks } = context;
      const token = text(input, 'ClientRequestToken');
      const disable = flag(input, 'DisableRollback');
      stacks.executeChangeSet(textOf(input, 'ChangeSetName'), text(input, 'StackName'), {
        ...(token === undefined ? {} : { token }),
        retainExceptOnCreate: flag(input, 'RetainExceptOnCreate') === true,
        ...(disable === undefined ? {} : { onFailure: disable ? 'DO_NOTHING' : 'ROLLBACK' }),
      });
      return {};
    },
  },
};

/** Throws ChangeSetNotFound. */
export function changeSetOf(
  call: Pick<Call, 'context'>,
  nameOrId: string,
  stackName: string | undefined,
): ChangeSet {
  const { stacks } = call.context;
  const isId = nameOrId.startsWith('arn:');
  if (!isId && stackName === undefined)
    throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const owners = isId ? stacks.stacks() : [stackOf(call, stackName ?? '')];
  const found = owners
    .flatMap(({ id }) => stacks.changeSets(id))
    .find(({ id, name }) => id === nameOrId || (!isId && name === nameOrId));
  if (found === undefined)
    throw new AwsError(404, 'ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`);
  return found;
}

function summarize(own: ChangeSet): Structure {
  return {
    ...{ ChangeSetName: own.name, ChangeSetId: own.id },
    ...{ StackId: own.stackId, StackName: own.stackName, Description: own.description },
    ...{ CreationTime: own.createdAt, Status: own.status, StatusReason: own.statusReason },
    ...{ ExecutionStatus: own.executionStatus },
    IncludeNestedStacks: own.nested !== undefined || own.rootId !== undefined,
    ...{ ParentChangeSetId: own.parentId, RootChangeSetId: own.rootId },
  };
}

function change(own: ResourceChange, withValues: boolean): Structure {
  return {
    ...{ Action: own.action, LogicalResourceId: own.logicalId, ResourceType: own.type },
    ...{ PhysicalResourceId: own.physicalId, Replacement: own.replacement, Scope: own.scope },
    Details: own.details.map((detail) => ({
      Target: {
        ...{ Attribute: 'Properties', Name: detail.property },
        RequiresRecreation: detail.requiresRecreation,
        ...(withValues ? { BeforeValue: detail.before, AfterValue: detail.after } : {}),
      },
      Evaluation: detail.causingEntity === undefined ? 'Static' : 'Dynamic',
      ChangeSource: detail.causingEntity === undefined ? 'DirectModification' : 'ResourceReference',
      CausingEntity: detail.causingEntity,
    })),
  };
}
