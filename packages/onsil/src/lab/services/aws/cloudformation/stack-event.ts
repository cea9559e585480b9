import type { StackEvent } from '../../../stacks/stack-service.ts';
import type { Operations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { type Structure, text, textOf } from '../value.ts';
import { stackArns, stackOf } from './input.ts';

const PAGE = 100;

export const stackEventOperations: Operations = {
  DescribeStackEvents: {
    resources: stackArns,
    handle: (input, call) => {
      const { id } = stackOf(call, textOf(input, 'StackName'));
      const all = call.context.stacks.events(id);
      const page = pageOf(all, { size: PAGE, token: text(input, 'NextToken') });
      return { StackEvents: page.items.map(describe), NextToken: page.next };
    },
  },
};

function describe(event: StackEvent): Structure {
  return {
    ...{ StackId: event.stackId, EventId: event.id, StackName: event.stackName },
    ...{ LogicalResourceId: event.logicalId, PhysicalResourceId: event.physicalId },
    ...{ ResourceType: event.type, Timestamp: event.at, ResourceStatus: event.status },
    ResourceStatusReason: event.reason,
    ResourceProperties:
      event.properties === undefined ? undefined : JSON.stringify(event.properties),
    ClientRequestToken: event.clientRequestToken,
  };
}
