/** What CloudFormation says about a stack, in the words of `up`'s own progress. */
import type { DeployListener } from '../aws/deploy.ts';
import type { ResourceEvent } from '../aws/toolkit.ts';
import type { Progress } from './render/progress.ts';

/** Steps that are one resource's, notes that are the toolkit's, warnings that say why it failed. */
export function stackListener(
  progress: Progress,
  startedAt: number,
  also: (event: ResourceEvent) => void = () => {},
): DeployListener {
  const at = (): number => (Date.now() - startedAt) / 1000;
  return {
    onResource: (event) => {
      also(event);
      const { logicalId, type, status, reason, stackName } = event;
      // The stack itself: its state is the command's own last word.
      if (logicalId === stackName) return;
      if (status.endsWith('_FAILED')) {
        const message = `${logicalId} (${type}): ${status}: ${reason ?? 'no reason is given'}`;
        progress.show({ kind: 'warning', message, at: at() });
        return;
      }
      const done = status.endsWith('_COMPLETE') || status === 'DELETE_SKIPPED';
      progress.show({
        ...{ kind: 'step', step: `${logicalId} (${type})`, done, at: at() },
        detail: done ? wordOf(status) : (reason ?? wordOf(status)),
      });
    },
    onMessage: (level, message) => {
      if (level === 'info') return;
      progress.show({ kind: 'warning', message: message.trim(), at: at() });
    },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  CREATE_COMPLETE: 'made',
  CREATE_IN_PROGRESS: 'is being made',
  DELETE_COMPLETE: 'deleted',
  DELETE_IN_PROGRESS: 'is being deleted',
  DELETE_SKIPPED: 'kept, as its DeletionPolicy says',
  UPDATE_COMPLETE: 'updated',
  UPDATE_IN_PROGRESS: 'is being updated',
};

const wordOf = (status: string): string => WORDS[status] ?? status;
