import { signalKey } from '../../../stacks/signal-key.ts';
import type { Operations } from '../operation.ts';
import { text, textOf } from '../value.ts';
import { invalid, stackArns, stackOf } from './input.ts';

export const signalOperations: Operations = {
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html */
  SignalResource: {
    resources: stackArns,
    handle: async (input, call) => {
      const { stack, name, id, resourceStatus, ...record } = stackOf(
        call,
        textOf(input, 'StackName'),
      );
      const logicalId = textOf(input, 'LogicalResourceId');
      const status = textOf(input, 'Status');
      if (status !== 'SUCCESS' && status !== 'FAILURE') {
        throw invalid(`Status is "${status}": it must be one of SUCCESS, FAILURE`);
      }
      const resource = stack?.resources[logicalId];
      if (resource === undefined) {
        throw invalid(`Resource ${logicalId} does not exist for stack ${name}`);
      }
      if (!record.status.endsWith('_IN_PROGRESS')) {
        throw invalid(`Stack ${id} is in ${record.status} state and cannot be signaled`);
      }
      const now = resourceStatus[logicalId]?.status ?? 'CREATE_COMPLETE';
      const waits = resource.creationPolicy !== undefined || resource.updatePolicy !== undefined;
      if (!waits || !now.endsWith('_IN_PROGRESS')) {
        throw invalid(`Resource ${logicalId} is in ${now} state and cannot be signaled`);
      }
      const uniqueId = textOf(input, 'UniqueId');
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
      const reason = `Received ${status} signal with UniqueId ${uniqueId}`;
      const data = text(input, 'Data') ?? '';
      await call.context.onSignal(signalKey(name, logicalId), { status, uniqueId, reason, data });
      return {};
    },
  },
};
