import type { StackRecord } from '../../../stacks/stack-service.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { type Structure, text, textOf } from '../value.ts';
import { invalid, stackArns, stackOf } from './input.ts';
import { summaryOf } from './template-summary.ts';

const PAGE = 100;

export const stackResourceOperations: Operations = {
  DescribeStackResource: {
    resources: stackArns,
    handle: (input, call) => {
      const stack = stackOf(call, textOf(input, 'StackName'));
      const logicalId = textOf(input, 'LogicalResourceId');
      const found = resourcesOf(stack).find((each) => each.logicalId === logicalId);
      if (found === undefined)
        throw invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`);
      return {
        StackResourceDetail: {
          ...{ StackName: stack.name, StackId: stack.id, ...common(found) },
          LastUpdatedTimestamp: found.at,
          Metadata: JSON.stringify(declared(stack, logicalId)?.metadata ?? {}),
        },
      };
    },
  },
  DescribeStackResources: {
    resources: stackArns,
    handle: (input, call) => {
      const logicalId = text(input, 'LogicalResourceId');
      const physicalId = text(input, 'PhysicalResourceId');
      const stack = stackHolding(input, call, physicalId);
      const all = resourcesOf(stack).filter(
        (each) => logicalId === undefined || each.logicalId === logicalId,
      );
      return {
        StackResources: all.map((each) => ({
          ...{ StackName: stack.name, StackId: stack.id, ...common(each), Timestamp: each.at },
        })),
      };
    },
  },
  ListStackResources: {
    resources: stackArns,
    handle: (input, call) => {
      const stack = stackOf(call, textOf(input, 'StackName'));
      const page = pageOf(resourcesOf(stack), { size: PAGE, token: text(input, 'NextToken') });
      return {
        StackResourceSummaries: page.items.map((each) => ({
          ...{ ...common(each), LastUpdatedTimestamp: each.at },
        })),
        NextToken: page.next,
      };
    },
  },
  DescribeType: {
    handle: (input) => {
      const name = text(input, 'TypeName') ?? text(input, 'Arn') ?? '';
      const message = `The type '${name}' cannot be found: the lab keeps no registry of types.`;
      throw new AwsError(404, 'TypeNotFoundException', message);
    },
  },
};

interface Row {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly at: number;
}

/** What the stack has, and what it tried to make. */
function resourcesOf(record: StackRecord): readonly Row[] {
  const { stack, resourceStatus, updatedAt, createdAt } = record;
  const made = stack?.resources ?? {};
  return Object.keys({ ...made, ...resourceStatus }).map((logicalId) => {
    const resource = made[logicalId];
    const state = resourceStatus[logicalId];
    return {
      ...{ logicalId, physicalId: resource?.physicalId },
      type: resource?.type ?? declared(record, logicalId)?.type ?? '',
      status: state?.status ?? 'CREATE_COMPLETE',
      reason: state?.reason,
      at: state?.at ?? updatedAt ?? createdAt,
    };
  });
}

function common(row: Row): Structure {
  return {
    ...{ LogicalResourceId: row.logicalId, PhysicalResourceId: row.physicalId },
    ...{ ResourceType: row.type, ResourceStatus: row.status, ResourceStatusReason: row.reason },
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function stackHolding(input: Structure, call: Call, physicalId: string | undefined): StackRecord {
  const name = text(input, 'StackName');
  if (name !== undefined) return stackOf(call, name);
  const found = call.context.stacks
    .stacks()
    .find(
      (each) =>
        each.deletedAt === undefined &&
        resourcesOf(each).some((row) => row.physicalId === physicalId),
    );
  if (found === undefined || physicalId === undefined)
    throw invalid(`Stack for ${physicalId ?? 'nothing'} does not exist`);
  return found;
}

const declared = ({ templateBody }: StackRecord, logicalId: string) =>
  summaryOf(templateBody)?.resources[logicalId];
