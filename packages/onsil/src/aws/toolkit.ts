/** The CDK's toolkit, told where its messages go. It costs a second to import: only who deploys pays. */

import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { IIoHost, StackActivity, Toolkit } from '@aws-cdk/toolkit-lib';

/** One step of one resource. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
export interface ResourceEvent {
  readonly stackName: string;
  readonly logicalId: string;
  /** Empty before it has one. */
  readonly physicalId: string;
  readonly type: string;
  /** e.g. `CREATE_COMPLETE` */
  readonly status: string;
  readonly reason?: string;
  /** How many of the resources are done; where CloudFormation tells. */
  readonly completed: number;
  readonly total?: number;
}

export interface ToolkitListener {
  readonly onResource: (event: ResourceEvent) => void;
  /** Other news, one line each. */
  readonly onMessage: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Asked between the change set and its execution. Absent: executed. */
  readonly confirm?: (diffs: Readonly<Record<string, TemplateDiff>>) => Promise<boolean>;
}

/** https://docs.aws.amazon.com/cdk/api/toolkit-lib/message-registry/ */
const STACK_ACTIVITY = 'CDK_TOOLKIT_I5502';
const CONFIRM_DEPLOY = 'CDK_TOOLKIT_I5060';

export async function toolkitFor(listener: ToolkitListener): Promise<Toolkit> {
  const { Toolkit: Made } = await import('@aws-cdk/toolkit-lib');
  return new Made({ ioHost: ioHost(listener), color: false, emojis: false });
}

function ioHost({ onResource, onMessage, confirm }: ToolkitListener): IIoHost {
  return {
    notify: async ({ code, level, message, data }) => {
      if (code === STACK_ACTIVITY) onResource(resourceEvent(data as StackActivity));
      else if (level === 'warn' || level === 'error') onMessage(level, message);
    },
    requestResponse: async ({ code, data, defaultResponse }) => {
      if (code !== CONFIRM_DEPLOY || confirm === undefined) return defaultResponse;
      const { templateDiffs } = data as { templateDiffs: Record<string, TemplateDiff> };
      // The toolkit's type of an answer is whatever its question has.
      return (await confirm(templateDiffs)) as typeof defaultResponse;
    },
  };
}

function resourceEvent({ event, progress }: StackActivity): ResourceEvent {
  const { ResourceStatusReason: reason } = event;
  return {
    stackName: event.StackName ?? '',
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    ...(reason === undefined || reason === '' ? {} : { reason }),
    completed: progress.completed,
    ...(progress.total === undefined ? {} : { total: progress.total }),
  };
}
