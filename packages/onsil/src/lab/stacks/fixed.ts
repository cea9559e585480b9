/** A lab whose region and stack stay as they are: what is asked to change it is refused. */
import type { Stack } from '../../cloudformation/stack.ts';
import type { LabControl } from '../services/aws/operation.ts';
import { AwsError } from '../services/endpoints/error.ts';
import { StackError, type StackRecord, type StackService } from './stack-service.ts';

const REASON =
  'This lab cannot be changed while it runs: change the template and run onsil up again.';

export function fixedControl(
  startedAt: number,
  more: Pick<LabControl, 'state' | 'power'>,
): LabControl {
  return {
    startedAt,
    ...more,
    change: async () => {
      throw new AwsError(501, 'NotImplemented', REASON);
    },
  };
}

export function fixedStacks(stack: Stack, templateBody: string, createdAt: number): StackService {
  const record: StackRecord = {
    ...{ name: stack.name, id: stack.id, status: 'CREATE_COMPLETE', stack, templateBody },
    ...{ parameters: {}, tags: {}, capabilities: [], terminationProtection: false },
    ...{ resourceStatus: {}, createdAt },
  };
  const find = (nameOrId: string) =>
    nameOrId === record.name || nameOrId === record.id ? record : undefined;
  const refuse = (): never => {
    throw new StackError('NotImplemented', REASON);
  };
  return {
    find,
    stacks: () => [record],
    events: () => [],
    changeSets: () => [],
    exports: () =>
      Object.values(stack.outputs).flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ name: exportName, value, stackId: stack.id }],
      ),
    imports: () => [],
    createChangeSet: refuse,
    deleteChangeSet: refuse,
    executeChangeSet: refuse,
    createStack: refuse,
    updateStack: refuse,
    deleteStack: refuse,
    setTerminationProtection: refuse,
    settled: async (nameOrId) => find(nameOrId) ?? refuse(),
    subscribe: () => () => {},
  };
}
